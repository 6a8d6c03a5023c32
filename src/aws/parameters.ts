import type { Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import type { ReferenceAnswer } from '../templates/references.ts';
import { call, required } from './errors.ts';

const GET_PARAMETERS = 'ssm:GetParameters';

/** What one call takes. */
const NAMES_MAX = 10;

/** One bad name would make AWS refuse all ten. */
const NAME = /^(?:arn:[\w:-]+:parameter)?[\w./-]{1,1011}(?::[\w.-]{1,100})?$/;

/**
 * The values of parameters of the Parameter Store.
 * @param names each once: a name, an ARN, or either with `:version` or `:label`
 * @returns one answer for each, in their order. A SecureString is refused, undecrypted
 * @throws {CallFailedError}
 * @see GetParameters, AWS Systems Manager API Reference
 */
export async function readParameters(
  client: SSMClient,
  names: readonly string[],
): Promise<ReferenceAnswer[]> {
  const good = names.filter((name) => NAME.test(name));
  const batches = Array.from({ length: Math.ceil(good.length / NAMES_MAX) }, (_, batch) =>
    good.slice(batch * NAMES_MAX, (batch + 1) * NAMES_MAX),
  );
  const found = (await Promise.all(batches.map((batch) => readBatch(client, batch)))).flat();
  return names.map((name) => {
    if (!NAME.test(name)) return { problem: "is no parameter's name" };
    const parameter = found.find((candidate) => isMeantBy(name, candidate));
    return parameter ? answerOf(parameter) : { problem: 'is not there', hint: NOT_THERE_HINT };
  });
}

const NOT_THERE_HINT =
  "Parameters and secrets are looked for in the environment's account and region.";

async function readBatch(client: SSMClient, names: string[]): Promise<Parameter[]> {
  const answer = await call(GET_PARAMETERS, () =>
    client.send(new GetParametersCommand({ Names: names, WithDecryption: false })),
  );
  return required(GET_PARAMETERS, 'Parameters', answer.Parameters);
}

/** AWS answers in any order, and with the bare name to an ARN. */
function isMeantBy(name: string, { ARN, Name, Selector = '' }: Parameter): boolean {
  return [ARN, Name].some((base) => base !== undefined && base + Selector === name);
}

function answerOf({ Type, Value }: Parameter): ReferenceAnswer {
  if (Type === 'SecureString') {
    return {
      problem: 'is a SecureString, and would stand readable in the task definition',
      hint: 'Give a secret to the container with `secrets` and `valueFrom`: ECS reads it when the task starts.',
    };
  }
  return { value: required(GET_PARAMETERS, 'Value', Value) };
}
