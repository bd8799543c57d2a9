/* SPDX-License-Identifier: MIT */
// The menu for how values spread over the colours, in a real browser on the real daemon.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, launch, openPage, until, untilView } from './support/browser.mjs';
import { startDaemon } from './support/daemon.mjs';
import { npy } from './support/npy.mjs';

let browser;
let daemon;

before(async () => {
  daemon = await startDaemon(['lab=test:lab']);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.kill();
});

async function push(name, shape, values, query) {
  const answer = await fetch(`${daemon.url}/push/${name}?${query}`, {
    method: 'POST',
    body: npy(shape, values),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const MENU = '[data-stream="counts"] select.transform';
const pixel = (page, x, y) =>
  page.evaluate(([i, j]) => window.imshowd.pixel('counts', i, j), [x, y]);

/** The texts along the colour bar, from below. */
function barTexts(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-stream="counts"] .cbaxis text')].map((t) => t.textContent),
  );
}

test('the menu changes the colours, and the bar tells the values where they are now', async () => {
  // A doubling from pixel to pixel: 1 to 32768.
  const doubling = Float32Array.from({ length: 256 }, (_, i) => 2 ** (i % 16));
  await push('counts', [16, 16], doubling, 'color_continuous_scale=Viridis');
  const page = await openPage(browser, daemon.url, '#/counts');
  try {
    await untilView(page, 'counts', (view) => view.painted > 0 && view.codec === 'raw');
    const dark = await pixel(page, 8, 8);
    await page.selectOption(MENU, 'log');
    await untilView(page, 'counts', (view) => view.codec === 'png' && view.levels.length === 9);
    await until(async () => String(await pixel(page, 8, 8)) !== String(dark), 'another colour');
    const [, green] = await pixel(page, 8, 8);
    assert.ok(green > 110, `the middle of Viridis is green, not ${green}`);
    await until(async () => (await barTexts(page)).length === 9, 'nine texts at the bar');
    const texts = await barTexts(page);
    assert.equal(Number(texts[0]), 1);
    assert.equal(Number(texts[8].replaceAll('−', '-')), 32800);
    assert.ok(Math.abs(Number(texts[4]) / 2 ** 7.5 - 1) < 0.02, texts.join());

    await page.selectOption(MENU, 'linear');
    await untilView(page, 'counts', (view) => view.codec === 'raw' && view.levels.length === 0);
    await until(async () => String(await pixel(page, 8, 8)) === String(dark), 'the colour before');
    await until(async () => (await barTexts(page)).length !== 9, 'the bar has ticks of its own');
  } finally {
    await closePage(page);
  }
});

test('a colour stream has no such menu, and a default of the stream stands in it', async () => {
  await push('counts', [4, 4], new Float32Array(16).map((_, i) => i), '');
  const change = await fetch(`${daemon.url}/api/v1/streams/counts`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ view: { transform: 'sqrt' } }),
  });
  assert.equal(change.status, 200, await change.text());
  const page = await openPage(browser, daemon.url);
  try {
    await untilView(page, 'counts', (view) => view.levels.length === 9);
    assert.equal(await page.inputValue(MENU), 'sqrt');
    await untilView(page, 'lab', (view) => view.painted > 0);
    assert.equal(await page.isVisible('[data-stream="lab"] select.transform'), false);
  } finally {
    await closePage(page);
  }
});

test('the daemon ends cleanly', async () => {
  await daemon.stop();
});
