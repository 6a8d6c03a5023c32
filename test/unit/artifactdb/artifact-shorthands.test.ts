import { expect, test } from '@jest/globals';
import { expandShorthands } from '../../../cmd/commands/artifact-shorthands.ts';

test.each<[string[], string[]]>([
  [['-phello'], ['-p=hello']],
  [['-p=hello'], ['-p=hello']],
  [
    ['-p', 'hello'],
    ['-p', 'hello'],
  ],
  [['-jphello'], ['-j', '-p=hello']],
  [
    ['-jp', 'hello'],
    ['-j', '-p', 'hello'],
  ],
  [['-t{"SHA":"a=b"}'], ['-t={"SHA":"a=b"}']],
  [
    ['-c', 'a:1', '-cb:2'],
    ['-c', 'a:1', '-c=b:2'],
  ],
  // With one dash, all our programs take whole names. None of them is a letter with a value.
  [
    ['-project', 'hello', '-json'],
    ['-project', 'hello', '-json'],
  ],
  // A value may look like anything.
  [
    ['-v', '-phello', '--region', '-tx'],
    ['-v', '-phello', '--region', '-tx'],
  ],
  [
    ['-v', 'one\n-phello'],
    ['-v', 'one\n-phello'],
  ],
  [['-vone\ntwo'], ['-v=one\ntwo']],
  // Empty tags are none.
  [
    ['-t', ''],
    ['-t', 'null'],
  ],
  [
    ['--tags', ''],
    ['--tags', 'null'],
  ],
  [
    ['-t=', '--tags='],
    ['-t=null', '--tags=null'],
  ],
  [
    ['-p', '', '-v='],
    ['-p', '', '-v='],
  ],
  // What nobody knows is left to those who complain about it.
  [
    ['get', '-x', '-xyz', '--', '-phello'],
    ['get', '-x', '-xyz', '--', '-phello'],
  ],
  [
    ['-b', '-1', '-', '--json', '-12'],
    ['-b', '-1', '-', '--json', '-12'],
  ],
])('%j is read as %j', (argv, expanded) => {
  expect(expandShorthands(argv)).toEqual(expanded);
});
