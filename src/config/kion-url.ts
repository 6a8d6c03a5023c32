/**
 * What is wrong with the address of a CloudTamer/Kion server, to be read after what was found;
 * undefined when it will do. Over http a password would travel readable, so only this machine may
 * be spoken to like that.
 */
export function kionUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return EXPECTED;
  if (url.username !== '' || url.password !== '') {
    return `${EXPECTED} without a user name or password in it`;
  }
  if (url.search !== '' || url.hash !== '') return `${EXPECTED} without a "?" or "#" in it`;
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return 'expected https, as the password is sent there';
  }
  return undefined;
}

const EXPECTED = 'expected an address such as "https://kion.example.com/api"';

/** `hostname` as URL writes it: addresses in their usual form, IPv6 in brackets. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
