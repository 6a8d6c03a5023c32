import type { Git } from '../config/identity.ts';

/** Runs git without a shell. A program that can't be started counts as an exit with code 127. */
export const git: Git = async (args, cwd) => {
  const { execa } = await import('execa'); // Slow to load; -config-sha needs no git.
  const result = await execa('git', args, { cwd, reject: false, stdin: 'ignore' });
  const { exitCode = 127, stdout, stderr } = result;
  return {
    exitCode,
    stdout,
    stderr: result.exitCode === undefined ? (result.originalMessage ?? '') : stderr,
  };
};
