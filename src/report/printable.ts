import { stripVTControlCharacters } from 'node:util';

/** Controls, but not the line break; and what reorders the text around it, so that it lies. */
const CONTROLS = /(?!\n)[\p{Cc}\u2028\u2029]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Makes text from outside (commands, AWS, images, config) safe for a terminal or a CI log: no escape
 * sequences, no control characters but line breaks. Of a line that was drawn over with carriage
 * returns, as progress bars do, the last state is kept.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => lastState(line).replaceAll('\t', '  ').replace(CONTROLS, ''))
    .join('\n');
}

/** As `printable`, for places that have one line only. */
export function printableLine(text: string): string {
  return printable(text).replace(/\n+/g, ' ').trimEnd();
}

function lastState(line: string): string {
  const states = line.split('\r').filter((state) => state !== '');
  return states.at(-1) ?? '';
}
