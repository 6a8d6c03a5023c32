/** Bundled in place of `wrap-ansi`, for plain ASCII. No line gets longer than `columns`. */
export default function wrapAnsi(text, columns) {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns).join('\n'))
    .join('\n');
}

function wrapLine(line, columns) {
  const rows = [''];
  for (const word of line.split(' ').flatMap((word) => pieces(word, columns))) {
    const row = rows.pop().trimStart();
    if (row === '') rows.push(word);
    else if (row.length + 1 + word.length <= columns) rows.push(`${row} ${word}`);
    else rows.push(row, word);
  }
  return rows.map((row) => row.trimEnd());
}

/** A word that is longer than a row is cut. */
function pieces(word, columns) {
  return word.length <= columns ? [word] : (word.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []);
}
