/* SPDX-License-Identifier: MIT */
// A zoomed page asks for its part of the frame: real pixels, few bytes, and the right values under the pointer.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { closePage, labelAt, launch, openPage, until, untilView } from './support/browser.mjs';
import { startDaemon } from './support/daemon.mjs';
import { npy } from './support/npy.mjs';
import { connect } from './support/viewer.mjs';

const SIDE = 4096;
/** Many colours, and two neighbours never of the same one. */
const valueOf = (x, y) => ((x * 97) % 241) * 256 + ((y * 89) % 251);
/** A turn of the wheel that shows nothing for so long was lost by the browser. */
const TURN_AGAIN_MS = 10_000;
const GRAY = '?color_continuous_scale=gray&zmin=0&zmax=65535';

let browser;
let daemon;
let table;

async function push(name, values, shape) {
  const body = npy(shape, values);
  const answer = await fetch(`${daemon.url}/push/${name}${GRAY}`, { method: 'POST', body });
  assert.equal(answer.status, 200, await answer.clone().text());
}

before(async () => {
  daemon = await startDaemon(['bars=test:bars']);
  browser = await launch();
  const values = new Uint16Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) values[y * SIDE + x] = valueOf(x, y);
  }
  await push('large', values, [SIDE, SIDE]);
  const viewer = await connect(daemon.url);
  table = (await viewer.watch('large', { width: 64 })).colors;
  viewer.close();
});

const card = '[data-stream="large"]';

async function onPage(body) {
  const page = await openPage(browser, daemon.url, '#/large');
  try {
    await untilView(page, 'large', (v) => v.painted > 0);
    await body(page);
  } finally {
    await closePage(page);
  }
}

/** The picture's placement on the screen: its clip, and its canvas in it. */
function places(page) {
  return page.evaluate((selector) => {
    const box = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left, top, width, height };
    };
    const clip = document.querySelector(`${selector} .picture-clip`);
    return { clip: box(clip), canvas: box(clip.querySelector('canvas.front')) };
  }, card);
}

/** How many columns of the frame the axes show. */
function spanInSight(page) {
  return page.evaluate((selector) => {
    const { range } = document.querySelector(selector)._fullLayout.xaxis;
    return Math.abs(range[1] - range[0]);
  }, `${card} .plot`);
}

/** The size at which labelAt finds frame pixels counted from the region's corner. */
const sizeOf = ([x0, y0, x1, y1]) => ({ width: x1 - x0, height: y1 - y0 });

/** Drags a box over these shares of the axes. */
async function drag(page, [x0, y0, x1, y1], modifier = null) {
  const { clip } = await places(page);
  const at = (x, y) => [clip.left + x * clip.width, clip.top + y * clip.height];
  if (modifier) await page.keyboard.down(modifier);
  await page.mouse.move(...at(x0, y0));
  await page.mouse.down();
  for (let i = 1; i <= 8; i += 1) {
    await page.mouse.move(...at(x0 + ((x1 - x0) * i) / 8, y0 + ((y1 - y0) * i) / 8));
  }
  await page.mouse.up();
  if (modifier) await page.keyboard.up(modifier);
}

const isZoomed = (v) => v.region.length === 4 && v.region[2] - v.region[0] < SIDE / 2;
const isReal = (v) => v.width === v.region[2] - v.region[0];
const covers = (v) => v.region[0] === -0.5 && v.region[2] === SIDE - 0.5;

/** The colour of a value, by the daemon's own table. */
const colorOf = (value) => {
  const index = Math.floor((value * 255) / 65535 + 0.5);
  return [...table.subarray(3 * index, 3 * index + 3)];
};

/** The colours of a screenshot at the middles of frame pixels. */
async function screenColors(page, points) {
  const shot = (await page.screenshot()).toString('base64');
  return page.evaluate(async ([data, all]) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return all.map(([x, y]) => [...context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data]);
  }, [shot, points]);
}

