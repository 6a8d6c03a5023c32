import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Bug, changesOf, withBug } from './bug.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JEST_GLOBALS = fileURLToPath(new URL('./jest-globals.ts', import.meta.url));
const COLLECTED_TESTS = fileURLToPath(new URL('./collected-tests.ts', import.meta.url));

/**
 * Makes one ES module of a test file and the sources that it loads; it exports `runCollected`, which
 * runs the tests. Packages stay outside, so the module must lie under `ROOT`.
 * @param bug is brought into its source on the way; the file itself is not touched.
 * @throws {Error} when the bug doesn't fit, when a file of it is not loaded, or when one is no code.
 */
export async function bundleTests(testFile: string, bug?: Bug): Promise<string> {
  const changed = bug ? await changedSources(bug) : new Map<string, string>();
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: [
        `import ${quoted(join(ROOT, testFile))};`,
        `export * from ${quoted(COLLECTED_TESTS)};`,
      ].join('\n'),
      resolveDir: ROOT,
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    tsconfigRaw: {}, // As in Jest: scripts/jest-esbuild.mjs.
    define: Object.fromEntries(META.map((name) => [`import.meta.${name}`, `importMeta_${name}`])),
    plugins: [asInJest(changed)],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  for (const { file } of bug ? changesOf(bug) : []) {
    if (file in metafile.inputs) continue;
    throw new Error(`The bug "${bug?.id}" is in ${file}, which ${testFile} doesn't load.`);
  }
  return outputFiles[0]!.text;
}

/** The sources that a bug changes, by their paths. */
async function changedSources(bug: Bug): Promise<ReadonlyMap<string, string>> {
  const files = [...new Set(changesOf(bug).map(({ file }) => file))];
  const sources = await Promise.all(
    files.map(async (file) => {
      const path = join(ROOT, file);
      return [path, withBug(await readFile(path, 'utf8'), bug, file)] as const;
    }),
  );
  return new Map(sources);
}

const quoted = (text: string) => JSON.stringify(text);

const META = ['url', 'filename', 'dirname'] as const;

/** Every module keeps its own address, by which tests and sources find files beside them. */
function metaOf(path: string): string {
  const meta = {
    url: pathToFileURL(path).href,
    filename: path,
    dirname: join(path, '..'),
  };
  return META.map((name) => `const importMeta_${name} = ${quoted(meta[name])};`).join(' ');
}

function asInJest(changed: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'as-in-jest',
    setup(bundler) {
      bundler.onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: JEST_GLOBALS }));
      bundler.onLoad({ filter: /\.[mc]?[jt]s$/, namespace: 'file' }, async ({ path }) => {
        const source = changed.get(path) ?? (await readFile(path, 'utf8'));
        // On the first line, so that the others keep their numbers.
        const contents = source.includes('import.meta.') ? `${metaOf(path)} ${source}` : source;
        return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' };
      });
    },
  };
}
