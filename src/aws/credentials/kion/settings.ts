import type { KionConfig } from '../../../config/config.ts';
import { kionUrlProblem } from '../../../config/kion-url.ts';
import { ConfigError } from '../../../errors.ts';

/** How to log in to CloudTamer/Kion, and as what. */
export interface KionSettings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly idmsId: number;
  /** In order of preference. Left out: the only role that there is. */
  readonly roles?: readonly string[];
}

const HINT = 'docs/credentials.md says what each of them means. Nothing was sent.';

/**
 * Completes the config with the environment.
 * @throws {ConfigError} naming all variables that are missing or make no sense. What they hold is
 *   never told: it may have been meant for another one.
 */
export function kionSettings(
  config: Partial<KionConfig>,
  env: Readonly<Record<string, string | undefined>>,
): KionSettings {
  const wanted = {
    CLOUDTAMER_BASE_URL: config.baseUrl ?? env['CLOUDTAMER_BASE_URL'],
    CLOUDTAMER_USERNAME: env['CLOUDTAMER_USERNAME'],
    CLOUDTAMER_PASSWORD: env['CLOUDTAMER_PASSWORD'],
    CLOUDTAMER_IDMS_ID: config.idmsId?.toString() ?? env['CLOUDTAMER_IDMS_ID'],
  };
  const problems = [missingIn(wanted), ...malformedIn(wanted)].filter((problem) => problem !== '');
  if (problems.length > 0) {
    throw new ConfigError(
      `AWS credentials are to come from CloudTamer/Kion, but ${problems.join('; ')}.`,
      { hint: HINT },
    );
  }
  return {
    baseUrl: (wanted.CLOUDTAMER_BASE_URL ?? '').replace(/\/+$/, ''),
    username: wanted.CLOUDTAMER_USERNAME ?? '',
    password: wanted.CLOUDTAMER_PASSWORD ?? '',
    idmsId: Number(wanted.CLOUDTAMER_IDMS_ID),
    ...(config.roles === undefined ? {} : { roles: config.roles }),
  };
}

type Wanted = Readonly<Record<string, string | undefined>>;

function missingIn(wanted: Wanted): string {
  const names = Object.keys(wanted).filter((name) => !wanted[name]);
  if (names.length === 0) return '';
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not set in the environment`;
}

function malformedIn({ CLOUDTAMER_BASE_URL: url, CLOUDTAMER_IDMS_ID: idmsId }: Wanted): string[] {
  const problem = url ? kionUrlProblem(url) : undefined;
  return [
    problem === undefined ? '' : `CLOUDTAMER_BASE_URL is no address to log in at: ${problem}`,
    !idmsId || /^\d{1,15}$/.test(idmsId) ? '' : 'CLOUDTAMER_IDMS_ID is not a whole number',
  ];
}
