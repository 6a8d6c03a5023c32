import type { ArtifactAccess } from '../../../cmd/commands/artifact-access.ts';
import { withArtifactDb } from '../../../cmd/commands/artifact-access.ts';
import { artifactDbProgram } from '../../../cmd/commands/artifact.ts';
import { type Program, run } from '../../../cmd/main.ts';

/** How a run of a program ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `artifact-db` as `cmd/artifact-db.ts` does, in this process and with its variables. */
export async function runArtifactDb(
  argv: readonly string[],
  program: Program = artifactDbProgram,
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await run(program, argv, ioOf(written));
  return { exitCode, ...written };
}

/** What the commands work with, for a look at what they did. */
export function accessArtifactDb<Result>(
  use: (access: ArtifactAccess) => Promise<Result>,
): Promise<Result> {
  const session = { name: 'test', io: ioOf({ stdout: '', stderr: '' }) };
  return withArtifactDb({ region: 'us-east-1', table: 'ArtifactDB' }, session, use);
}

function ioOf(written: { stdout: string; stderr: string }) {
  return {
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    env: process.env,
    cwd: process.cwd(),
  };
}
