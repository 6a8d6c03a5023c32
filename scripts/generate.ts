/**
 * Writes the files that are made from code: `npm run generate`. With `--check` it writes nothing and
 * fails when one is not what the code makes.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { configSchemaFile } from './generate/config-schema.ts';
import { exitCodesFile } from './generate/exit-codes.ts';
import { stepsFile } from './generate/steps.ts';
import type { GeneratedFile } from './generate/generated-file.ts';

/** Add a line here to have another file generated and checked. */
const FILES: readonly GeneratedFile[] = [configSchemaFile, exitCodesFile, stepsFile];

const root = path.resolve(import.meta.dirname, '..');
const stale: GeneratedFile[] = [];
for (const generated of FILES) {
  const current = await readFile(path.join(root, generated.file), 'utf8').catch(() => undefined);
  if (current !== generated.content()) stale.push(generated);
}

if (process.argv.includes('--check')) {
  for (const { file } of stale) console.error(`${file} is not what the code makes.`);
  if (stale.length > 0) {
    console.error('Run `npm run generate` and commit the result.');
    process.exitCode = 1;
  }
} else {
  for (const generated of stale) {
    const file = path.join(root, generated.file);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, generated.content());
    console.log(`Wrote ${generated.file}.`);
  }
}
