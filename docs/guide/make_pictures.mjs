/* SPDX-License-Identifier: MIT */
// node make_pictures.mjs BUILD: makes the pictures of docs/guide-imshow.md anew, from its own commands,
// in Chromium.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closePage, launch } from '../../tests/e2e/support/browser.mjs';
import { openFigure, rest } from '../../tests/e2e/support/figure.mjs';

const here = fileURLToPath(new URL('./', import.meta.url));
const build = process.argv[2] ?? join(here, '../../build/release');
const folder = mkdtempSync(join(tmpdir(), 'guide-'));

execFileSync('/usr/bin/python3', ['-B', join(here, '../../tests/guide/run.py'), '--commands', build, folder], {
  stdio: 'inherit',
});
const browser = await launch();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.html'))) {
  const page = await openFigure(browser, join(folder, file), { width: 600, height: 420 });
  await rest(page);
  await page.screenshot({ path: join(here, `${basename(file, '.html')}.png`) });
  await closePage(page);
}
await browser.close();
rmSync(folder, { recursive: true });
