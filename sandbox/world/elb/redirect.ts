import type { Action, RoutedRequest } from './state.ts';

/**
 * The address that a redirect sends the client to. `#{protocol}`, `#{host}`, `#{port}`, `#{path}`
 * and `#{query}` stand for the parts of the request; a listener here speaks HTTP only.
 * @see Redirect actions, User Guide for Application Load Balancers
 */
export function redirectLocation(
  action: Extract<Action, { type: 'redirect' }>,
  request: RoutedRequest,
  listenerPort: number,
): string {
  const parts: Record<string, string> = {
    protocol: 'http',
    host: hostWithoutPort(request.host),
    port: String(listenerPort),
    // The pattern for the path is `/#{path}`: the placeholder stands for what follows the slash.
    path: request.path.replace(/^\//, ''),
    query: request.query,
  };
  const fill = (text: string) =>
    text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => parts[name] ?? '');
  const query = fill(action.query);
  const origin = `${fill(action.protocol).toLowerCase()}://${fill(action.host)}:${fill(action.port)}`;
  return `${origin}${fill(action.path)}${query ? `?${query}` : ''}`;
}

/** The name in a Host header. */
export function hostWithoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}
