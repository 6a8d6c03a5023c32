import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Bug, withBug } from './bug.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JEST_GLOBALS = fileURLToPath(new URL('./jest-globals.ts', import.meta.url));
const COLLECTED_TESTS = fileURLToPath(new URL('./collected-tests.ts', import.meta.url));

/**
 * Makes one ES module of a test file and the sources that it loads; it exports `runCollected`, which
 * runs the tests. Packages stay outside, so the module must lie under `ROOT`.
 * @param bug is brought into its source on the way; the file itself is not touched.
 * @throws {Error} when the bug doesn't fit, when its file is not loaded, or when a file is no code.
 */
export async function bundleTests(testFile: string, bug?: Bug): Promise<string> {
  const changed = bug && {
    path: join(ROOT, bug.file),
    source: withBug(await readFile(join(ROOT, bug.file), 'utf8'), bug),
  };
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
  if (bug && !(bug.file in metafile.inputs)) {
    throw new Error(`The bug "${bug.id}" is in ${bug.file}, which ${testFile} doesn't load.`);
  }
  return outputFiles[0]!.text;
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

function asInJest(changed: { path: string; source: string } | undefined): Plugin {
  return {
    name: 'as-in-jest',
    setup(bundler) {
      bundler.onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: JEST_GLOBALS }));
      bundler.onLoad({ filter: /\.[mc]?[jt]s$/, namespace: 'file' }, async ({ path }) => {
        const source = path === changed?.path ? changed.source : await readFile(path, 'utf8');
        // On the first line, so that the others keep their numbers.
        const contents = source.includes('import.meta.') ? `${metaOf(path)} ${source}` : source;
        return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' };
      });
    },
  };
}
