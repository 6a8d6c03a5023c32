import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

const ADAPTERS = new URL('../../../src/aws/', import.meta.url);

/**
 * Puts bare commands in the place of the SDK's two clients. All that is read of a command in a
 * simulation is its class's name and its input; the SDK's own take long to load, and a good part of
 * the time of a simulated call to construct.
 */
export const bareSdk: Plugin = {
  name: 'bare-sdk',
  setup(build) {
    const filter = /^@aws-sdk\/client-(ecs|elastic-load-balancing-v2)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'bare-sdk' }));
    build.onLoad({ filter, namespace: 'bare-sdk' }, () => ({ contents: commands(), loader: 'js' }));
  },
};

/** A class for each command that the adapters name. */
function commands(): string {
  const texts = readdirSync(ADAPTERS)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, ADAPTERS), 'utf8'));
  const names = new Set(texts.flatMap((text) => text.match(/\b[A-Z]\w+Command\b/g) ?? []));
  return Array.from(
    names,
    (name) => `export class ${name} { constructor(input) { this.input = input; } }`,
  ).join('\n');
}
