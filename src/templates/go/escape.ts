import { isPrintable } from './quote.ts';
import { Refusal } from './refusal.ts';

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\uFFFD',
};

/** @see HTMLEscapeString, package text/template, Go standard library */
export function escapeHtml(text: string): string {
  return text.replaceAll(/["'&<>\0]/g, (sign) => HTML[sign] ?? sign);
}

/** @see JSEscapeString, package text/template, Go standard library */
export function escapeJavaScript(text: string): string {
  return Array.from(text, (character) => {
    if (`\\'"`.includes(character)) return `\\${character}`;
    const point = character.codePointAt(0) ?? 0;
    const isPlain = !'<>&='.includes(character) && (character === '\x7f' || isPrintable(character));
    return isPlain ? character : `\\u${point.toString(16).toUpperCase().padStart(4, '0')}`;
  }).join('');
}

/** @see QueryEscape, package net/url, Go standard library */
export function escapeQuery(text: string, index: number): string {
  if (/[\uD800-\uDFFF]/u.test(text)) {
    throw new Refusal('urlquery found half of a surrogate pair', {
      index,
      hint: 'Only whole characters can stand in a URL.',
    });
  }
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
