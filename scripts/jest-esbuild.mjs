/** The whole of our Jest transform: esbuild strips the types, Jest runs the rest as ES modules. */
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

const OPTIONS = { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline' };

export default {
  process: (source, file) => transformSync(source, { ...OPTIONS, sourcefile: file }),
  // The version and the options are in the key: a cached file from another esbuild must not be used.
  getCacheKey: (source, file) =>
    createHash('sha256')
      .update(JSON.stringify([version, OPTIONS, file, source]))
      .digest('hex'),
};
