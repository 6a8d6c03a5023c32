import type { Json, JsonObject } from '../config/json.ts';
import { containersOf, type Definition, isObject, textOf } from './definition.ts';

/** A task definition in the form in which two of them can be compared. */
export interface NormalDefinition {
  /** Everything but the containers. */
  readonly task: JsonObject;
  /** By name, in their order. */
  readonly containers: ReadonlyMap<string, JsonObject>;
}

/** What ECS adds to a description; nobody registers it. */
const ADDED_BY_ECS = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'containerDefinitions',
] as const;

/**
 * Makes equal what is equal to ECS: its defaults are filled in, what is empty is left out, sizes are
 * in units, and lists whose order means nothing are objects by name. Takes what is registered and
 * what DescribeTaskDefinition shows of it to the same.
 * @see RegisterTaskDefinition and ContainerDefinition, Amazon ECS API Reference
 */
export function normalDefinition(definition: Definition): NormalDefinition {
  const rest = Object.entries(definition).filter(
    ([name]) => !(ADDED_BY_ECS as readonly string[]).includes(name),
  );
  const isAwsvpc = definition['networkMode'] === 'awsvpc';
  return {
    task: compact(normalTask(Object.fromEntries(rest))),
    containers: byKey(containersOf(definition), nameOf, (container) =>
      compact(normalContainer(container, isAwsvpc)),
    ),
  };
}

function normalTask(task: JsonObject): JsonObject {
  return mapped(task, {
    cpu: (value) => inUnits(value, 'vcpu'),
    memory: (value) => inUnits(value, 'gb'),
    requiresCompatibilities: sorted,
    enableFaultInjection: unless(false),
  });
}

/**
 * `.5 vCPU` and `1 GB` as ECS shows them.
 * @see Task size, Amazon ECS Developer Guide
 */
function inUnits(value: Json, unit: string): Json {
  const text = textOf(value).toLowerCase().replaceAll(' ', '');
  const isLarge = text.endsWith(unit);
  const number = Number(isLarge ? text.slice(0, -unit.length) : text);
  return Number.isFinite(number) && text !== '' ? String(isLarge ? number * 1024 : number) : value;
}

function normalContainer(container: JsonObject, isAwsvpc: boolean): JsonObject {
  const filled = { cpu: 0, essential: true, ...defined(container) };
  return mapped(filled, {
    environment: (value) => named(value, 'name', ({ value: text = '' }) => text),
    secrets: (value) => named(value, 'name', ({ valueFrom = '' }) => valueFrom),
    portMappings: (value) => portMappings(value, isAwsvpc),
    mountPoints: (value) => named(value, 'containerPath', withDefaults({ readOnly: false })),
    volumesFrom: (value) => named(value, 'sourceContainer', withDefaults({ readOnly: false })),
    dependsOn: (value) => named(value, 'containerName', ({ condition = '' }) => condition),
    systemControls: (value) => named(value, 'namespace', ({ value: text = '' }) => text),
    ulimits: (value) => named(value, 'name', withDefaults({})),
    resourceRequirements: (value) => named(value, 'type', withDefaults({})),
    healthCheck: filledWith({ interval: 30, timeout: 5, retries: 3 }),
    restartPolicy: filledWith({ restartAttemptPeriod: 300 }),
    logConfiguration: (value) =>
      isObject(value)
        ? mapped(value, {
            secretOptions: (list) => named(list, 'name', ({ valueFrom = '' }) => valueFrom),
          })
        : value,
  });
}

/** In the network mode awsvpc a port of the container is the same port outside. */
function portMappings(value: Json, isAwsvpc: boolean): Json {
  if (!Array.isArray(value)) return value;
  const key = ({ containerPort, containerPortRange, protocol = 'tcp' }: JsonObject) =>
    `${textOf(containerPort ?? containerPortRange)}/${textOf(protocol)}`;
  const normal = ({ containerPort, hostPort, ...mapping }: JsonObject): JsonObject => ({
    protocol: 'tcp',
    ...mapping,
    ...(containerPort === undefined ? {} : { containerPort }),
    ...hostPortOf(hostPort || (isAwsvpc ? containerPort : 0)),
  });
  return Object.fromEntries(byKey(value.filter(isObject).map(defined), key, normal));
}

function hostPortOf(hostPort: Json | undefined): JsonObject {
  return hostPort === undefined ? {} : { hostPort };
}

type Rules = Readonly<Record<string, (value: Json) => Json | undefined>>;

/** The object with some of its members rewritten; undefined leaves one out. */
function mapped(object: JsonObject, rules: Rules): JsonObject {
  return defined(
    Object.fromEntries(
      Object.entries(object).map(([name, value]) => {
        const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
        return [name, rule ? rule(value) : value];
      }),
    ),
  );
}

/** Without members that say nothing. */
function defined(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  const members = Object.entries(object).filter(
    (member): member is [string, Json] => member[1] !== undefined && member[1] !== null,
  );
  return Object.fromEntries(members);
}

function unless(value: Json): (given: Json) => Json | undefined {
  return (given) => (given === value ? undefined : given);
}

function filledWith(defaults: JsonObject): (value: Json) => Json {
  return (value) => (isObject(value) ? { ...defaults, ...defined(value) } : value);
}

function withDefaults(defaults: JsonObject): (item: JsonObject) => Json {
  return (item) => ({ ...defaults, ...defined(item) });
}

function sorted(value: Json): Json {
  return Array.isArray(value) ? [...value].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)) : value;
}

/** A list of objects as one object, by what names each of them. */
function named(value: Json, member: string, normal: (item: JsonObject) => Json): Json {
  if (!Array.isArray(value)) return value;
  const key = (item: JsonObject) => textOf(item[member]);
  return Object.fromEntries(byKey(value.filter(isObject), key, normal));
}

function nameOf({ name }: JsonObject): string {
  return textOf(name);
}

/** Nothing is lost when two have the same key: the second one is `key (2)`. */
function byKey<T>(
  items: readonly JsonObject[],
  keyOf: (item: JsonObject) => string,
  normal: (item: JsonObject) => T,
): Map<string, T> {
  const found = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    let free = key;
    for (let nth = 2; found.has(free); nth++) free = `${key} (${nth})`;
    found.set(free, normal(item));
  }
  return found;
}

/** Without what is empty, at any depth: to ECS an empty list is none. Empty texts are values. */
function compact(object: JsonObject): JsonObject {
  const members = Object.entries(object).map(([name, value]) => [name, compactValue(value)]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonObject;
}

function compactValue(value: Json): Json | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(compactItem);
  if (!isObject(value)) return value;
  const smaller = compact(value);
  return Object.keys(smaller).length === 0 ? undefined : smaller;
}

/** An item stays where it is, whatever is left of it. */
function compactItem(item: Json): Json {
  return compactValue(item) ?? item;
}
