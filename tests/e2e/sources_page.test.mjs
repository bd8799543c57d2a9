/* SPDX-License-Identifier: MIT */
// What comes from outside, as the page shows it: a frame's meta, a stream that stands still, ffmpeg's pipes, points,
// a camera with a Bayer mosaic.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import {
  closePage, label, labelAt, launch, openPage, runs, screenPoint, until, untilView, viewOf,
} from './support/browser.mjs';
import { environmentOf, makeCameras, sourcesOf } from './support/camera.mjs';
import { build, startDaemon } from './support/daemon.mjs';
import { npy } from './support/npy.mjs';
import { within, WAIT_MS } from './support/wait.mjs';

let browser;
let daemon;
let folder;
let socket;

const MOSAIC = { width: 160, height: 120, left: [200, 100, 40], right: [30, 60, 220] };

/** Flat colours beside each other, as a sensor with an RGGB filter sees them. */
function mosaic() {
  const { width, height, left, right } = MOSAIC;
  const sample = (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return (x < width / 2 ? left : right)[(x % 2) + (y % 2)];
  };
  return Uint8Array.from({ length: width * height }, sample);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imshowd-sources-'));
  socket = join(folder, 'push');
  const footage = join(folder, 'mosaic');
  writeFileSync(footage, mosaic());
  const cameras = makeCameras(folder, ['SRGGB8']);
  const env = { ...environmentOf(cameras), FAKECAM0_SRGGB8: footage };
  daemon = await startDaemon(['--push-unix', socket, ...sourcesOf(cameras)], { env });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.kill();
  rmSync(folder, { recursive: true });
});

async function onStream(name, body) {
  const page = await openPage(browser, daemon.url, `#/${name}`);
  try {
    await body(page);
  } finally {
    await closePage(page);
  }
}

async function push(name, body, meta) {
  const query = meta ? `?${new URLSearchParams({ meta: JSON.stringify(meta) })}` : '';
  const answer = await fetch(`${daemon.url}/push/${name}${query}`, { method: 'POST', body });
  assert.equal(answer.status, 200, await answer.text());
}

function pixel(page, stream, x, y) {
  return page.evaluate(([name, i, j]) => window.imshowd.pixel(name, i, j), [stream, x, y]);
}

function isNear(rgba, [r, g, b], slack) {
  const wanted = [r, g, b, 255];
  return rgba !== null && wanted.every((value, i) => Math.abs(value - rgba[i]) <= slack);
}

async function untilColor(page, stream, [x, y], color, slack) {
  let last = null;
  const isThere = async () => isNear((last = await pixel(page, stream, x, y)), color, slack);
  await until(isThere, `${stream}: ${color} at ${x}, ${y}`).catch((error) => {
    throw new Error(`${error.message}; it is ${last}`);
  });
}

const SIZE = { width: 12, height: 8 };
const counts = (first) => npy([8, 12], Uint16Array.from({ length: 96 }, (_, i) => first + i));
const colors = npy([8, 12, 3], Uint8Array.from({ length: 288 }, (_, i) => (i * 37) % 256));

test("what came with a frame stands under its value, whoever answers for it", async () => {
  const meta = { temperature: 21.5, note: '<b>bold</b> & "more"', gains: [1, 2] };
  const told = ['temperature: 21.5', 'note: <b>bold</b> & "more"', 'gains: [1, 2]'];
  // A small grey picture is in the page as it is, of colours the daemon has the values.
  for (const [name, array] of [['grey', counts(0)], ['rgb', colors]]) {
    await push(name, array, meta);
    await onStream(name, async (page) => {
      await untilView(page, name, (view) => view.painted > 0);
      const lines = await labelAt(page, name, 5, 3, SIZE);
      await until(async () => (await label(page, name)).length === 6, 'six lines');
      assert.deepEqual((await label(page, name)).slice(3), told, lines.join(' | '));
      // The pointer rests, and the next frame has its own; then one without.
      await push(name, array, { temperature: -3 });
      await until(async () => (await label(page, name))[3] === 'temperature: -3', 'the next frame');
      assert.equal((await label(page, name)).length, 4);
      await push(name, array);
      await until(async () => (await label(page, name)).length === 3, 'nothing came with the last one');
    });
  }
});

test('a stream that never changes is live and still, and its newest frame is under the pointer', async () => {
  await push('calm', counts(100), { step: 0 });
  await onStream('calm', async (page) => {
    await untilView(page, 'calm', runs);
    await labelAt(page, 'calm', 4, 2, SIZE);
    const states = new Set();
    const begin = performance.now();
    for (let step = 1; step < 400 && performance.now() - begin < 6000; step += 1) {
      await push('calm', counts(100), { step });
      states.add((await viewOf(page, 'calm')).state);
    }
    await push('calm', counts(100), { step: 999 });
    await until(async () => (await label(page, 'calm'))[3] === 'step: 999', 'the newest frame');
    assert.deepEqual((await label(page, 'calm')).slice(0, 3), ['x: 4', 'y: 2', 'color: 128']);
    assert.ok(!states.has('lost') && !states.has('waiting') && !states.has('paused'), [...states].join());
    const rate = page.locator('[data-stream="calm"] .rate');
    await until(async () => (await rate.textContent()) === 'still', 'still');
    const view = await untilView(page, 'calm', (v) => v.state === 'live');
    assert.equal(view.dropped, 0, 'frames that are equal are not lost to the eye');
  });
});

