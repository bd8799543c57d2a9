/* SPDX-License-Identifier: MIT */
// camera.mjs [COUNT]: so many recoveries of cameras, over all faults in turn, with the page open in a browser.
//
// Eight fake cameras stand before one daemon of IMSHOWD_BUILD; each breaks, until its card on the page says
// why, is mended, and has recovered when pictures are painted again (tests/e2e/support/recovery.mjs). Ends
// with one line a fault and the sum; the first fault that is not told, or not got over, ends it with 1.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePage, launch, openPage } from '../e2e/support/browser.mjs';
import { environmentOf, makeCameras, sourcesOf } from '../e2e/support/camera.mjs';
import { startDaemon } from '../e2e/support/daemon.mjs';
import { KINDS, recoverAll } from '../e2e/support/recovery.mjs';

const FORMATS = ['GREY', 'MJPEG', 'GREY', 'MJPEG', 'GREY', 'MJPEG', 'GREY', 'GREY'];
const COUNT_MAX = 100_000;

function countOf(text = '200') {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= COUNT_MAX) return count;
  console.error(`camera: "${text}": give a number of recoveries from 1 to ${COUNT_MAX}`);
  process.exit(2);
}

async function soak(folder, count, onRecovered) {
  const cameras = makeCameras(folder, FORMATS);
  const jobs = Array.from({ length: count }, (_, i) => KINDS[i % KINDS.length]);
  const daemon = await startDaemon(sourcesOf(cameras), { env: environmentOf(cameras) });
  process.once('exit', () => daemon.child.kill('SIGKILL')); // also when a signal ends this
  let browser;
  try {
    browser = await launch();
    const viewport = { width: 1600, height: 2400 }; // all cards in sight
    const page = await openPage(browser, daemon.url, '', { viewport });
    await recoverAll(page, cameras, jobs, onRecovered);
    await closePage(page);
    await daemon.stop();
  } finally {
    await browser?.close();
    await daemon.kill();
  }
}

function print(times, count) {
  let sum = 0;
  for (const [name, seconds] of times) {
    if (seconds.length === 0) continue;
    seconds.sort((a, b) => a - b);
    const [median, longest] = [seconds[seconds.length >> 1], seconds.at(-1)];
    console.log(`${name.padEnd(24)} ${String(seconds.length).padStart(4)} recovered, `
      + `${median.toFixed(1)} s in the middle, ${longest.toFixed(1)} s at most`);
    sum += seconds.length;
  }
  console.log(`${sum} of ${count} recovered`);
}

const count = countOf(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'imshowd-soak-'));
const times = new Map(KINDS.map((kind) => [kind.name, []]));
let done = 0;
try {
  await soak(folder, count, (kind, seconds) => {
    times.get(kind.name).push(seconds);
    done += 1;
    if (done % 10 === 0) console.error(`camera: ${done} of ${count}`);
  });
} catch (error) {
  console.error(`camera: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
  print(times, count);
}
