/* SPDX-License-Identifier: MIT */
// A real browser on the daemon's page.
//
//   const browser = await launch();
//   const page = await openPage(browser, daemon.url, '#/lab');
//   await untilView(page, 'lab', (view) => view.painted > 5);
//   await closePage(page);   // throws on an uncaught error of the page

import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright-core';

export const WAIT_MS = 60_000;

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
  return chromium.launch({ executablePath, args: FLAGS });
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
  return page;
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

/** Asks again until the answer is true. The page's policy forbids eval, which waitForFunction needs. */
export async function until(ask, what, ms = WAIT_MS) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`never within ${ms} ms: ${what}`);
    await setTimeout(30);
  }
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
