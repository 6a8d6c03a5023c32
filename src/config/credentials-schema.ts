import * as z from 'zod/mini';
import { kionUrlProblem } from './kion-url.ts';
import { about, optionalText, seconds, text } from './schema-parts.ts';

type Provider = 'default' | 'assume-role' | 'kion';

/** By which name a file may choose a provider. */
const PROVIDERS = ['default', 'assume-role', 'kion', 'cloudtamer'] as const;

/** Which keys mean something with which providers. */
const USED_WITH: Readonly<Record<string, readonly Provider[]>> = {
  Profile: ['default', 'assume-role'],
  RoleArn: ['assume-role'],
  ExternalId: ['assume-role'],
  SessionName: ['assume-role'],
  DurationSeconds: ['assume-role'],
  BaseUrl: ['kion'],
  IdmsId: ['kion'],
  Roles: ['kion'],
};

const NEEDED: Readonly<Record<Provider, { readonly key: string; readonly what: string }[]>> = {
  default: [],
  'assume-role': [{ key: 'RoleArn', what: 'the role to assume' }],
  kion: [{ key: 'Roles', what: 'the names of the roles to use, the first one that exists wins' }],
};

/** A key for a secret: it is told where the secret belongs, and never what the file says. */
function secret(variable: string) {
  const schema = z.never(`but it doesn't belong in a file; set ${variable} in the environment`);
  return z.optional(about(schema, `Never in this file: set ${variable} in the environment.`));
}

/** `Credentials`: where AWS credentials come from. */
export const credentialsSchema = z
  .strictObject(
    {
      Provider: about(
        z.enum(PROVIDERS, 'expected "default", "assume-role" or "kion"'),
        'default: the usual AWS environment, profile or role. assume-role: RoleArn, per account. ' +
          'kion (or cloudtamer): a role from CloudTamer/Kion, per account.',
        'assume-role',
      ),
      Profile: about(
        optionalText("a profile's name", /^[^\p{Cc}[\]]{1,128}$/u),
        'The profile of the AWS configuration to use, or to assume the role with.',
        'deploy',
      ),
      RoleArn: about(
        optionalText(
          "a role's ARN, in which {{.Account}} may stand",
          /^arn:[\w-]+:iam::.+:role\/.+$/,
        ),
        'The role to assume; {{.Account}} stands for the account id.',
        'arn:aws:iam::{{.Account}}:role/deployer',
      ),
      ExternalId: about(
        optionalText('an external id', /^[\w+=,.@:/-]{2,1224}$/),
        'The external id that the role asks for.',
        'hello-deploys',
      ),
      SessionName: about(
        optionalText('a session name of 2 to 64 letters, digits or +=,.@-', /^[\w+=,.@-]{2,64}$/),
        'The name of the session, as CloudTrail shows it.',
        'ecs-deploy',
      ),
      DurationSeconds: about(
        seconds(900, 43_200),
        'How long a session is good for. Default 3600.',
        3600,
      ),
      BaseUrl: about(
        z.optional(
          z.string('expected an address such as "https://kion.example.com/api"').check(
            z.refine((url) => url === '' || kionUrlProblem(url) === undefined, {
              error: ({ input }) => kionUrlProblem(String(input)) ?? '',
            }),
          ),
        ),
        'The address of the API of CloudTamer/Kion. Default: CLOUDTAMER_BASE_URL.',
        'https://kion.example.com/api',
      ),
      IdmsId: about(
        z.optional(z.int('expected a whole number').check(z.gte(0, 'expected a whole number'))),
        'The number of the identity system to log in to. Default: CLOUDTAMER_IDMS_ID.',
        2,
      ),
      Roles: z.optional(
        about(
          z
            .array(
              text("a role's name", /^[\w+=,.@-]{1,64}$/),
              'expected a list of roles\' names, such as ["deployer"]',
            )
            .check(z.minLength(1, "expected at least one role's name")),
          'Names of cloud access roles: of those that exist for an account, the first one is used.',
          ['deployer', 'administrator'],
        ),
      ),
      Username: secret('CLOUDTAMER_USERNAME'),
      Password: secret('CLOUDTAMER_PASSWORD'),
    },
    'expected an object such as {"Provider": "default"}',
  )
  .check((checked) => {
    const file: Readonly<Record<string, unknown>> = checked.value;
    const problems = keyProblems(checked.value.Provider, (key) => {
      return file[key] !== undefined && file[key] !== '';
    });
    for (const { key, message } of problems) {
      checked.issues.push({ code: 'custom', path: [key], message, input: file });
    }
  });

/** What is missing with a provider, and what means nothing with it. */
function keyProblems(
  name: (typeof PROVIDERS)[number],
  isGiven: (key: string) => boolean,
): { key: string; message: string }[] {
  const provider = name === 'cloudtamer' ? 'kion' : name;
  const missing = NEEDED[provider].filter(({ key }) => !isGiven(key));
  const foreign = Object.entries(USED_WITH).filter(
    ([key, providers]) => isGiven(key) && !providers.includes(provider),
  );
  return [
    ...missing.map(({ key, what }) => {
      return { key, message: `but the provider ${name} needs ${what}` };
    }),
    ...foreign.map(([key, providers]) => {
      const message = `which means nothing with the provider ${name}, only with ${providers.join(' or ')}`;
      return { key, message };
    }),
  ];
}
