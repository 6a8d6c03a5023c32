import type { Region } from '../region.ts';
import type { Parameter, ParameterVersion } from './state.ts';

/** A parameter at one of its versions, and how it was asked for. */
export interface FoundParameter {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** `:3` when a version was asked for. */
  readonly selector: string | undefined;
}

/**
 * Finds a parameter by name or ARN, both with or without `:<version>`. Labels are not implemented:
 * a parameter here has none, so that a label is never found.
 * @returns why not, as the API tells apart.
 */
export function findParameter(
  region: Region,
  nameOrArn: string,
): FoundParameter | 'ParameterNotFound' | 'ParameterVersionNotFound' {
  const [base = '', selector] = splitSelector(nameFromArn(region, nameOrArn));
  const parameter = region.ssm.parameters.get(base);
  if (!parameter) return 'ParameterNotFound';
  const version =
    selector === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find((candidate) => String(candidate.version) === selector);
  if (!version) return 'ParameterVersionNotFound';
  return { parameter, version, selector: selector === undefined ? undefined : `:${selector}` };
}

/** `arn:…:parameter/a/b` for `/a/b`, and `arn:…:parameter/a` for `a`. */
export function parameterArn(region: Region, name: string): string {
  return region.arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
}

function nameFromArn(region: Region, nameOrArn: string): string {
  const prefix = region.arn('ssm', 'parameter/');
  if (!nameOrArn.startsWith(prefix)) return nameOrArn;
  const rest = nameOrArn.slice(prefix.length);
  // One level deep, the ARN does not say whether the name has its slash; the one with it wins.
  const absolute = `/${rest}`;
  const [base = ''] = splitSelector(absolute);
  return rest.includes('/') || region.ssm.parameters.has(base) ? absolute : rest;
}

function splitSelector(name: string): string[] {
  return name.split(':');
}
