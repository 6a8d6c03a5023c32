import type { Reference, ReferenceAnswer, ReferenceSource } from '../templates/references.ts';
import type { ClientOptions } from './clients.ts';
import { createSecretsManagerClient, createSsmClient } from './clients.ts';

/** The deployer's own secrets. In a task definition everybody could read them. */
const OWN_SECRETS = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'CLOUDTAMER_PASSWORD'];

/**
 * Resolves references by the environment variables given, and by AWS as these options reach it.
 * Asks for the options, and loads a service's client, only when a template needs it.
 */
export function referenceSource(
  env: Readonly<Record<string, string | undefined>>,
  options: () => Promise<ClientOptions>,
): ReferenceSource {
  return {
    async resolve(references) {
      const [ssm, secretArn] = await Promise.all([
        answersTo('ssm', references, async (names) => {
          const { readParameters } = await import('./parameters.ts');
          return readParameters(await createSsmClient(await options()), names);
        }),
        answersTo('secretArn', references, async (names) => {
          const { describeSecrets } = await import('./secrets.ts');
          return describeSecrets(await createSecretsManagerClient(await options()), names);
        }),
      ]);
      return references.map(({ kind, name }) => {
        const answer = kind === 'env' ? variable(env, name) : { ssm, secretArn }[kind].get(name);
        return answer ?? { problem: 'was not answered' };
      });
    },
  };
}

/**
 * What a variable of the environment stands for.
 * @returns a problem when it is not set, is empty, or is one of the deployer's own secrets
 */
export function variable(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): ReferenceAnswer {
  if (OWN_SECRETS.includes(name)) {
    return {
      problem: "is the deployer's own secret, which belongs in no task definition and no command",
      hint: 'Commands inherit the environment; containers get secrets with `secrets`.',
    };
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && value !== '') return { value };
  return {
    problem: value === '' ? 'is empty' : 'is not set',
    hint: 'Set each variable that {{env}} names where ecs-deploy runs.',
  };
}

async function answersTo(
  kind: Reference['kind'],
  references: readonly Reference[],
  ask: (names: string[]) => Promise<ReferenceAnswer[]>,
): Promise<ReadonlyMap<string, ReferenceAnswer>> {
  const names = references.filter((one) => one.kind === kind).map(({ name }) => name);
  if (names.length === 0) return new Map();
  const answers = await ask(names);
  return new Map(
    names.flatMap((name, position) => {
      const answer = answers[position];
      return answer ? [[name, answer] as const] : [];
    }),
  );
}