/** Compares the screen with the frame's values at a grid of its pixels; resolves when they are the same. */
function untilRealOnScreen(page, what) {
  let last = '';
  return until(async () => {
    const view = await untilView(page, 'large', (v) => isZoomed(v) && isReal(v));
    const { clip, canvas } = await places(page);
    const [x0, y0] = view.region.map((edge) => edge + 0.5);
    const scale = canvas.width / view.width;
    const spots = [];
    for (let i = 1; i < 8; i += 1) {
      for (let j = 1; j < 8; j += 1) {
        const x = Math.floor((clip.left + (clip.width * i) / 8 - canvas.left) / scale);
        const y = Math.floor((clip.top + (clip.height * j) / 8 - canvas.top) / scale);
        const at = [canvas.left + (x + 0.5) * scale, canvas.top + (y + 0.5) * scale];
        spots.push({ value: valueOf(x0 + x, y0 + y), at });
      }
    }
    const colors = await screenColors(page, spots.map((spot) => spot.at));
    const isWrong = (color, value) => colorOf(value).some((part, i) => part !== color[i]);
    const wrong = spots.filter(({ value }, i) => isWrong(colors[i], value));
    last = `${wrong.length} of ${spots.length} are others`;
    return wrong.length === 0 && view;
  }, what).catch((error) => {
    throw new Error(`${error.message}: ${last}`);
  });
}

async function encodedBytes() {
  const answer = await fetch(`${daemon.url}/api/v1/streams/large`);
  return (await answer.json()).encoded_bytes;
}

test('the whole frame comes in the pixels of the screen', () =>
  onPage(async (page) => {
    const view = await untilView(page, 'large', covers);
    assert.ok(view.width <= 1400, `${view.width} px wide`);
  }));

test('zooming by a box shows the very pixels, panning goes on, a double click goes back', () =>
  onPage(async (page) => {
    const whole = await untilView(page, 'large', covers);
    const before = await encodedBytes();
    await drag(page, [0.48, 0.48, 0.52, 0.52]);
    const first = await untilRealOnScreen(page, 'real pixels after a zoom');
    const { width, height } = sizeOf(first.region);
    // A sixteenth of the frame would be 2 MB raw.
    assert.ok(width * height < (SIDE * SIDE) / 16, `${width}x${height}`);
    const bytes = (await encodedBytes()) - before;
    assert.ok(bytes <= 2 * width * height * 2, `${bytes} bytes for ${width}x${height}`);

    // Under the pointer is the pixel of the frame, not that of the picture.
    const [x0, y0] = first.region.map((edge) => edge + 0.5);
    const spot = [Math.round(width / 2), Math.round(height / 2)];
    const picked = await page.evaluate(
      ([x, y]) => window.imshowd.pick('large', x, y), [x0 + spot[0], y0 + spot[1]]);
    assert.equal(picked.value, valueOf(x0 + spot[0], y0 + spot[1]));

    // Shift turns a box into a pan: by half of the axes, beyond the margin.
    await drag(page, [0.9, 0.5, 0.1, 0.5], 'Shift');
    const panned = await until(async () => {
      const now = await untilRealOnScreen(page, 'real pixels after a pan');
      return now.region[0] > first.region[0] && now;
    }, 'another region');
    assert.notDeepEqual(panned.region, first.region);

    const { clip } = await places(page);
    await page.mouse.dblclick(clip.left + clip.width / 2, clip.top + clip.height / 2);
    const back = await untilView(page, 'large', covers);
    assert.equal(back.width, whole.width);
  }));

test('the wheel zooms around the pointer, to real pixels', () =>
  onPage(async (page) => {
    await untilView(page, 'large', covers);
    const { clip } = await places(page);
    await page.mouse.move(clip.left + clip.width * 0.3, clip.top + clip.height * 0.7);
    // A step at a time, each when the one before shows: on a slow machine they would add up.
    for (let span = SIDE; span > SIDE / 10; ) {
      const before = span;
      let turnedMs = -Infinity;
      span = await until(async () => {
        if (performance.now() - turnedMs > TURN_AGAIN_MS) {
          await page.mouse.wheel(0, -300);
          turnedMs = performance.now();
        }
        const now = await spanInSight(page);
        return now < before && now;
      }, 'a step of the wheel');
    }
    const view = await untilView(page, 'large', (v) => isZoomed(v) && isReal(v));
    assert.ok(view.region[0] > 0 && view.region[3] < SIDE - 0.5, `${view.region}`);
    await untilRealOnScreen(page, 'real pixels after the wheel');
  }));

