/** Lists what is bundled, as the licences of most packages ask of whoever passes them on. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|notice|copying)([.-].*)?$/i;
const RULE = '-'.repeat(80);

/**
 * The text of THIRD-PARTY-NOTICES.txt: name, version, licence and licence texts of every package
 * with code in the outputs, by name.
 * @param {import('esbuild').Metafile} metafile
 * @throws {Error} when a package says neither in package.json nor in a file what its licence is
 */
export async function notices(metafile) {
  const bundled = Object.values(metafile.outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, input]) => input.bytesInOutput > 0)
    .map(([path]) => folderOfPackage(path))
    .filter((folder) => folder !== undefined);
  const packages = await Promise.all([...new Set(bundled)].map(describePackage));
  packages.sort((a, b) => (a.title < b.title ? -1 : 1));
  const intro = `ecs-deploy contains the following ${packages.length} packages.`;
  return [intro, ...packages.map(({ title, text }) => `${RULE}\n${title}\n\n${text}`), ''].join(
    '\n\n',
  );
}

/** `node_modules/a/node_modules/@b/c` for a file in it; undefined for our own files. */
function folderOfPackage(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function describePackage(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
  if (typeof license !== 'string' && files.length === 0) {
    throw new Error(`${name} ${version} says nothing about its licence: it must not be bundled`);
  }
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const text =
    texts.map((one) => one.trim()).join('\n\n') || `No licence file; package.json says: ${license}`;
  return { title: `${name} ${version} (${license ?? 'see below'})`, text };
}
