/* SPDX-License-Identifier: MIT */
// The page in a real browser on the real daemon.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  closePage, label, labelAt, launch, openPage, runs, screenPoint, until, untilView, viewOf,
} from './support/browser.mjs';
import { startDaemon, steadyPort } from './support/daemon.mjs';
import { npy } from './support/npy.mjs';
import { connect, valueAt } from './support/viewer.mjs';

let browser;
let daemon;

before(async () => {
  daemon = await startDaemon(['lab=test:lab', 'thermal=test:thermal', 'stack=test:stack']);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  // Only where a test failed to: see the last one.
  await daemon?.kill();
});

async function onPage(hash, body, url = daemon.url) {
  const page = await openPage(browser, url, hash);
  try {
    await body(page);
  } finally {
    await closePage(page);
  }
}

async function push(name, shape, values, query = '') {
  const answer = await fetch(`${daemon.url}/push/${name}${query}`, {
    method: 'POST',
    body: npy(shape, values),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

const card = (stream) => `[data-stream="${stream}"]`;

/** The colours on the canvas at a grid of frame pixels. */
function colors(page, stream, width, height) {
  return page.evaluate(
    async ([name, w, h]) => {
      const all = [];
      for (let i = 1; i < 8; i += 1) {
        for (let j = 1; j < 8; j += 1) {
          const x = Math.floor((w * i) / 8);
          const y = Math.floor((h * j) / 8);
          all.push(await window.imshowd.pixel(name, x, y));
        }
      }
      return all;
    },
    [stream, width, height],
  );
}

function pick(page, stream, x, y) {
  return page.evaluate(([name, i, j]) => window.imshowd.pick(name, i, j), [stream, x, y]);
}

/** The size of a stream's frames, as the daemon's list has it. */
async function frameSize(stream) {
  const { shape } = await (await fetch(`${daemon.url}/api/v1/streams/${stream}`)).json();
  return { width: shape[1], height: shape[0] };
}

/** How far canvas and ticks lie apart at most, in pixels: both say where a coordinate is. NaN before they do. */
function misalignment(page, stream, { width, height }) {
  return page.evaluate(
    ([selector, w, h]) => {
      const plot = document.querySelector(selector);
      const canvas = plot.querySelector('canvas.front')?.getBoundingClientRect();
      if (!canvas) return NaN;
      const off = [];
      for (const [axis, start, size, count] of [
        ['x', canvas.left, canvas.width, w],
        ['y', canvas.top, canvas.height, h],
      ]) {
        const marks = [...plot.querySelectorAll(`path.${axis}tick`)];
        const texts = [...plot.querySelectorAll(`.${axis}tick text`)];
        texts.forEach((text, i) => {
          const mark = marks[i].getBoundingClientRect();
          const there = axis === 'x' ? mark.left + mark.width / 2 : mark.top + mark.height / 2;
          off.push(Math.abs(start + ((Number(text.textContent) + 0.5) / count) * size - there));
        });
      }
      return off.length > 3 ? Math.max(...off) : NaN;
    },
    [card(stream), width, height],
  );
}

/** Resolves when the canvas lies where the axes say. */
function aligned(page, stream, size, when) {
  const isAligned = async () => (await misalignment(page, stream, size)) < ALIGNED_PX;
  return until(isAligned, `aligned ${when}`);
}

/** How many times as wide as its axes the picture is: 1 while the whole frame is shown. */
function magnification(page, stream) {
  return page.evaluate((selector) => {
    const clip = document.querySelector(`${selector} .picture-clip`);
    const width = (element) => element.getBoundingClientRect().width;
    return width(clip.querySelector('canvas.front')) / width(clip);
  }, card(stream));
}

/** Half a pixel is the crispness of plotly's ticks. */
const ALIGNED_PX = 0.8;

test('test:lab moves on the screen', () =>
  onPage('#/lab', async (page) => {
    const view = await untilView(page, 'lab', (v) => runs(v) && v.painted > 3);
    const { width, height } = await frameSize('lab');
    const first = await colors(page, 'lab', width, height);
    assert.ok(new Set(first.map(String)).size > 5, 'a picture, not one colour');
    assert.ok(first.every((rgba) => rgba[3] === 255));
    await until(async () => {
      const now = await colors(page, 'lab', width, height);
      return String(now) !== String(first);
    }, 'other colours');
    const stage = page.locator(`${card('lab')} .stage`);
    const shot = await stage.screenshot();
    await until(async () => !(await stage.screenshot()).equals(shot), 'another screenshot');
    // What the page reports of a view is up to a quarter of a second old.
    await untilView(page, 'lab', (v) => v.seq > view.seq);
  }));

test('the status line tells rate, latency and dropped frames', () =>
  onPage('#/lab', async (page) => {
    await untilView(page, 'lab', (v) => v.painted > 3 && v.rate > 0 && v.latencyMs > 0);
    const status = page.locator(`${card('lab')} .status`);
    const text = /^(live|behind).*[\d.]+ fps\d+ ms\d+ dropped$/;
    await until(async () => text.test(await status.textContent()), 'a full status line');
  }));

test('the canvas lies where the axes say, also when zoomed and resized', () =>
  onPage('#/thermal', async (page) => {
    await untilView(page, 'thermal', (v) => v.painted > 1);
    const size = await frameSize('thermal');
    await aligned(page, 'thermal', size, 'at first');

    const before = await magnification(page, 'thermal');
    assert.ok(Math.abs(before - 1) < 0.01, `the whole frame fills the axes: ${before}`);
    const [x, y] = await screenPoint(page, 'thermal', size.width / 2, size.height / 2, size);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -300);
    // One step of plotly's wheel is e to the 0.1.
    await until(async () => (await magnification(page, 'thermal')) > 1.09, 'zoomed in by the wheel');
    await aligned(page, 'thermal', size, 'when zoomed');

    await page.setViewportSize({ width: 800, height: 700 });
    await until(async () => {
      const box = await page.locator(`${card('thermal')} .main-svg`).first().boundingBox();
      return box?.width < 800;
    }, 'as wide as the window');
    await aligned(page, 'thermal', size, 'when resized');
  }));

test('a hover over test:thermal is the very value of the frame that is painted', () =>
  onPage('#/thermal', async (page) => {
    await untilView(page, 'thermal', (v) => v.painted > 1);
    const size = await frameSize('thermal');
    const [x, y] = [Math.floor(size.width * 0.6), Math.floor(size.height * 0.7)];
    const viewer = await connect(daemon.url);
    try {
      await viewer.watch('thermal');
      await viewer.picture(() => true);
      // Either viewer may get a frame first, and skip some that the other gets.
      const picks = [];
      const seen = await until(async () => {
        const now = await pick(page, 'thermal', x, y);
        assert.equal(now.kind, 'value');
        picks.push(now);
        const isOf = (picked) => (p) => p.seq === picked.seq;
        const picked = picks.find((each) => viewer.pictures.some(isOf(each)));
        return picked && { picked, sent: viewer.pictures.find(isOf(picked)) };
      }, 'a frame that both viewers got');
      assert.equal(seen.picked.value, valueAt(seen.sent, x, y));

      const numberOf = (lines) => Number(/: (\d+)$/.exec(lines[2])?.[1] ?? NaN);
      const first = numberOf(await labelAt(page, 'thermal', x, y, size));
      const shown = new Set([first]);
      await until(async () => {
        shown.add(numberOf(await label(page, 'thermal')));
        return viewer.pictures.some((p) => shown.has(valueAt(p, x, y)));
      }, 'a label with the value of a frame that both viewers got');
      await until(async () => {
        const now = numberOf(await label(page, 'thermal'));
        return now >= 0 && now !== first;
      }, 'a newer value');
    } finally {
      viewer.close();
    }
  }));

test('the colour bar follows the limits of the pictures', () =>
  onPage('#/thermal', async (page) => {
    const isClose = (bar, [lo, hi]) =>
      Math.abs(bar.cmin - lo) + Math.abs(bar.cmax - hi) < (hi - lo) / 10;
    await untilView(page, 'thermal', (v) => v.limits[1] > v.limits[0]);
    await until(async () => {
      const bar = await page.evaluate((selector) => {
        const { cmin, cmax } = document.querySelector(selector)._fullLayout?.coloraxis ?? {};
        return { cmin, cmax };
      }, `${card('thermal')} .plot`);
      return isClose(bar, (await viewOf(page, 'thermal')).limits);
    }, 'a colour bar with the limits of the picture');
    const numbers = page.locator(`${card('thermal')} .colorbar .cbaxis text`);
    await until(() => numbers.count(), 'numbers at the colour bar');
  }));

test('a hover over a colour stream is answered by the server for the frame on screen', () =>
  onPage('#/lab', async (page) => {
    await untilView(page, 'lab', (v) => v.painted > 3);
    const picked = await until(async () => {
      const answer = await pick(page, 'lab', 20, 30);
      return answer.kind === 'value' && answer;
    }, 'a value');
    assert.equal(picked.value.length, 3);
    assert.ok(picked.value.every((v) => Number.isInteger(v) && v >= 0 && v <= 255));
    assert.ok(picked.seq > 0);
    await untilView(page, 'lab', (v) => v.seq >= picked.seq);
  }));

test('a pushed stream comes by itself, in its colours and with its values', () =>
  onPage('', async (page) => {
    await untilView(page, 'lab', (v) => v.painted > 0);
    const values = Float32Array.from({ length: 12 * 8 }, (_, i) => i / 10);
    values[13] = NaN;
    await push('pushed', [8, 12], values, '?color_continuous_scale=gray&zmin=0&zmax=9.5');
    await untilView(page, 'pushed', (v) => v.painted > 0);
    assert.deepEqual((await viewOf(page, 'pushed')).limits, [0, 9.5]);

    const pixel = (x, y) =>
      page.evaluate(([i, j]) => window.imshowd.pixel('pushed', i, j), [x, y]);
    assert.deepEqual(await pixel(0, 0), [0, 0, 0, 255]);
    assert.deepEqual(await pixel(11, 7), [254, 254, 253, 255]);
    assert.deepEqual(await pixel(1, 1), [0, 0, 0, 0], 'NaN is a gap');
    assert.equal((await pick(page, 'pushed', 1, 1)).value, 'NaN');

    await page.locator(card('pushed')).scrollIntoViewIfNeeded();
    const lines = await labelAt(page, 'pushed', 5, 3, { width: 12, height: 8 });
    assert.equal(lines[2], 'color: 4.1');
    // The pointer rests, the frame changes.
    values[5 + 3 * 12] = 1 / 3;
    await push('pushed', [8, 12], values, '?color_continuous_scale=gray&zmin=0&zmax=9.5');
    await until(
      async () => (await label(page, 'pushed'))[2] === 'color: 0.33333334',
      'color: 0.33333334',
    );
  }));

test('a slider walks through a volume', () =>
  onPage('#/stack', async (page) => {
    await untilView(page, 'stack', (v) => v.painted > 1);
    const slider = page.locator(`${card('stack')} .slices input`).first();
    await slider.fill('3');
    const viewer = await connect(daemon.url);
    try {
      const { spec } = await viewer.watch('stack', { slice: [3] });
      assert.deepEqual(spec.slice, [3]);
      await until(async () => {
        const picked = await pick(page, 'stack', 9, 7);
        const sent = viewer.pictures.find((p) => p.seq === picked.seq);
        return sent && picked.value === valueAt(sent, 9, 7);
      }, 'the values of slice 3');
    } finally {
      viewer.close();
    }
  }));

test('only what can be seen is watched', () =>
  onPage('', async (page) => {
    await untilView(page, 'lab', (v) => v.watching);
    await page.locator(`${card('thermal')} .title`).click();
    await untilView(page, 'lab', (v) => !v.watching && v.state === 'paused');
    await untilView(page, 'thermal', (v) => v.watching);
    assert.ok(!(await page.locator(card('lab')).isVisible()));
    await page.locator('.back').click();
    await untilView(page, 'lab', (v) => v.watching && runs(v));
  }));

test('the page takes up again when the daemon comes back', async () => {
  const port = await steadyPort();
  let other = await startDaemon(['lab=test:lab', 'thermal=test:thermal'], { port });
  const { url } = other;
  try {
    await onPage(
      '',
      async (page) => {
        await untilView(page, 'thermal', (v) => v.painted > 1);
        await other.stop();
        const lost = await untilView(page, 'thermal', (v) => v.state === 'lost');
        // The reason changes with each attempt: it is read together with the notice.
        const told = await page.evaluate((selector) => ({
          notice: document.querySelector(selector).textContent,
          reason: window.imshowd.views.find((view) => view.stream === 'thermal').reason,
        }), `${card('thermal')} .notice .why`);
        assert.match(told.reason, /\S/);
        assert.equal(told.notice, told.reason);

        other = await startDaemon(['thermal=test:thermal', 'bars=test:bars'], { port });
        const { painted } = lost;
        await untilView(page, 'thermal', (v) => v.painted > painted && runs(v));
        await untilView(page, 'bars', (v) => v.painted > 0);
        assert.equal(await viewOf(page, 'lab'), null, 'a stream that is gone has no card');
      },
      url,
    );
  } finally {
    await other.stop();
  }
});

// A test and no hook: what an `after` at the top throws, node:test of Node 18 and 20 keeps to itself.
test('the daemon ends cleanly after all that', async () => {
  await browser.close();
  await daemon.stop();
});
