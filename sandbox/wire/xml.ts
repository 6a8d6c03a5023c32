import { isDate } from 'node:util/types';
/**
 * The members of an output as XML elements: lists as `<member>`, times in ISO 8601, what is
 * undefined left out. An empty list is an empty element.
 */
export function xmlOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (isDate(value)) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]) => (member === undefined ? '' : element(name, member)))
      .join('');
  }
  return escaped(typeof value === 'string' ? value : JSON.stringify(value));
}

function element(name: string, value: unknown): string {
  return `<${name}>${xmlOf(value)}</${name}>`;
}

/** Carriage returns are written as references: a parser would turn them into line feeds. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
