import type { GetParametersByPathRequest, GetParametersByPathResult } from '@aws-sdk/client-ssm';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import type { Region } from '../../region.ts';
import { required, validation } from '../errors.ts';
import { toParameterShape } from '../shapes.ts';
import type { Parameter } from '../state.ts';

const MAX_RESULTS = 10;

/**
 * Gets the parameters under a path; none, without an error, where there is none. Each page looks at
 * `MaxResults` parameters of the whole hierarchy and shows those at the right depth. So a page may
 * be short or empty and still have a token, as it may in AWS.
 * @see GetParametersByPath, AWS Systems Manager API Reference
 */
export const getParametersByPath: Operation<GetParametersByPathRequest, GetParametersByPathResult> =
  {
    name: 'GetParametersByPath',
    accepts: ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken'],
    handle(input, { region }) {
      const path = required(input.Path, 'Path');
      const size = toSize(input.MaxResults);
      const prefix = path.endsWith('/') ? path : `${path}/`;
      const after = input.NextToken === undefined ? '' : decode(input.NextToken, prefix);
      const rest = under(region, path, prefix).filter((parameter) => parameter.name > after);
      const seen = rest.slice(0, size);
      const shown = seen.filter(
        ({ name }) => input.Recursive || !name.slice(prefix.length).includes('/'),
      );
      const last = seen.at(-1);
      return {
        Parameters: shown.flatMap((parameter) => {
          const version = parameter.versions.at(-1);
          if (!version) return [];
          const found = { parameter, version, selector: undefined };
          return [toParameterShape(region, found, input.WithDecryption)];
        }),
        NextToken: last && rest.length > seen.length ? btoa(last.name) : undefined,
      };
    },
  };

/** Sorted by name, so that a token can say where to go on. */
function under(region: Region, path: string, prefix: string): Parameter[] {
  if (!path.startsWith('/')) {
    throw validation(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
    );
  }
  return [...region.ssm.parameters.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toSize(maxResults: number | undefined): number {
  const size = maxResults ?? MAX_RESULTS;
  if (Number.isInteger(size) && size >= 1 && size <= MAX_RESULTS) return size;
  const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_RESULTS}`;
  throw validation(
    `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function decode(token: string, prefix: string): string {
  try {
    const name = atob(token);
    if (name.startsWith(prefix)) return name;
  } catch {
    // Not even base64; refused as any other token that was not given out.
  }
  throw new ApiError('InvalidNextToken', 'The specified token is not valid.');
}
