import type { AwsCredentialIdentity } from '@smithy/types';
import type { Clock } from '../../../clock.ts';
import type { Redactor } from '../../../report/redactor.ts';
import { CredentialsError } from '../credentials-error.ts';
import { idAt, listAt, tokenAt } from './answer.ts';
import { KionHttp, KionRefusal, type KionRequest } from './kion-http.ts';
import type { KionSettings } from './settings.ts';

const LOGIN_HINT = 'Check CLOUDTAMER_USERNAME, CLOUDTAMER_PASSWORD and CLOUDTAMER_IDMS_ID.';

/**
 * Gets credentials for AWS accounts from CloudTamer/Kion. It logs in once, and again when the server
 * does not know its token any more.
 */
export class Kion {
  readonly #settings: KionSettings;
  readonly #http: KionHttp;
  readonly #redactor: Redactor;
  /** Gives the token; shared by all accounts. */
  #login: Promise<string> | undefined;
  #projects: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(
    settings: KionSettings,
    tools: { readonly clock: Clock; readonly redactor: Redactor },
  ) {
    this.#settings = settings;
    this.#http = new KionHttp(settings.baseUrl, tools);
    this.#redactor = tools.redactor;
    this.#redactor.add(settings.password);
  }

  /**
   * New credentials for one account, of the first configured role that exists for it.
   * @throws {CredentialsError} saying what is missing: the account, a role, or the server.
   */
  async credentialsFor(accountId: string): Promise<AwsCredentialIdentity> {
    const projectId = (await this.#projectsByAccount()).get(accountId);
    if (projectId === undefined) {
      throw new CredentialsError(`Unknown account number ${accountId} at ${this.#http.name}.`, {
        hint: 'Check the account in the configuration, and that your user sees it in CloudTamer/Kion.',
      });
    }
    const role = this.#choose(await this.#rolesOf(projectId), accountId);
    const what = `credentials of ${role} in account ${accountId}`;
    const answer = await this.#authorized({
      what,
      method: 'POST',
      path: '/v3/temporary-credentials',
      body: { account_number: accountId, iam_role_name: role },
    });
    const accessKeyId = tokenAt(answer, 'data', 'access_key');
    const secretAccessKey = tokenAt(answer, 'data', 'secret_access_key');
    const sessionToken = tokenAt(answer, 'data', 'session_token');
    if (!accessKeyId || !secretAccessKey || !sessionToken) throw this.#malformed(what);
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** Asked once for all accounts, unless it fails. */
  #projectsByAccount(): Promise<ReadonlyMap<string, string>> {
    this.#projects ??= this.#readProjects().catch((error: unknown) => {
      this.#projects = undefined;
      throw error;
    });
    return this.#projects;
  }

  async #readProjects(): Promise<ReadonlyMap<string, string>> {
    const what = 'the accounts';
    const answer = await this.#authorized({ what, method: 'GET', path: '/v3/account' });
    const accounts = listAt(answer, 'data');
    if (!accounts) throw this.#malformed(what);
    // An account that belongs to no project gives no credentials, and is none of ours.
    return new Map(
      accounts.flatMap((account) => {
        const number = idAt(account, 'account_number');
        const projectId = idAt(account, 'project_id');
        return number === undefined || projectId === undefined ? [] : [[number, projectId]];
      }),
    );
  }

  async #rolesOf(projectId: string): Promise<string[]> {
    const what = `the roles of project ${projectId}`;
    const path = `/v3/project/${projectId}/cloud-access-role?assumable=true`;
    const answer = await this.#authorized({ what, method: 'GET', path });
    const roles = listAt(answer, 'data', 'ou_cloud_access_roles');
    if (!roles) throw this.#malformed(what);
    return roles.flatMap((role) => tokenAt(role, 'aws_iam_role_name') ?? []);
  }

  #choose(existing: readonly string[], accountId: string): string {
    const { roles: wanted } = this.#settings;
    const role = wanted
      ? wanted.find((name) => existing.includes(name))
      : existing.length === 1
        ? existing[0]
        : undefined;
    if (role !== undefined) return role;
    const there = existing.length === 0 ? 'it has none' : `it has ${existing.join(', ')}`;
    const asked = wanted ? `none of ${wanted.join(', ')} is there` : 'the configuration names none';
    throw new CredentialsError(
      `${this.#http.name} has no role to assume in account ${accountId}: ${asked}, ${there}.`,
      {
        hint: wanted
          ? 'Name one of the roles that exist in Credentials.Roles, or ask for one.'
          : 'Name one in the config: "Credentials": {"Provider": "kion", "Roles": ["…"]}.',
      },
    );
  }

  /** Sends with the token, and once more with a new one if the server refuses it. */
  async #authorized(request: KionRequest): Promise<unknown> {
    const login = this.#logIn();
    const token = await login;
    try {
      return await this.#http.request({ ...request, token });
    } catch (error) {
      if (!(error instanceof KionRefusal) || error.status !== 401) throw error;
      // Another request may have logged in again meanwhile.
      if (this.#login === login) this.#login = undefined;
      return this.#http.request({ ...request, token: await this.#logIn() });
    }
  }

  #logIn(): Promise<string> {
    this.#login ??= this.#newToken().catch((error: unknown) => {
      this.#login = undefined;
      throw error;
    });
    return this.#login;
  }

  async #newToken(): Promise<string> {
    const { username, password, idmsId } = this.#settings;
    const what = 'a login';
    const body = { username, password, idms: idmsId };
    const request = { what, method: 'POST', path: '/v3/token', body } as const;
    const answer = await this.#http.request(request).catch((error: unknown) => {
      throw error instanceof KionRefusal
        ? new CredentialsError(error.message, { hint: LOGIN_HINT, cause: error })
        : error;
    });
    const token = tokenAt(answer, 'data', 'access', 'token');
    if (token === undefined) throw this.#malformed(what);
    this.#redactor.add(token);
    return token;
  }

  #malformed(what: string): CredentialsError {
    return new CredentialsError(
      `${this.#http.name} answered with something else when asked for ${what}.`,
      { hint: 'Check CLOUDTAMER_BASE_URL, and that it is a version 3 API.' },
    );
  }
}