const FFMPEG = 'ffmpeg -v error -re -f lavfi -i testsrc2=s=320x240:r=10 -pix_fmt';
const FORMS = [
  ['y4m', `${FFMPEG} yuv420p -f yuv4mpegpipe -`, ''],
  ['mjpeg', `${FFMPEG} yuvj420p -q:v 3 -f mjpeg -`, ''],
  ['rawvideo', `${FFMPEG} yuyv422 -f rawvideo -`, '--pixel-format YUYV --size 320x240'],
];

for (const [name, ffmpeg, options] of FORMS) {
  test(`ffmpeg's ${name} through imshow push moves in its colours`, async () => {
    const line = `${ffmpeg} | ${join(build, 'bin/imshow')} push ${name} - --server unix:${socket} ${options}`;
    const pipe = spawn('/bin/sh', ['-c', line], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    const ended = once(pipe, 'exit');
    try {
      await onStream(name, async (page) => {
        await untilView(page, name, (view) => runs(view) && view.painted > 2);
        // These stand still in testsrc2; other things cross them now and then.
        await untilColor(page, name, [136, 16], [253, 253, 0], 24);
        await untilColor(page, name, [176, 32], [0, 0, 254], 24);
        await untilColor(page, name, [304, 24], [0, 255, 255], 24);
        const grid = async () => {
          const all = [];
          for (let i = 0; i < 8; i += 1) all.push(await pixel(page, name, 20 + 40 * i, 200));
          return String(all);
        };
        const first = await grid();
        await until(async () => (await grid()) !== first, 'other colours');
      });
    } finally {
      process.kill(-pipe.pid, 'SIGTERM');
      await within(WAIT_MS, ended, 'the pipe ends');
    }
  });
}

test('points stand as a raster between axes in their own units', async () => {
  const pusher = new WebSocket(`${daemon.url.replace(/^http/, 'ws')}/push/clicks`, 'imshow.v1');
  await once(pusher, 'open');
  const points = { x_range: [0, 100], y_range: [1000, 1210], width: 50, height: 21, agg: 'count' };
  pusher.send(encode({ type: 'hello', version: 1, name: 'clicks', points }));
  const bytes = (values) => new Uint8Array(Float32Array.from(values).buffer);
  // Thrice into the bin of x 20 to 22 in the middle row, once into another.
  const batch = { x: bytes([21, 20.5, 21.9, 61]), y: bytes([1105, 1101, 1109, 1105]), dtype: '<f4' };
  pusher.send(encode(batch));
  try {
    await onStream('clicks', async (page) => {
      await untilView(page, 'clicks', (view) => view.painted > 0);
      const size = { width: 50, height: 21 };
      const lines = await until(async () => {
        const point = await screenPoint(page, 'clicks', 10, 10, size);
        if (!point) return null;
        await page.mouse.move(...point);
        const told = await label(page, 'clicks');
        return told[0]?.endsWith(': 21') && told[1]?.endsWith(': 1105') && told;
      }, 'a label at 21, 1105');
      assert.match(lines[2], /: 3$/);
      const colors = [[10, 10], [30, 10], [5, 5]].map(([x, y]) => pixel(page, 'clicks', x, y));
      assert.equal(new Set((await Promise.all(colors)).map(String)).size, 3, 'three colours for 3, 1 and 0');
      const ticks = (axis) => page.locator(`[data-stream="clicks"] .${axis}tick text`).allTextContents();
      assert.ok((await ticks('x')).includes('80'), `${await ticks('x')}`);
      assert.ok((await ticks('y')).some((text) => /^1[,.]?1/.test(text)), `${await ticks('y')}`);
    });
  } finally {
    pusher.close();
  }
});

test('a camera with a Bayer mosaic has the colours that it saw', () =>
  onStream('cam0', async (page) => {
    await untilView(page, 'cam0', runs);
    const { width, height, left, right } = MOSAIC;
    await untilColor(page, 'cam0', [width / 4, height / 2], left, 8);
    await untilColor(page, 'cam0', [(width * 3) / 4, height / 2], right, 8);
    const lines = await labelAt(page, 'cam0', 40, 60, MOSAIC);
    assert.match(lines[2], /\[200, 100, 40\]$/);
  }));

test('the daemon ends cleanly after that', () => daemon.stop());
