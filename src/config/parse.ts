import type * as z from 'zod/mini';
import type { DeployConfig } from './config.ts';
import { mapKeys } from './map-keys.ts';
import { JsonSyntaxError, parseJson } from './parse-json.ts';
import { configError, describeValue, Locator, type Path, type Problem } from './problems.ts';
import { brokenRules, doubtfulChoices } from './rules.ts';
import { configSchema } from './schema.ts';
import { toConfig } from './to-config.ts';

/** For one file, compiling the schema takes longer than it saves. */
const PARSED_ONCE = { jitless: true };

/** A config that can be used, and what a reader of its file should know. */
export interface ParsedConfig {
  readonly config: DeployConfig;
  /** One line each, with file, line and path. */
  readonly warnings: string[];
}

/**
 * Reads the text of a config file.
 * @param source the file's name, for messages
 * @throws {ConfigError} with everything that is wrong, one line each:
 *   `file:line:column: path: what was found, what is expected`
 */
export function parseConfig(text: string, source: string): ParsedConfig {
  const file = readJson(text, source);
  const locator = new Locator(source);
  const mapped = mapKeys(file, configSchema, locator);
  const checked = configSchema.safeParse(mapped.value, PARSED_ONCE);

  const problems = [...mapped.problems];
  if (checked.success) {
    problems.push(...brokenRules(toConfig(checked.data), true));
  } else {
    problems.push(...checked.error.issues.map((issue) => toProblem(issue, mapped.value)));
    problems.push(...brokenRulesOfTheRest(mapped.value, problems));
  }
  if (problems.length > 0 || !checked.success) {
    throw configError(source, locator.describe(problems));
  }
  const config = toConfig(checked.data);
  return { config, warnings: locator.describe([...mapped.warnings, ...doubtfulChoices(config)]) };
}

function readJson(text: string, source: string) {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const place = `${source}:${error.at.line}:${error.at.column}`;
    throw configError(source, [`${place}: not JSON: ${error.message}`]);
  }
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
