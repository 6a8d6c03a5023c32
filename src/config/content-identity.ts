import { createHash } from 'node:crypto';
import type { AppConfig, EnvironmentConfig } from './config.ts';

/** With a dot and letters that are no hexadecimal digits: never a commit of git. */
const PREFIX = 'content.';
const DIGITS = 16;

/** Settings that say how carefully something is deployed, and change nothing in what is deployed. */
const NOT_DEPLOYED = ['requiresPreviousEnvDeploy', 'gate', 'timeouts', 'monitor'] as const;

/**
 * A name for what the config says about an app: `content.` and 16 hexadecimal digits, fit for a tag
 * of ArtifactDB and of ECS. The same in all environments, so that a gate can compare them.
 *
 * Equal are: any order and spelling of keys, JSON and YAML, other white space, and whatever else is
 * in the file. Different is whatever reaches AWS or runs as a command, with one exception: an
 * environment that no other one requires. What is changed in it alone can't be tried out before.
 * @see docs/decisions/0010-content-identity.md
 */
export function contentIdentity(app: AppConfig): string {
  const { environments, ...own } = app;
  const required = new Set(
    [...environments.values()].flatMap((env) => env.requiresPreviousEnvDeploy ?? []),
  );
  const proving = [...environments.values()].filter(({ name }) => required.has(name));
  const content = {
    ...own,
    environments: Object.fromEntries(proving.map((env) => [env.name, deployedOf(env)])),
  };
  const hash = createHash('sha256').update(canonical(content), 'utf8');
  return PREFIX + hash.digest('hex').slice(0, DIGITS);
}

/** Whether a configuration is called so by what it says, not by a commit. */
export function isContentIdentity(identity: string): boolean {
  return identity.startsWith(PREFIX);
}

/** Everything that isn't known to make no difference, so that a new setting counts. */
function deployedOf(environment: EnvironmentConfig): object {
  const ignored: readonly string[] = NOT_DEPLOYED;
  return Object.fromEntries(Object.entries(environment).filter(([key]) => !ignored.includes(key)));
}

/** JSON with the keys of each object in one order, and nothing that isn't given. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
