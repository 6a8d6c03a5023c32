import type { CommandIo } from '../../../cmd/options.ts';

/** What a command may use of the process, keeping what is written. */
export function captureIo(env: CommandIo['env'] = {}): CommandIo & { out: string; err: string } {
  const io = {
    out: '',
    err: '',
    stdout: { write: (text: string) => void (io.out += text) },
    stderr: { write: (text: string) => void (io.err += text) },
    env,
    cwd: '/nowhere',
  };
  return io;
}
