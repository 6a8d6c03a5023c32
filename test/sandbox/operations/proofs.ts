/**
 * How the tests of this folder are built: a table with a row for each operation, what it does and
 * what it answers when it cannot. A new operation without a row fails the test of its service.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import type { Settings } from '../../../sandbox/world/settings.ts';
import { type Scene, startScene } from './scene.ts';

type ClientName = 'dynamoDb' | 'ecr' | 'ecs' | 'elb' | 'ssm' | 'sts';

/** A client of the SDK. */
interface Sender {
  send(command: never): Promise<unknown>;
}

/** A call that is refused. */
interface Refusal {
  readonly input: object | ((scene: Scene) => Promise<object>);
  /** The error's name in the SDK, and its text. */
  readonly error: readonly [name: string, message: string | RegExp];
  /** 400 unless given. */
  readonly httpStatus?: number;
  readonly settings?: Partial<Settings>;
  /** Who calls; the scene's own user unless given. */
  readonly by?: (scene: Scene) => Promise<Pick<Scene, ClientName>>;
  /** Why AWS's model of the operation does not have this error, and the sandbox gives it. */
  readonly undeclared?: string;
}

/** What one operation is shown to do. */
export interface Proof {
  /** The operation's command in the SDK. */
  readonly command: new (input: never) => object;
  /** By what is shown. Each calls the operation with success at least once. */
  readonly works: Readonly<Record<string, (scene: Scene) => Promise<void>>>;
  /** By when it is refused. */
  readonly refuses: Readonly<Record<string, Refusal>>;
  /** Why no refusal is an error that AWS's model declares for the operation. */
  readonly nothingDeclared?: string;
}

/** A table of proofs by operation. */
export type Proofs = Readonly<Record<string, Proof>>;

/** The service whose operations are proved. */
interface Service {
  /** Its client in a scene. */
  readonly client: ClientName | ((scene: Scene) => Sender);
  /** Its client's package in the SDK. */
  readonly sdkPackage: string;
  /** The names of all operations that the sandbox implements. */
  readonly operations: readonly string[];
  /** Errors that any operation may give without declaring them. */
  readonly commonErrors: readonly string[];
}

/** Defines the tests of a service. */
export function proveOperations(service: Service, proofs: Proofs): void {
  test('there is a proof for each operation that is implemented, and for no other', () => {
    expect(Object.keys(proofs).sort()).toEqual([...service.operations].sort());
  });

  describe.each(Object.entries(proofs))('%s', (operation, proof) => {
    test.each(Object.entries(proof.works))('%s', async (_, prove) => {
      const scene = await startScene();

      await prove(scene);

      expect(outcomesOf(scene, operation)).toContain('ok');
    });

    test.each(Object.entries(proof.refuses))('is refused %s', async (_, refusal) => {
      const scene = await startScene(refusal.settings);
      await expectRefusal(scene, service, { operation, proof, refusal });
    });

    test('is shown to work, and to fail as its model says', () => {
      const refusals = Object.values(proof.refuses);
      const declared = declaredErrors(service.sdkPackage, operation);

      expect(proof.command.name).toBe(`${operation}Command`);
      expect(Object.keys(proof.works).length).toBeGreaterThan(0);
      expect(refusals.length).toBeGreaterThan(0);
      expect(refusals.some(({ error: [name] }) => declared.includes(name))).toBe(
        proof.nothingDeclared === undefined,
      );
    });
  });
}

async function expectRefusal(
  scene: Scene,
  service: Service,
  { operation, proof, refusal }: { operation: string; proof: Proof; refusal: Refusal },
): Promise<void> {
  const input = typeof refusal.input === 'function' ? await refusal.input(scene) : refusal.input;
  const caller = (await refusal.by?.(scene)) ?? scene;
  const client: Sender =
    typeof service.client === 'function' ? service.client(scene) : caller[service.client];
  const [name, message] = refusal.error;

  const error = await client.send(new proof.command(input as never) as never).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({
    name,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    $fault: 'client',
    $metadata: {
      httpStatusCode: refusal.httpStatus ?? 400,
      requestId: expect.stringMatching(/^[0-9a-zA-Z-]{36,52}$/),
    },
  });
  const known = [...declaredErrors(service.sdkPackage, operation), ...service.commonErrors];
  expect({ name, isKnown: known.includes(name) }).toEqual({
    name,
    isKnown: refusal.undeclared === undefined,
  });
}

function outcomesOf(scene: Scene, operation: string): string[] {
  return scene.front.calls
    .entries()
    .filter((call) => call.operation === operation)
    .map(({ outcome }) => outcome);
}

/** The errors that AWS's model declares for an operation: the SDK lists them with its command. */
function declaredErrors(sdkPackage: string, operation: string): string[] {
  const entry = createRequire(import.meta.url).resolve(sdkPackage);
  const folder = entry.slice(0, entry.lastIndexOf('/dist-'));
  const types = readFileSync(`${folder}/dist-types/commands/${operation}Command.d.ts`, 'utf8');
  return Array.from(types.matchAll(/@throws \{@link (\w+)\}/g), ([, name]) => name!);
}
