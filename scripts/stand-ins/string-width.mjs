/**
 * Bundled in place of `string-width`. Compiling its patterns for emoji takes half as long as Node
 * takes to start; our help is plain ASCII, where a character is a column.
 */
export default function stringWidth(text) {
  return text.length;
}
