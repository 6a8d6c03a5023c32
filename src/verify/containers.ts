import type { DeployPlan } from '../deploy/plan.ts';

type Json = Readonly<Record<string, unknown>>;

/** The parts of a rendered container definition that name something outside of it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  /** Undefined when it has no log configuration. */
  readonly logDriver: string | undefined;
  readonly logOptions: Readonly<Record<string, string>>;
  /** What its secrets, log options and registry are to be read from, and where it says so. */
  readonly secrets: readonly SecretUse[];
  /** Of the S3 objects that are to be its environment. */
  readonly environmentFiles: readonly string[];
}

export interface SecretUse {
  /** e.g. `secret DB_PASSWORD of web`. */
  readonly subject: string;
  readonly valueFrom: string;
  /** Where a name that is no ARN is looked up. */
  readonly nameMeans: 'parameter' | 'secret';
}

/** The containers of a plan, as far as verifying goes. */
export function containersOf({ containerDefinitions }: DeployPlan): Container[] {
  return containerDefinitions.map((definition) => {
    const name = textOf(definition['name']);
    const log = objectOf(definition['logConfiguration']);
    const driver = log['logDriver'];
    return {
      name,
      image: textOf(definition['image']),
      logDriver: driver === undefined ? undefined : textOf(driver),
      logOptions: Object.fromEntries(
        Object.entries(objectOf(log['options'])).map(([key, value]) => [key, textOf(value)]),
      ),
      secrets: [
        ...secretsIn(definition['secrets'], `of ${name}`),
        ...secretsIn(log['secretOptions'], `of ${name}'s log configuration`),
        ...credentialsIn(definition, name),
      ],
      environmentFiles: listOf(definition['environmentFiles']).map(({ value }) => textOf(value)),
    };
  });
}

function secretsIn(value: unknown, whose: string): SecretUse[] {
  return listOf(value).map(({ name, valueFrom }) => ({
    subject: `secret ${textOf(name)} ${whose}`,
    valueFrom: textOf(valueFrom),
    nameMeans: 'parameter',
  }));
}

/** @see Private registry authentication for tasks, Amazon ECS Developer Guide */
function credentialsIn(definition: Json, name: string): SecretUse[] {
  const { credentialsParameter } = objectOf(definition['repositoryCredentials']);
  if (credentialsParameter === undefined) return [];
  return [
    {
      subject: `registry credentials of ${name}`,
      valueFrom: textOf(credentialsParameter),
      nameMeans: 'secret',
    },
  ];
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
