/**
 * Joins what esbuild's splitting has cut fine. It makes a chunk for every set of entry points that
 * share some code: 36 files were loaded before the first AWS request, and to find, read and link a
 * small one costs Node more than the code in it.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

/**
 * Rewrites a split build so that the shared chunks of one stage are one file, which exports what
 * they did under names that are unique. What is loaded by `import()` keeps its file and its exports.
 * @param outputs Of the split build's metafile.
 * @param options Of the split build, as far as they are about the form of its outputs.
 * @param stages By name, entry points that are loaded together, in the order of loading. A chunk
 *   goes to the first stage that needs it, so that no stage imports from a later one.
 */
export async function mergeChunks(outputs, options, stages) {
  const { absWorkingDir: root, outdir } = options;
  const mergedInto = mergedFiles(outputs, stages);
  const others = Object.keys(outputs).filter(
    (file) => file.endsWith('.mjs') && !mergedInto.has(file),
  );
  const nameOf = (file) => relative(outdir, join(root, file)).replace(/\.mjs$/, '');
  await build({
    ...options,
    bundle: true,
    allowOverwrite: true,
    entryPoints: [...others, ...new Set(mergedInto.values())].map((file) => ({
      in: `./${file}`,
      out: nameOf(file),
    })),
    plugins: [mergePlugin(root, outputs, mergedInto)],
  });
  await Promise.all([...mergedInto.keys()].map((chunk) => rm(join(root, chunk))));
}

/** @returns the file of its stage, by shared chunk. */
function mergedFiles(outputs, stages) {
  const mergedInto = new Map();
  for (const [stage, entryPoints] of Object.entries(stages)) {
    const chunks = [...loadedWith(entryPoints, outputs)].filter(
      (file) => !outputs[file].entryPoint && !mergedInto.has(file),
    );
    if (chunks.length === 0) throw new Error(`Nothing is loaded for the stage ${stage}.`);
    // Their names have the hashes of their contents.
    const hash = createHash('sha256').update(chunks.join()).digest('hex').slice(0, 8).toUpperCase();
    for (const chunk of chunks) mergedInto.set(chunk, `${dirname(chunk)}/${stage}-${hash}.mjs`);
  }
  return mergedInto;
}

/** @returns the files that are loaded when the entry points are, themselves included. */
function loadedWith(entryPoints, outputs) {
  const files = new Set();
  const visit = (file) => {
    if (files.has(file)) return;
    files.add(file);
    for (const { path, kind, external } of outputs[file].imports) {
      if (kind === 'import-statement' && !external) visit(path);
    }
  };
  for (const entryPoint of entryPoints) {
    const file = Object.keys(outputs).find((output) => outputs[output].entryPoint === entryPoint);
    if (file === undefined) throw new Error(`${entryPoint} is not loaded by an import() any more.`);
    visit(file);
  }
  return files;
}

/**
 * Within a merged file, chunks see each other as before. Everybody else sees in a chunk's place a
 * module that passes on what the merged file exports; nothing is left of it but the import.
 */
function mergePlugin(root, outputs, mergedInto) {
  const reexport = (chunk, from, pair) => {
    const prefix = basename(chunk, '.mjs').replace(/\W/g, '_');
    const names = outputs[chunk].exports.map((name) => pair(name, `${prefix}_${name}`));
    return `export{${names.join()}}from${JSON.stringify(from)};`;
  };
  const contentsOf = (file) =>
    [...mergedInto.keys()]
      .filter((chunk) => mergedInto.get(chunk) === file)
      .map((chunk) => reexport(chunk, `./${chunk}`, (name, unique) => `${name} as ${unique}`))
      .join('');
  const merged = new Set(mergedInto.values());

  return {
    name: 'merge-chunks',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^\..*\.mjs$/ }, ({ path, kind, importer, namespace, resolveDir }) => {
        const file = relative(root, join(resolveDir, path));
        if (kind === 'entry-point' && merged.has(file)) return { path: file, namespace: 'merged' };
        if (kind === 'entry-point' || namespace === 'merged') return { path: join(root, file) };
        const target = mergedInto.get(file);
        if (kind === 'dynamic-import' || target === undefined) return { path, external: true };
        const own = relative(root, importer);
        if (mergedInto.get(own) === target) return { path: join(root, file) };
        const specifier = `./${relative(dirname(own), target)}`;
        // The suffix: how the merged file is found depends on the importer's folder.
        return {
          path: file,
          suffix: `?${specifier}`,
          namespace: 'elsewhere',
          pluginData: specifier,
        };
      });
      onLoad({ filter: /.*/, namespace: 'merged' }, ({ path }) => ({
        contents: contentsOf(path),
        resolveDir: root,
      }));
      onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path, pluginData: specifier }) => ({
        contents: reexport(path, specifier, (name, unique) => `${unique} as ${name}`),
      }));
    },
  };
}
