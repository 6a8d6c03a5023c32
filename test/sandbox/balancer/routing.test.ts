/** What a node does with requests and answers when all is well. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { until } from '../runtime/processes.ts';
import { exchangeBytes } from './exchange-bytes.ts';
import { LoadBalancer } from './load-balancer.ts';

let lb: LoadBalancer;
let nodes: [string, string];

beforeEach(async () => {
  lb = new LoadBalancer();
  nodes = await lb.urls();
});

afterEach(async () => {
  await lb.close();
});

test('each listener has two nodes, and both route', async () => {
  const blue = await lb.addApp('blue', 'v1');
  await lb.untilState('blue', blue, 'healthy');

  expect(nodes[0]).not.toBe(nodes[1]);
  expect(lb.balancers.nodes()).toMatchObject([
    { listenerArn: lb.listenerArn, listenerPort: 80, node: 0, url: nodes[0] },
    { listenerArn: lb.listenerArn, listenerPort: 80, node: 1, url: nodes[1] },
  ]);
  for (const url of nodes) {
    const response = await fetch(`${url}/`);
    expect([response.status, await response.json()]).toEqual([200, { version: 'v1' }]);
  }
});

test('the access log says where each request went', async () => {
  const blue = await lb.addApp('blue', 'v1');
  await lb.untilState('blue', blue, 'healthy');
  const heard: unknown[] = [];
  lb.balancers.accessLog.subscribe((entry) => heard.push(entry));

  await fetch(`${nodes[1]}/a?b=c`, { method: 'POST', body: 'x' });
  const entry = await lb.logged();

  expect(entry).toEqual({
    timeMs: expect.any(Number),
    durationMs: expect.any(Number),
    node: 1,
    listenerArn: lb.listenerArn,
    ruleArn: lb.ruleArns.blue,
    targetGroupArn: lb.targetGroupArns.blue,
    target: `${blue.address}:8080`,
    taskArn: 'task/v1',
    taskSetId: 'set/v1',
    targetState: 'healthy',
    method: 'POST',
    path: '/a?b=c',
    elbStatusCode: 200,
    targetStatusCode: 200,
  });
  expect(heard).toEqual([entry]);
});

test('the target sees the client and its headers, but not those of the connection', async () => {
  let seen: IncomingMessage | undefined;
  await lb.addApp('blue', 'v1', (request, response) => {
    if (request.url !== '/health') seen = request;
    response.end();
  });

  await exchangeBytes(
    nodes[0],
    [
      'GET /a%20b?c=1&c=2 HTTP/1.1',
      'Host: shop.example.com:8443',
      'X-Forwarded-For: 10.1.1.1',
      'X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Self=old;CalledFrom=app',
      'X-Twice: one',
      'X-Twice: two',
      'X-Hop: secret',
      'Keep-Alive: timeout=9',
      'Connection: close, X-Hop',
      '\r\n',
    ].join('\r\n'),
  );

  expect(seen?.url).toBe('/a%20b?c=1&c=2');
  expect(seen?.headers).toMatchObject({
    host: 'shop.example.com:8443',
    'x-forwarded-for': '10.1.1.1, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '80',
    'x-twice': 'one, two',
    'x-amzn-trace-id': expect.stringMatching(
      /^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-5759e988-bd862e3fe1be46a994272793;CalledFrom=app$/,
    ),
  });
  expect(seen?.headers).not.toHaveProperty('x-hop');
  expect(seen?.headers).not.toHaveProperty('keep-alive');
});

test('a request without a trace gets a root', async () => {
  let trace: unknown;
  await lb.addApp('blue', 'v1', (request, response) => {
    if (request.url !== '/health') trace = request.headers['x-amzn-trace-id'];
    response.end();
  });

  await fetch(`${nodes[0]}/`);

  expect(trace).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
});

test('the client sees the answer as the target gave it', async () => {
  await lb.addApp('blue', 'v1', (_, response) => {
    response.writeHead(299, 'Fine', [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Hop', 'secret'],
      ['Connection', 'X-Hop'],
    ] as never);
    response.end('body');
  });

  const received = await exchangeBytes(
    nodes[0],
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );

  expect(received).toMatch(/^HTTP\/1.1 299 Fine\r\n/);
  expect(received).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n');
  expect(received).not.toContain('X-Hop');
  expect(received).toContain('body');
});

test('bodies are streamed both ways', async () => {
  await lb.addApp('blue', 'v1', (request, response) => void request.pipe(response));
  const got: string[] = [];

  // The second half is sent only after the first has come back.
  const request = httpRequest(nodes[0], { method: 'POST' });
  request.write('first');
  await new Promise<void>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        got.push(chunk);
        if (got.length === 1) request.end('second');
      });
      response.on('end', resolve);
    });
  });

  expect(got).toEqual(['first', 'second']);
});

test('a large body arrives whole, in both directions', async () => {
  await lb.addApp('blue', 'v1', (request, response) => void request.pipe(response));
  const body = 'x'.repeat(5_000_000);

  // A stream has no known length, so that it is sent in chunks.
  const stream = Readable.toWeb(Readable.from([body])) as ReadableStream;
  const [whole, chunked] = await Promise.all([
    fetch(nodes[0], { method: 'PUT', body }),
    fetch(nodes[1], { method: 'POST', body: stream, duplex: 'half' }),
  ]);

  expect((await whole.text()).length).toBe(body.length);
  expect((await chunked.text()).length).toBe(body.length);
});

test('an open connection follows its node to the other colour', async () => {
  const blue = await lb.addApp('blue', 'v1');
  const green = await lb.addApp('green', 'v2');
  await lb.untilState('blue', blue, 'healthy');
  await lb.untilState('green', green, 'healthy');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports: (number | undefined)[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      const request = httpRequest(nodes[0], { agent }, (response) => {
        ports.push(response.socket.localPort);
        response.setEncoding('utf8').on('data', resolve);
      });
      request.on('error', reject).end();
    });

  const before = await ask();
  lb.swapTo('green');
  const after = await ask();

  expect([before, after]).toEqual(['{"version":"v1"}', '{"version":"v2"}']);
  expect(ports[0]).toBe(ports[1]);
  agent.destroy();
});

test('connections to a target are used again, and closed when it is gone', async () => {
  const sockets = new Set<number | undefined>();
  let open = 0;
  const blue = await lb.addApp('blue', 'v1', (request, response) => {
    if (request.url !== '/health') sockets.add(request.socket.remotePort);
    response.end();
  });
  blue.server.keepAliveTimeout = 0; // Never: it is the load balancer that has to close them.
  blue.server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });

  for (let count = 0; count < 5; count++) await (await fetch(`${nodes[0]}/`)).text();
  expect(sockets.size).toBe(1);
  expect(open).toBeGreaterThanOrEqual(1);

  lb.deregister('blue', blue);
  await lb.untilState('blue', blue, 'unused');
  await until(() => open === 0);
});

test('a fixed response and a redirect come from the load balancer itself', async () => {
  lb.addRule('/old', 10, {
    Type: 'redirect',
    RedirectConfig: { Protocol: 'HTTPS', Port: '443', Path: '/new', StatusCode: 'HTTP_301' },
  });
  lb.addRule('/teapot', 11, {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '418', ContentType: 'text/plain', MessageBody: 'short' },
  });
  lb.deleteRule('blue');
  lb.deleteRule('green');

  const redirect = await fetch(`${nodes[0]}/old?x=1`, { redirect: 'manual' });
  const fixed = await fetch(`${nodes[0]}/teapot`);
  const otherwise = await fetch(`${nodes[0]}/`);

  expect(redirect.status).toBe(301);
  expect(redirect.headers.get('location')).toBe('https://127.0.0.1:443/new?x=1');
  expect([fixed.status, await fixed.text()]).toEqual([418, 'short']);
  expect(fixed.headers.get('server')).toBe('awselb/2.0');
  expect([otherwise.status, await otherwise.text()]).toEqual([404, 'none']);
});

test.each([
  [
    'a WebSocket',
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n',
    501,
  ],
  ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 501],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405],
  ['no host', 'GET / HTTP/1.0\r\n\r\n', 400],
  ['noise', 'this is not HTTP\r\n\r\n', 400],
])('%s is refused', async (_, bytes, status) => {
  await lb.addApp('blue', 'v1');

  const received = await exchangeBytes(nodes[0], bytes);

  expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(received).toContain(`<center><h1>${status} `);
});

test('an offer of HTTP/2 is passed over', async () => {
  await lb.addApp('blue', 'v1');

  const received = await exchangeBytes(
    nodes[0],
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n',
  );

  expect(received).toMatch(/^HTTP\/1.1 200 /);
});

test('a deleted listener accepts no connection', async () => {
  lb.deleteListener();

  await until(async () => {
    const error: unknown = await fetch(nodes[0]).catch((failure: Error) => failure.cause);
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  });
  expect(lb.balancers.nodes()).toEqual([]);
  await expect(lb.balancers.whenListening(lb.listenerArn)).rejects.toThrow('no listener');
});
