import fc from 'fast-check';
import type { JsonObject } from '../../../src/config/json.ts';

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/);
const text = fc.string({ maxLength: 12 });

/** Pairs that go by their names, each name once. */
function pairs(value: string) {
  return fc.uniqueArray(fc.record({ name: word, [value]: text }), {
    selector: ({ name }) => name,
    maxLength: 4,
  });
}

/** Some of the members, or none; the others are not there at all. */
function some(members: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return fc.record(members, { requiredKeys: [] });
}

const port = fc.integer({ min: 1, max: 65_535 }).chain((containerPort) =>
  some({
    hostPort: fc.constant(containerPort),
    protocol: fc.constantFrom('tcp', 'udp'),
    name: word,
  }).map((rest) => {
    const mapping: { containerPort: number; protocol?: unknown } = { ...rest, containerPort };
    return { mapping, key: JSON.stringify([containerPort, mapping.protocol ?? 'tcp']) };
  }),
);

/** A container as a config may give it: in any order, with and without what ECS fills in. */
const container = some({
  cpu: fc.integer({ min: 0, max: 512 }),
  memory: fc.integer({ min: 4, max: 512 }),
  memoryReservation: fc.integer({ min: 4, max: 512 }),
  essential: fc.constant(true),
  command: fc.array(text, { maxLength: 3 }),
  entryPoint: fc.array(text, { maxLength: 3 }),
  environment: pairs('value'),
  secrets: pairs('valueFrom'),
  portMappings: fc
    .uniqueArray(port, { selector: ({ key }) => key, maxLength: 2 })
    .map((ports) => ports.map(({ mapping }) => mapping)),
  mountPoints: fc.uniqueArray(
    some({ readOnly: fc.boolean(), sourceVolume: word }).chain((rest) =>
      word.map((containerPath) => ({ ...rest, containerPath })),
    ),
    { selector: ({ containerPath }) => containerPath, maxLength: 2 },
  ),
  ulimits: fc.uniqueArray(fc.record({ name: word, softLimit: fc.nat(9), hardLimit: fc.nat(9) }), {
    selector: ({ name }) => name,
    maxLength: 2,
  }),
  dockerLabels: fc.dictionary(word, text, { maxKeys: 3 }),
  logConfiguration: some({ options: fc.dictionary(word, text, { maxKeys: 3 }) }).map((rest) => ({
    logDriver: 'awslogs',
    ...rest,
  })),
  stopTimeout: fc.integer({ min: 0, max: 120 }),
  user: word,
  readonlyRootFilesystem: fc.boolean(),
}).chain((rest) => fc.record({ name: word, image: word }).map((known) => ({ ...rest, ...known })));

/** Between one container and three, each name once. */
export const containers = fc.uniqueArray(container, {
  selector: ({ name }) => name,
  minLength: 1,
  maxLength: 3,
}) as unknown as fc.Arbitrary<JsonObject[]>;

/** A size that Fargate offers, in each way of writing it. */
export const size = fc.constantFrom(
  { cpu: '256', memory: '512' },
  { cpu: '.25 vCPU', memory: '0.5 GB' },
  { cpu: '1 vCPU', memory: '2048' },
  { cpu: '1024', memory: '2GB' },
);
