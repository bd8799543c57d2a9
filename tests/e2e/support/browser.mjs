/* SPDX-License-Identifier: MIT */
// A real browser on the daemon's page.
//
//   const browser = await launch();
//   const page = await openPage(browser, daemon.url, '#/lab');
//   await untilView(page, 'lab', (view) => view.painted > 5);
//   await closePage(page);   // throws on an uncaught error of the page

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { WAIT_MS, within } from './wait.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** With an empty profile of its own, which goes away with it. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: FLAGS, timeout: WAIT_MS });
}

export async function openPage(browser, url, hash = '', options = {}) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  page.setDefaultTimeout(WAIT_MS);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|cannot be drawn/.test(message.text())) {
      page.faults.push(message.text());
    }
  });
  await page.goto(`${url}/${hash}`);
  await until(() => page.evaluate(() => window.imshowd !== undefined), 'the page runs');
  await page.evaluate(nextFrames);
  return page;
}

/** Chromium throws away the input that comes before a page's first frame was drawn; the second call tells of it. */
function nextFrames() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

export async function closePage(page) {
  await page.close();
  assert.deepEqual(page.faults, []);
}

export function viewOf(page, stream) {
  return page.evaluate(
    (name) => window.imshowd.views.find((view) => view.stream === name) ?? null,
    stream,
  );
}

/** Asks again until the answer is true; a page that does not answer at all is held to the same time. The page's
 * policy forbids eval, which waitForFunction needs. */
export function until(ask, what) {
  let isLate = false;
  const asking = async () => {
    while (!isLate) {
      const answer = await ask();
      if (answer) return answer;
      await pause(30);
    }
    return null;
  };
  return within(WAIT_MS, asking(), what).finally(() => {
    isLate = true;
  });
}

/** Waits until what the page reports of a stream satisfies `test`; returns that report. */
export async function untilView(page, stream, test) {
  let view = null;
  try {
    return await until(async () => {
      view = await viewOf(page, stream);
      return view && test(view) ? view : null;
    }, `${stream}: ${test}`);
  } catch (error) {
    throw new Error(`${error.message}; last seen: ${JSON.stringify(view)}`);
  }
}

/** Pictures come. On a slow machine they come late: "behind" is as good as "live". */
export function runs(view) {
  return view.painted > 0 && (view.state === 'live' || view.state === 'behind');
}

/** The middle of frame pixel (x, y) on the screen, by where the canvas really lies; null before it lies there. */
export async function screenPoint(page, stream, x, y, { width, height }) {
  const box = await page.locator(`[data-stream="${stream}"] canvas.front`).boundingBox();
  return box && [
    box.x + ((x + 0.5) / width) * box.width,
    box.y + ((y + 0.5) / height) * box.height,
  ];
}

/** The lines of the label under the pointer. */
export function label(page, stream) {
  const lines = page.locator(`[data-stream="${stream}"] .live-hover .hovertext .nums tspan`);
  return lines.allTextContents();
}

/** Points at frame pixel (x, y) until the label has its value, or that of one at most `slack` away; returns its
 * lines. It points anew each time: the plot still moves while plotly makes room for the numbers at its axes. */
export function labelAt(page, stream, x, y, size, slack = 0) {
  return until(async () => {
    const point = await screenPoint(page, stream, x, y, size);
    if (!point) return null;
    await page.mouse.move(...point);
    const lines = await label(page, stream);
    const [lx, ly] = lines.map((line) => Number(/: (-?\d+)$/.exec(line)?.[1] ?? NaN));
    const isThere = Math.abs(lx - x) <= slack && Math.abs(ly - y) <= slack;
    // Without a colon the third says why there is no value, as of a frame that is no longer kept.
    return isThere && lines[2]?.includes(': ') && lines;
  }, `a label at ${x}, ${y}`);
}
