import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { shellWord } from '../../src/shell-word.ts';

const EXAMPLE = fileURLToPath(new URL('.', import.meta.url));
const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/** All is faster here than on AWS; so is the silence before a takeover, usually of 10 seconds. */
const LOCK = { LeaseSeconds: 3, HeartbeatSeconds: 1 };

/** Where the demo plays: a sandbox, a folder with a configuration, and this terminal. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly folder: string;

  constructor(sandbox: Sandbox, folder: string) {
    this.sandbox = sandbox;
    this.folder = folder;
  }

  /** Puts the example's configuration into the folder, with a shorter lease than the usual 10 s. */
  async furnish(): Promise<void> {
    const text = await readFile(join(EXAMPLE, 'deploy-config.json'), 'utf8');
    const config = { ...(JSON.parse(text) as object), Lock: LOCK };
    await writeFile(join(this.folder, 'deploy-config.json'), JSON.stringify(config, null, 2));
  }

  /**
   * Shows a command and runs it, as a person would at this terminal.
   * @throws {Error} when it fails.
   */
  async run(program: string, ...args: string[]): Promise<void> {
    const [code] = (await once(this.start(program, ...args), 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${program} ended with ${code}.`);
  }

  /** Runs a command that tells by its exit code what it has found. */
  async look(program: string, ...args: string[]): Promise<void> {
    await once(this.start(program, ...args), 'exit');
  }

  /** Shows a command and starts it. */
  start(program: string, ...args: string[]): ChildProcess {
    say(`$ ${[program, ...args].map(shellWord).join(' ')}`);
    const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...environment } = process.env;
    return spawn(process.execPath, [join(DIST, `${program}.js`), ...args], {
      cwd: this.folder,
      stdio: 'inherit',
      env: { ...environment, ...this.sandbox.env },
    });
  }

  /** Where clients reach the app: both nodes of its load balancer in dev. */
  urls(): string[] {
    return this.sandbox
      .balancers()
      .filter(({ loadBalancerArn }) => loadBalancerArn.includes('/hello-dev/'))
      .map(({ url }) => url);
  }
}

/** Waits for real. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Prints what happens next. */
export function say(text: string): void {
  print(`\n▸ ${text}`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
