import type * as z from 'zod/mini';
import type { DeployConfig } from './config.ts';
import type { ConfigText } from './find.ts';
import type { SourceNode } from './json.ts';
import { mapKeys } from './map-keys.ts';
import { JsonSyntaxError, parseJson } from './parse-json.ts';
import {
  configError,
  describeProblem,
  describeValue,
  Locator,
  type Path,
  type Problem,
} from './problems.ts';
import { brokenRules, doubtfulChoices } from './rules.ts';
import { configSchema } from './schema.ts';
import { SyntaxProblems } from './syntax-problems.ts';
import { toConfig } from './to-config.ts';

/** For one file, compiling the schema takes longer than it saves. */
const PARSED_ONCE = { jitless: true };

/** A config that can be used, and what a reader of its file should know. */
export interface ParsedConfig {
  readonly config: DeployConfig;
  /** One line each, with file, line and path. */
  readonly warnings: string[];
  /** Where everything stands, for what is found to be wrong later. */
  readonly locator: Locator;
}

/** A text that could be read, checked. */
export interface CheckedConfig {
  /** Absent when there is a problem. */
  readonly config?: DeployConfig;
  /** The file's values under the schema's keys, whatever is wrong with them. */
  readonly values: unknown;
  readonly locator: Locator;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads the text of a config file in JSON.
 * @param source the file's name, for messages
 * @throws {ConfigError} with everything that is wrong, one line each:
 *   `file:line:column: path: what was found, what is expected`
 */
export function parseConfig(text: string, source: string): ParsedConfig {
  try {
    return accepted(checkConfig(readJson(text), source), source);
  } catch (error) {
    throw asConfigError(error, source);
  }
}

/**
 * Reads a config file in JSON or YAML: what its name ends with decides, else how its text begins.
 * @throws {ConfigError} as `parseConfig` does
 */
export async function parseConfigFile(file: ConfigText): Promise<ParsedConfig> {
  try {
    return accepted(checkConfig(await readSource(file), file.path), file.path);
  } catch (error) {
    throw asConfigError(error, file.path);
  }
}

/**
 * The values of a config file as they are written.
 * @throws {SyntaxProblems} with each place at which it is not JSON, or not YAML
 */
export async function readSource({ path, text }: ConfigText): Promise<SourceNode> {
  if (!isYaml(path, text)) return readJson(text);
  const { parseYaml } = await import('./parse-yaml.ts'); // Who has JSON doesn't pay for it.
  return parseYaml(text);
}

/** Everything that the schema and the rules have to say about a file. */
export function checkConfig(file: SourceNode, source: string): CheckedConfig {
  const locator = new Locator(source);
  const mapped = mapKeys(file, configSchema, locator);
  const checked = configSchema.safeParse(mapped.value, PARSED_ONCE);
  const config = checked.success ? toConfig(checked.data) : undefined;

  const problems = [...mapped.problems];
  if (config) problems.push(...brokenRules(config, true));
  else {
    const issues = checked.error?.issues ?? [];
    problems.push(...issues.map((issue) => toProblem(issue, mapped.value)));
    problems.push(...brokenRulesOfTheRest(mapped.value, problems));
  }
  return {
    ...(config && problems.length === 0 && { config }),
    values: mapped.value,
    locator,
    problems,
    warnings: [...mapped.warnings, ...(config ? doubtfulChoices(config) : [])],
  };
}

function accepted(checked: CheckedConfig, source: string): ParsedConfig {
  const { config, locator, problems, warnings } = checked;
  if (!config) throw configError(source, locator.describe(problems));
  return { config, warnings: locator.describe(warnings), locator };
}

function isYaml(path: string, text: string): boolean {
  if (/\.(?:yaml|yml)$/i.test(path)) return true;
  if (/\.json$/i.test(path)) return false;
  // JSON's outermost value is an object; what begins otherwise is YAML if it looks like it at all.
  return /^\uFEFF?(?:\s|#.*\n)*(?:---|%YAML|[^\s"{}[\]:#][^"{}[\]:#\n]*:(?:\s|$))/.test(text);
}

function readJson(text: string): SourceNode {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new SyntaxProblems([{ at: error.at, message: `not JSON: ${error.message}` }]);
  }
}

function asConfigError(error: unknown, source: string): unknown {
  if (!(error instanceof SyntaxProblems)) return error;
  const lines = error.located().map((problem) => describeProblem(source, problem));
  return configError(source, lines);
}

/** The schema's texts say what is expected; what was found stands in the file. */
function toProblem(issue: z.core.$ZodIssue, file: unknown): Problem {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const value = valueAt(file, path);
  const found = value === undefined ? 'is missing' : `found ${describeValue(value, path)}`;
  return { path, message: `${found}, ${issue.message}` };
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

/** Stands in for the settings around the apps, which their rules don't look at. */
const NO_APPS = { ConfigAccountID: '000000000000', ConfigRegion: 'us-east-1' };

/**
 * The rules' verdict on the apps and environments that the schema accepts, so that one run shows
 * every error even when some parts can't be looked at.
 */
function brokenRulesOfTheRest(file: unknown, problems: readonly Problem[]): Problem[] {
  const rest = { ...NO_APPS, Apps: structuredClone(valueAt(file, ['Apps'])) };
  for (const { path } of problems) {
    // An environment can be left out alone; anything else that is wrong takes its app with it.
    const length = path[2] === 'Environments' && path.length > 3 ? 3 : 1;
    const parent = valueAt(rest, path.slice(0, length));
    const name = path[length];
    if (path[0] === 'Apps' && name !== undefined && typeof parent === 'object') {
      Reflect.deleteProperty(parent ?? {}, name);
    }
  }
  const checked = configSchema.safeParse(rest, PARSED_ONCE);
  return checked.success ? brokenRules(toConfig(checked.data), false) : [];
}
