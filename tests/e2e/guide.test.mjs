/* SPDX-License-Identifier: MIT */
// Every page that the guide's commands write, opened in a real browser without a network.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { closePage, launch, until } from './support/browser.mjs';
import { build } from './support/daemon.mjs';
import { openFigure, rest } from './support/figure.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/guide-imshow.md'), 'utf8');
const sections = [...guide.matchAll(/^```sh ([\w-]+)$/gm)].map((match) => match[1]);

let browser;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guide-'));
  const run = join(root, 'tests/guide/run.py');
  execFileSync('/usr/bin/python3', ['-B', run, '--commands', build, folder], { stdio: 'inherit' });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What plotly made of the figure. */
function look(page) {
  return page.evaluate(() => {
    const figure = document.getElementById('figure');
    return {
      traces: figure._fullData.length,
      visible: figure._fullData.filter((trace) => trace.visible === true).length,
      frames: (figure._transitionData?._frames ?? []).length,
      sliders: document.querySelectorAll('#figure .slider-container').length,
      pictures: document.querySelectorAll('#figure .im image, #figure .hm image').length,
    };
  });
}

test('the guide has its sections', () => {
  assert.ok(sections.length >= 25, `${sections.length} sections`);
});

test('an animation that runs by itself is stopped by its button without an error', async () => {
  const page = await openFigure(browser, join(folder, 'animation.html'));
  await page.locator('#figure .updatemenu-button').nth(1).click();
  // plotly keeps a request for the next picture of the animation while it runs.
  const isStopped = () => {
    const { _animationRaf: request } = document.getElementById('figure')._transitionData;
    return !request;
  };
  await until(() => page.evaluate(isStopped), 'the animation stands');
  await closePage(page);
});

for (const name of sections) {
  test(`the page of "${name}" opens offline without errors`, async () => {
    const page = await openFigure(browser, join(folder, `${name}.html`));
    await rest(page);
    const wanted = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    const seen = await look(page);
    assert.equal(seen.traces, wanted.data.length);
    assert.equal(seen.visible, wanted.data.length);
    assert.equal(seen.frames, wanted.frames?.length ?? 0);
    assert.equal(seen.sliders, wanted.layout.sliders?.length ?? 0);
    const drawn = wanted.data.filter(({ type }) => type === 'image' || type === 'heatmap');
    assert.equal(seen.pictures, drawn.length);
    await closePage(page);
  });
}
