import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a test may answer in place of the server. */
export interface KionAnswer {
  readonly status: number;
  /** As it is if it is a string, else as JSON. */
  readonly body?: unknown;
  readonly location?: string;
}

/** One request as it has arrived. */
export interface KionArrival {
  /** e.g. `GET /v3/account`. */
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** Given instead of an answer, the connection is broken off or kept waiting. */
export type KionFault = 'break' | 'hang';

export const KION_USER = {
  username: 'ann',
  password: 'Kion-pass"word\\1',
  idms: 2,
} as const;

/**
 * CloudTamer/Kion's API as far as a deployer uses it: login, accounts, roles, credentials. The keys
 * that it gives out are numbered: `ASIAKION0001` for the first.
 */
export class KionServer {
  /** Project id by account number. */
  readonly projects = new Map<string, number>();
  /** Names of the assumable roles by project id. */
  readonly roles = new Map<number, readonly string[] | null>();
  readonly arrivals: KionArrival[] = [];
  /** Every password, token and key that must never be shown. */
  readonly secrets: string[] = [KION_USER.password];
  /** Asked first; undefined leaves the request to the server. */
  intercept: (arrival: KionArrival) => KionAnswer | KionFault | undefined = () => undefined;
  /** Told of each key before it is given out, and of the account that it is good for. */
  onIssued: (accessKeyId: string, accountId: string) => void = () => {};
  readonly #tokens = new Set<string>();
  #issued = 0;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  static async start(): Promise<KionServer> {
    const kion = new KionServer();
    await new Promise<void>((resolve) => {
      kion.#server.listen(0, '127.0.0.1', resolve);
    });
    return kion;
  }

  /** The base address of the API. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api`;
  }

  get lines(): string[] {
    return this.arrivals.map(({ line }) => line);
  }

  /** What somebody has in the environment who may log in. */
  get env(): Record<string, string> {
    return {
      CLOUDTAMER_BASE_URL: this.url,
      CLOUDTAMER_USERNAME: KION_USER.username,
      CLOUDTAMER_PASSWORD: KION_USER.password,
      CLOUDTAMER_IDMS_ID: String(KION_USER.idms),
    };
  }

  addAccount(accountId: string, ...roles: string[]): void {
    const projectId = this.projects.size + 11;
    this.projects.set(accountId, projectId);
    this.roles.set(projectId, roles);
  }

  /** As after a restart: nobody is logged in. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request).catch(() => '');
    const arrival: KionArrival = {
      line: `${request.method} ${request.url?.replace(/^\/api/, '')}`,
      authorization: request.headers.authorization,
      body: sent === '' ? undefined : (JSON.parse(sent) as unknown),
    };
    this.arrivals.push(arrival);
    const answer = this.intercept(arrival) ?? this.#answer(arrival);
    if (answer === 'hang') return;
    if (answer === 'break') {
      request.socket.destroy();
      return;
    }
    const { status, body, location } = answer;
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  #answer({ line, authorization, body }: KionArrival): KionAnswer {
    if (line === 'POST /v3/token') return this.#logIn(body);
    if (!this.#tokens.has(authorization?.replace(/^Bearer /, '') ?? '')) {
      return refusal(401, 'Unauthorized');
    }
    if (line === 'GET /v3/account') {
      const accounts = [...this.projects].map(([number, project]) => {
        return { account_number: number, project_id: project };
      });
      return success(accounts);
    }
    const project = /^GET \/v3\/project\/(\d+)\/cloud-access-role\?assumable=true$/.exec(line)?.[1];
    if (project !== undefined) {
      const roles = this.roles.get(Number(project));
      const listed = roles?.map((name) => ({ aws_iam_role_name: name })) ?? null;
      return success({ ou_cloud_access_roles: listed });
    }
    if (line === 'POST /v3/temporary-credentials') return this.#issue(body);
    return refusal(404, 'Not found');
  }

  #logIn(body: unknown): KionAnswer {
    const { username, password, idms } = KION_USER;
    if (JSON.stringify(body) !== JSON.stringify({ username, password, idms })) {
      return refusal(400, 'Invalid username or password.');
    }
    const token = this.#secret('token');
    this.#tokens.add(token);
    return success({ access: { token } });
  }

  #issue(body: unknown): KionAnswer {
    const access_key = `ASIAKION${String(++this.#issued).padStart(4, '0')}`;
    this.onIssued(access_key, (body as { account_number: string }).account_number);
    const keys = { secret_access_key: this.#secret('key'), session_token: this.#secret('session') };
    return success({ access_key, ...keys });
  }

  #secret(kind: string): string {
    const secret = `${kind}+/${this.secrets.length}-Zm9yIHlvdXIgZXllcyBvbmx5=`;
    this.secrets.push(secret);
    return secret;
  }
}

function success(data: unknown): KionAnswer {
  return { status: 200, body: { status: 200, data } };
}

/** As the server says no. */
export function refusal(status: number, message: string): KionAnswer {
  return { status, body: { status, data: { message } } };
}
