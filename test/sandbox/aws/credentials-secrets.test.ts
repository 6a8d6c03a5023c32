/**
 * Goal: no password, token or key is shown or logged, however a command fails.
 * Method: whole commands in this process, with a Kion server whose secrets are known and an AWS that
 * repeats what it was sent; then all that they printed and logged is searched.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addCommands, COMMAND_NAMES } from '../../../cmd/commands/index.ts';
import { run } from '../../../cmd/main.ts';
import { masked } from '../../../cmd/masked.ts';
import { captureIo } from '../../unit/cmd/capture.ts';
import { TWO_APPS } from '../../unit/config/fixtures/two-apps.ts';
import { KionServer, refusal } from '../../support/kion-server.ts';

let kion: KionServer;
let folder: string;
let closeAws: () => Promise<void>;

beforeEach(async () => {
  kion = await KionServer.start();
  folder = await mkdtemp(path.join(tmpdir(), 'secrets-'));
  const config = JSON.parse(TWO_APPS) as Record<string, unknown>;
  config['Credentials'] = { Provider: 'kion', Roles: ['deployer'] };
  await writeFile(path.join(folder, 'deploy-config.json'), JSON.stringify(config));
  for (const accountId of ['111122223333', '444455556666']) kion.addAccount(accountId, 'deployer');
  closeAws = await startEchoingAws();
});
afterEach(async () => {
  await kion.close();
  await closeAws();
  await rm(folder, { recursive: true });
});

/** Complains about every signature as AWS does: with the request that it has seen. */
async function startEchoingAws(): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const headers = JSON.stringify(request.headers);
    const message = `The Canonical String should have been ${headers} ${kion.secrets.join(' ')}`;
    request.resume();
    const isQuery = request.headers['x-amz-target'] === undefined;
    response.writeHead(403, {
      'content-type': isQuery ? 'text/xml' : 'application/x-amz-json-1.1',
    });
    response.end(
      isQuery
        ? `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`
        : JSON.stringify({ __type: 'AccessDeniedException', message }),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const before = process.env['AWS_ENDPOINT_URL'];
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
    else process.env['AWS_ENDPOINT_URL'] = before;
    server.closeAllConnections();
    return new Promise((resolve) => {
      server.close(() => resolve());
    });
  };
}

/** @returns all that was printed and logged. */
async function told(commandLine: string): Promise<string> {
  const io = { ...captureIo(kion.env), cwd: folder };
  const write = (text: string) => void (io.out += text);
  const exitCode = await run(
    { name: 'ecs-deploy', addCommands, commandNames: COMMAND_NAMES },
    [...commandLine.split(' '), '-config', path.join(folder, 'deploy-config.json')],
    masked({ ...io, stdout: { write }, stderr: { write } }),
  );
  expect(exitCode).toBeGreaterThan(0);
  expect(exitCode).toBeLessThan(70);
  const log = await readFile(path.join(folder, 'log'), 'utf8').catch(() => '');
  return io.out + log;
}

const DEPLOY = '-app net-conf -env dev -sha abcd1234 -config-sha c';

test.each([
  `${DEPLOY} -log-file log`,
  `${DEPLOY} -output json -log-file log`,
  'status -app net-conf',
  'lock hold -app net-conf -env dev -m why',
  'init',
])('secrets that AWS repeats are masked: %s', async (commandLine) => {
  const text = await told(commandLine);

  expect(text).toContain('The Canonical String should have been');
  expect(kion.secrets.length).toBeGreaterThan(3);
  for (const secret of kion.secrets) expect(text).not.toContain(secret);
  expect(text).toContain('***');
});

test.each([`${DEPLOY} -log-file log`, 'status -app net-conf', 'init'])(
  'secrets that Kion repeats are masked: %s',
  async (commandLine) => {
    kion.intercept = ({ line }) =>
      line === 'POST /v3/temporary-credentials'
        ? refusal(403, `No credentials for ${kion.secrets.join(' and ')}`)
        : undefined;

    const text = await told(commandLine);

    expect(text).toContain('No credentials for ***');
    expect(text).toContain('Check what your user may do in CloudTamer/Kion.');
    for (const secret of kion.secrets) expect(text).not.toContain(secret);
  },
);

test('missing variables are told with the command, and nothing is sent', async () => {
  const { CLOUDTAMER_PASSWORD: _password, ...env } = kion.env;
  const io = captureIo(env);

  const exitCode = await run(
    { name: 'ecs-deploy', addCommands, commandNames: COMMAND_NAMES },
    [...DEPLOY.split(' '), '-config', path.join(folder, 'deploy-config.json')],
    masked(io),
  );

  expect(exitCode).toBe(2);
  expect(io.err).toMatch(/CLOUDTAMER_PASSWORD is not set in the environment/);
  expect(kion.arrivals).toEqual([]);
});
