/* SPDX-License-Identifier: MIT */
// A 16-bit camera in a real browser: the number under the pointer is the one that the camera wrote.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  closePage, labelAt, launch, openPage, until, untilView, viewOf,
} from './support/browser.mjs';
import { preload } from './support/camera.mjs';
import { startDaemon } from './support/daemon.mjs';

let browser;
let daemon;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imshowd-page-'));
  const devices = ['small', 'large'].map((name) => join(folder, name));
  devices.forEach((path) => writeFileSync(path, ''));
  const env = {
    LD_PRELOAD: preload(),
    FAKECAM_DEVICE: devices.join(':'),
    FAKECAM_FORMATS: 'Y16',
    FAKECAM0_SIZES: '640x480',
    FAKECAM1_SIZES: '1280x1024', // too large to be sent whole: the server is asked
    FAKECAM_FPS: '30',
    FAKECAM1_FAULT: 'drop%5', // so that frames are missing on any machine
  };
  daemon = await startDaemon(devices.map((path) => `v4l2:${path}`), { env });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.kill();
  rmSync(folder, { recursive: true });
});

const INVERSE = (() => {
  for (let i = 1n; ; i += 2n) if ((i * 1009n) % 65536n === 1n) return i;
})();

/** The camera's number of the frame in which pixel (x, y) has this value: see the fake camera's README. */
function frameOf(value, x, y) {
  const rest = BigInt(value - 7 * x - 131 * y) % 65536n;
  return Number(((rest + 65536n) * INVERSE) % 65536n);
}

/** The camera counts from 0, the stream from 1, and both count a lost frame: the difference stays. */
function offsetOf({ seq, value }, x, y) {
  return (((seq - frameOf(value, x, y)) % 65536) + 65536) % 65536;
}

function pick(page, stream, x, y) {
  return page.evaluate(([name, i, j]) => window.imshowd.pick(name, i, j), [stream, x, y]);
}

async function checkHover(stream, width, height, body) {
  const page = await openPage(browser, daemon.url, `#/${stream}`);
  try {
    await untilView(page, stream, (v) => v.painted > 3);
    const offsets = new Set();
    for (const [fx, fy] of [[0.1, 0.2], [0.5, 0.5], [0.83, 0.91], [0.31, 0.77]]) {
      const [x, y] = [Math.floor(fx * width), Math.floor(fy * height)];
      const picked = await until(async () => {
        const answer = await pick(page, stream, x, y);
        return answer?.kind === 'value' && answer;
      }, 'a value');
      offsets.add(offsetOf(picked, x, y));

      const from = (await viewOf(page, stream)).seq;
      // Several frame pixels may lie under one of the screen: the label says which it tells of.
      const lines = await labelAt(page, stream, x, y, { width, height }, 2);
      const [lx, ly, value] = lines.map((line) => Number(/\d+$/.exec(line)));
      const seq = frameOf(value, lx, ly) + [...offsets][0];
      const to = await until(async () => {
        const now = await viewOf(page, stream);
        return now.seq >= seq && now.seq;
      }, `the label's frame ${seq} painted, not a later one`);
      assert.ok(seq >= from, `the label's frame ${seq} is of ${from} to ${to}`);
    }
    assert.equal(offsets.size, 1, `every value is of the frame it is said to be of: ${[...offsets]}`);
    await body(page);
  } finally {
    await closePage(page);
  }
}

test('a hover over a Y16 camera shows the number that the camera wrote there', () =>
  checkHover('small', 640, 480, async (page) => {
    assert.equal((await viewOf(page, 'small')).codec, 'raw');
  }));

test('so it does when the server answers and frames are skipped', () =>
  checkHover('large', 1280, 1024, async (page) => {
    await untilView(page, 'large', (v) => v.dropped > 0);
  }));

test('the daemon ends cleanly after that', () => daemon.stop());