test('the old picture stays until the first of the next one has come', () =>
  onPage(async (page) => {
    await untilView(page, 'large', covers);
    // Every frame that the browser draws: the share of the axes that the canvases in sight cover which have a picture.
    await page.evaluate((selector) => {
      window.covered = [];
      const look = () => {
        const clip = document.querySelector(`${selector} .picture-clip`);
        const a = clip.getBoundingClientRect();
        const shares = [...clip.querySelectorAll('.front, .leaving')].map((canvas) => {
          const b = canvas.getBoundingClientRect();
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          const share = (Math.max(across, 0) * Math.max(down, 0)) / (a.width * a.height);
          return canvas.width > 1 ? share : 0;
        });
        window.covered.push(Math.max(...shares));
        requestAnimationFrame(look);
      };
      look();
    }, card);
    await drag(page, [0.48, 0.48, 0.53, 0.53]);
    await untilView(page, 'large', (v) => isZoomed(v) && isReal(v));
    await untilRealOnScreen(page, 'real pixels');
    const least = await page.evaluate(() => Math.min(...window.covered));
    assert.ok(least > 0.99, `only ${least} of the axes was covered`);
  }));

/** Changes what the stream's figure is given after all else. */
async function change(args) {
  const answer = await fetch(`${daemon.url}/api/v1/streams/large`, {
    method: 'PATCH',
    body: JSON.stringify({ ops: [{ op: 'update_layout', args }] }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
}

test('a change of the title leaves the zoom, one of the axes ends it, and a double click goes back', () =>
  onPage(async (page) => {
    await untilView(page, 'large', covers);
    await drag(page, [0.48, 0.48, 0.53, 0.53]);
    const zoomed = await untilView(page, 'large', (v) => isZoomed(v) && isReal(v));
    await change({ title: { text: 'of another name' } });
    const title = page.locator(`${card} .gtitle`);
    await until(async () => (await title.allTextContents()).includes('of another name'), 'the title');
    const after = await untilRealOnScreen(page, 'real pixels under another title');
    assert.deepEqual(after.region, zoomed.region);

    const { clip } = await places(page);
    await page.mouse.dblclick(clip.left + clip.width / 2, clip.top + clip.height / 2);
    await untilView(page, 'large', covers);
    await change({ xaxis: { range: [999.5, 1499.5] }, yaxis: { range: [1499.5, 999.5] } });
    // Plotly widens one of both axes, so that pixels stay square.
    const view = await untilView(page, 'large', isZoomed);
    assert.ok(view.region[0] <= 999.5 && view.region[2] >= 1499.5, `${view.region}`);
    await change({});
    await untilView(page, 'large', covers);
  }));

test('resizing the window asks for the pixels that are there now', () =>
  onPage(async (page) => {
    const before = await untilView(page, 'large', covers);
    await page.setViewportSize({ width: 500, height: 500 });
    await untilView(page, 'large', (v) => covers(v) && v.width > 0);
    await until(async () => {
      const now = await untilView(page, 'large', covers);
      return now.width < before.width;
    }, 'a smaller picture');
  }));

test('a frame of another size ends the zoom', () =>
  onPage(async (page) => {
    await untilView(page, 'large', covers);
    await drag(page, [0.9, 0.9, 0.95, 0.95]);
    await untilView(page, 'large', isZoomed);
    await push('large', new Uint16Array(20 * 10).fill(7), [10, 20]);
    const view = await untilView(page, 'large', (v) => v.region[2] === 19.5);
    assert.deepEqual(view.region, [-0.5, -0.5, 19.5, 9.5]);
    const size = { width: 20, height: 10 };
    assert.equal((await labelAt(page, 'large', 5, 5, size))[2], 'color: 7');
  }));

// A test and no hook: what an `after` at the top throws, node:test of Node 18 and 20 keeps to itself.
test('the daemon ends cleanly after all that', async () => {
  await browser.close();
  await daemon.stop();
});
