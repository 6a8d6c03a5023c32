/**
 * Bundles the executables into dist/. Everything is in it, the AWS SDK included: one read per chunk
 * starts several times faster than the hundreds of files of node_modules.
 *
 *     node scripts/build.mjs [--sourcemap]
 */
import { execFile } from 'node:child_process';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { mergeChunks } from './merge-chunks.mjs';
import { notices } from './notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const { bin, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const programs = Object.keys(bin);

/** What is loaded together: each stage's shared code is one file. See scripts/merge-chunks.mjs. */
const STAGES = {
  start: programs.map((program) => `cmd/${program}.ts`),
  arguments: ['cmd/main.ts', 'cmd/commands/index.ts', 'cmd/commands/artifact.ts'],
  aws: ['src/aws/clients.ts', 'cmd/commands/artifact-access.ts'],
  dynamodb: ['src/aws/sdk/dynamodb.ts'],
  config: ['cmd/app-status-app.ts', 'cmd/status-app.ts'],
  ports: ['src/aws/region-reads.ts', 'src/aws/sdk/ecs.ts', 'src/aws/sdk/elb.ts'],
  deploy: ['cmd/deploy-app.ts'],
};

// Twice: the programs themselves say what their help is, and it is then built in.
await bundle({});
// As one text: esbuild would set up an object anew in every file.
const help = JSON.stringify(await helpOfAll());
const { metafile } = await bundle({ ECS_DEPLOY_HELP: JSON.stringify(help) });
await Promise.all([
  ...programs.map((program) => chmod(executable(program), 0o755)),
  writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), await notices(metafile)),
]);

async function bundle(define) {
  await rm(dist, { recursive: true, force: true });
  const form = {
    absWorkingDir: root,
    outdir: dist,
    // For a .js file Node looks for the package.json that says what it is, for each chunk again.
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // Names are lost, also in the stacks of bug reports: the same commit built with --sourcemap has
    // them. In return the first AWS request leaves a tenth earlier.
    minify: true,
    logLevel: 'warning',
    legalComments: 'none', // They are in THIRD-PARTY-NOTICES.txt.
    // Some bundled packages are CommonJS and call `require`, which ES modules have not. With all of
    // the packages bundled, only Node's own modules are left to ask for.
    banner: { js: 'const require=process.getBuiltinModule;' },
  };
  const result = await build({
    ...form,
    entryPoints: programs.map((program) => `cmd/${program}.ts`),
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    // Of a package with both, the ES modules: unused parts fall away, and named imports work when a
    // package is loaded by `import()`.
    mainFields: ['module', 'main'],
    // What a command does is a chunk of its own, loaded when it runs.
    splitting: true,
    metafile: true,
    sourcemap: 'inline', // Always: the chunks' names have the hashes of what is in them.
    define: { ECS_DEPLOY_VERSION: JSON.stringify(version), ...define },
    alias: standIns('string-width.mjs', 'strip-ansi.mjs', 'wrap-ansi.mjs'),
  });
  const { outputs } = result.metafile;
  const sourcemap = process.argv.includes('--sourcemap') ? 'external' : false;
  await mergeChunks(outputs, { ...form, sourcemap }, STAGES);
  // But the executables have the names that package.json gives them.
  const executables = programs.map((program) =>
    rename(join(dist, `${program}.mjs`), executable(program)),
  );
  await Promise.all(executables);
  return result;
}

function executable(program) {
  return join(dist, `${program}.js`);
}

/** @returns the name and the help of every program. */
async function helpOfAll() {
  const run = promisify(execFile);
  const helpOf = async (program) => {
    const { stdout } = await run(process.execPath, [executable(program), '--help']);
    return [program, stdout.trimEnd()];
  };
  return Object.fromEntries(await Promise.all(programs.map(helpOf)));
}

/** What yargs loads and hardly needs, and what is bundled in its place; each file says why. */
function standIns(...files) {
  return Object.fromEntries(files.map((file) => [parse(file).name, `./scripts/stand-ins/${file}`]));
}
