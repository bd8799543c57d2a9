/* SPDX-License-Identifier: MIT */
// node build.mjs [--tests] [--out DIR]: bundles the page into DIR (dist), or its unit tests into dist-test.
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const argument = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

const common = { absWorkingDir: here, bundle: true, logLevel: 'warning', legalComments: 'none' };

/** index.html lies at the root, what it needs in assets/, as the daemon serves them. */
async function buildPage(out) {
  const assets = join(out, 'assets');
  await mkdir(assets, { recursive: true });
  await build({
    ...common,
    entryPoints: { page: 'src/page/page.ts', worker: 'src/worker/worker.ts' },
    outdir: assets,
    format: 'iife',
    minify: true,
    target: ['chrome109', 'firefox115', 'safari16.4'],
  });
  await copyFile(join(here, 'src', 'index.html'), join(out, 'index.html'));
  // For pages of a single figure: plotly's own bundle, which sets window.Plotly.
  await copyFile(
    join(here, 'node_modules', 'plotly.js-cartesian-dist-min', 'plotly-cartesian.min.js'),
    join(assets, 'plotly.js'),
  );
  for (const name of ['style.css', 'recordings.css', 'icon.svg']) {
    await copyFile(join(here, 'src', name), join(assets, name));
  }
}

async function buildTests(out) {
  await rm(out, { recursive: true, force: true });
  const names = (await readdir(join(here, 'test'))).filter((name) => name.endsWith('.test.ts'));
  await build({
    ...common,
    entryPoints: names.map((name) => `test/${name}`),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    entryNames: '[name]',
    format: 'esm',
    platform: 'node',
    target: 'node18',
    sourcemap: 'inline',
  });
}

if (process.argv.includes('--tests')) {
  await buildTests(join(here, 'dist-test'));
} else {
  await buildPage(resolve(argument('--out') ?? join(here, 'dist')));
}
