/* SPDX-License-Identifier: MIT */
// What the link may take off a picture, pinned by the reader, in a real browser on the real daemon.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closePage, launch, openPage, until, untilView, viewOf } from './support/browser.mjs';
import { startDaemon } from './support/daemon.mjs';

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

const LINK = '[data-stream="lab"] details.bounds';
const input = (name) => `${LINK} input[name="${name}"]`;

async function captured() {
  const answer = await fetch(`${daemon.url}/api/v1/streams/lab`);
  return (await answer.json()).captured;
}

async function set(page, name, value) {
  await page.fill(input(name), value);
  await page.press(input(name), 'Enter');
}

/** Pictures painted while the camera gave so many frames. */
async function paintedDuring(page, frames) {
  const end = (await captured()) + frames;
  const { painted } = await untilView(page, 'lab', (view) => view.painted > 0);
  await until(async () => (await captured()) >= end, `${frames} more frames`);
  return (await viewOf(page, 'lab')).painted - painted;
}

const kept = (page) => page.evaluate(() => localStorage.getItem('imshowd.link.lab'));

test('bounds that the reader pins hold at once, and again when the page comes back', async () => {
  const page = await openPage(browser, daemon.url, '#/lab');
  try {
    await untilView(page, 'lab', (view) => view.painted > 2);
    assert.equal(await page.textContent(`${LINK} summary`), 'link: adapts');
    await page.click(`${LINK} summary`);
    assert.equal(await page.getAttribute(input('quality_min'), 'placeholder'), '40');
    await set(page, 'rate_max', '0.1');
    assert.equal(await page.textContent(`${LINK} summary`), 'link: adapts, at most 0.1/s');
    // The bound holds from the answer on; a picture or two were on their way.
    await until(async () => (await paintedDuring(page, 12)) <= 1, 'pictures stop');

    await page.reload();
    await untilView(page, 'lab', (view) => view.painted > 0);
    assert.equal(await page.inputValue(input('rate_max')), '0.1');
    assert.ok((await paintedDuring(page, 12)) <= 2);

    await page.click(`${LINK} summary`);
    await set(page, 'rate_max', '');
    const { painted } = await viewOf(page, 'lab');
    await untilView(page, 'lab', (view) => view.painted > painted + 5);
    assert.equal(await kept(page), null);
  } finally {
    await closePage(page);
  }
});

test('without adapting its bounds cannot be set, and a number out of range becomes the nearest', async () => {
  const page = await openPage(browser, daemon.url, '#/lab');
  try {
    await page.click(`${LINK} summary`);
    await set(page, 'quality_min', '70');
    await set(page, 'scale_max', '99');
    assert.equal(await page.inputValue(input('scale_max')), '32');
    assert.equal(await page.textContent(`${LINK} summary`), 'link: adapts within bounds');
    await page.uncheck(input('adapt'));
    assert.equal(await page.isDisabled(input('quality_min')), true);
    assert.equal(await page.isDisabled(input('rate_max')), false);
    assert.equal(await page.textContent(`${LINK} summary`), 'link: as asked');
    const { painted } = await untilView(page, 'lab', (view) => view.painted > 0);
    await untilView(page, 'lab', (view) => view.painted > painted + 2);
    assert.deepEqual(JSON.parse(await kept(page)), {
      adapt: false,
      quality_min: 70,
      scale_max: 32,
      rate_max: 0,
    });
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  } finally {
    await closePage(page);
  }
});

test('the daemon ends cleanly', async () => {
  await daemon.stop();
});
