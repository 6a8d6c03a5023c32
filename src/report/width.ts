/** Characters that take two cells: East Asian wide and full-width ones, and pictures. */
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|\uFE0F/u;
/** Marks on the character before them, and what has no shape. */
const ZERO = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * How many cells of a terminal the text takes.
 * @see East Asian Width, Unicode Standard Annex 11
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of characters.segment(text)) width += cellsOf(segment);
  return width;
}

/** Shortens text to at most `columns` cells; an ellipsis shows that something is missing. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let width = 0;
  for (const { segment } of characters.segment(text)) {
    width += cellsOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function cellsOf(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
