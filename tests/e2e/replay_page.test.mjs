/* SPDX-License-Identifier: MIT */
// A recording on the page: its slider by mouse and by keys, several cards in step, two readers at two times; and the
// animation that `imshow export` writes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closePage, launch, openPage, until, untilView } from './support/browser.mjs';
import { build, startDaemon } from './support/daemon.mjs';
import { openFigure } from './support/figure.mjs';
import { npy } from './support/npy.mjs';
import { record, START_US } from './support/recording.mjs';

const COUNT = 60;
const EVERY_US = 50_000;
const LAB = '[data-stream="night-lab"]';

let browser;
let daemon;
let folder;
let path;

/** Frame i is i times `factor` all over. */
function frames(factor) {
  const values = new Uint16Array(COUNT * 12).map((_, i) => Math.floor(i / 12) * factor);
  return npy([COUNT, 3, 4], values);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
  path = record(folder, 'night', [
    ['stream', 'lab', EVERY_US, frames(1)],
    ['stream', 'heat', EVERY_US, frames(10)],
    ['marker', 30 * EVERY_US, 'lamp on'],
  ]);
  daemon = await startDaemon([`replay:${path}`]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const timeOf = (frame) => START_US + frame * EVERY_US;

/** Until the frame is on the card, picture and value. */
async function untilFrame(page, stream, frame, factor) {
  await untilView(page, stream, (view) => view.painted > 0);
  const isThere = async () => {
    const picked = await page.evaluate((name) => window.imshowd.pick(name, 1, 1), stream);
    return picked?.value === frame * factor;
  };
  await until(isThere, `frame ${frame} of ${stream}`);
  await untilView(page, stream, (view) => view.timeUs === timeOf(frame));
}

const isPlaying = (page) => page.locator(`${LAB} .playbar .play`).textContent().then((text) => text === '❚❚');
const clock = (page) => page.locator(`${LAB} .playbar .clock`).textContent();

async function openCards(options) {
  const page = await openPage(browser, daemon.url, '', options);
  for (const stream of ['night-lab', 'night-heat']) {
    await untilView(page, stream, (view) => view.painted > 2);
  }
  return page;
}

test('it plays as all see it, without a latency that means nothing', async () => {
  const page = await openCards();
  assert.ok(await isPlaying(page));
  assert.ok(await page.locator(`${LAB} .playbar .leave`).isHidden());
  const before = await untilView(page, 'night-lab', (view) => view.timeUs > 0);
  await untilView(page, 'night-lab', (view) => view.timeUs !== before.timeUs);
  assert.equal(await page.locator(`${LAB} .latency`).textContent(), '');
  assert.match(await clock(page), /^0:0\d\.\d{3} \/ 0:02\.950 · .–\/60$/);
  await closePage(page);
});

test('space, arrows, Home and End move both cards together', async () => {
  const page = await openCards();
  const slider = page.locator(`${LAB} .playbar .position`);
  await slider.focus();
  await page.keyboard.press('Space');
  await until(async () => !(await isPlaying(page)), 'it stands');
  await page.keyboard.press('Home');
  await untilFrame(page, 'night-lab', 0, 1);
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
  await untilFrame(page, 'night-lab', 3, 1);
  await untilFrame(page, 'night-heat', 3, 10);
  await page.keyboard.press('Shift+ArrowRight');
  await untilFrame(page, 'night-heat', 13, 10);
  await page.keyboard.press('ArrowLeft');
  await untilFrame(page, 'night-lab', 12, 1);
  await until(async () => (await clock(page)).endsWith('· 13/60'), 'the frame is told');
  await page.keyboard.press('End');
  await untilFrame(page, 'night-lab', COUNT - 1, 1);
  await untilFrame(page, 'night-heat', COUNT - 1, 10);
  await page.keyboard.press('Space');
  await until(() => isPlaying(page), 'it plays');
  await untilView(page, 'night-lab', (view) => view.timeUs < timeOf(COUNT / 2));
  await closePage(page);
});

/** The middle of the slider's thumb for a frame, on the screen. */
async function thumb(page, frame) {
  const box = await page.locator(`${LAB} .playbar .position`).boundingBox();
  const inset = 8;
  const part = frame / (COUNT - 1);
  return [box.x + inset + part * (box.width - 2 * inset), box.y + box.height / 2];
}

const near = (frame) => (view) => Math.abs(view.timeUs - timeOf(frame)) < 3 * EVERY_US;

test('dragging shows pictures before the mouse lets go, and it plays on afterwards', async () => {
  const page = await openCards();
  await page.mouse.move(...(await thumb(page, 45)));
  await page.mouse.down();
  await untilView(page, 'night-lab', near(45));
  await page.mouse.move(...(await thumb(page, 20)), { steps: 5 });
  await untilView(page, 'night-lab', near(20));
  await untilView(page, 'night-heat', near(20));
  assert.ok(!(await isPlaying(page)), 'it stands while it is held');
  await page.mouse.up();
  await until(() => isPlaying(page), 'it plays on');
  await closePage(page);
});

test('buttons step, speed and loop are settings, a marker is a place to go to', async () => {
  const page = await openCards();
  const bar = page.locator(`${LAB} .playbar`);
  await bar.locator('.play').click();
  await until(async () => !(await isPlaying(page)), 'it stands');
  await bar.locator('.marks i').click();
  await untilFrame(page, 'night-lab', 30, 1);
  assert.equal(await bar.locator('.marks i').getAttribute('title'), 'lamp on');
  // What is fetched is what is on the screen.
  const link = page.locator(`${LAB} .files a[href*="frame.npy"]`);
  await until(async () => (await link.getAttribute('href')).endsWith(`?t=${timeOf(30)}`), 'the time');
  const file = await fetch(new URL(await link.getAttribute('href'), `${daemon.url}/`));
  assert.equal(Buffer.from(await file.arrayBuffer()).readUInt16LE(128), 30);
  await bar.locator('.on').click();
  await untilFrame(page, 'night-lab', 31, 1);
  await bar.locator('.back').click();
  await bar.locator('.back').click();
  await untilFrame(page, 'night-lab', 29, 1);
  await bar.locator('input.loop').uncheck();
  await bar.locator('.speed').selectOption('16');
  await bar.locator('.play').click();
  await untilFrame(page, 'night-lab', COUNT - 1, 1);
  await until(async () => !(await isPlaying(page)), 'it stands at the end');
  await bar.locator('.leave').click();
  await until(() => bar.locator('.leave').isHidden(), 'with all others again');
  await untilView(page, 'night-lab', (view) => view.timeUs !== timeOf(COUNT - 1));
  await closePage(page);
});

test('two readers stand at two times', async () => {
  const [one, two] = [await openCards(), await openCards()];
  for (const page of [one, two]) {
    await page.locator(`${LAB} .playbar .position`).focus();
    await page.keyboard.press('Space');
    await until(async () => !(await isPlaying(page)), 'it stands');
  }
  await one.keyboard.press('Home');
  await two.keyboard.press('End');
  await untilFrame(one, 'night-lab', 0, 1);
  await untilFrame(two, 'night-lab', COUNT - 1, 1);
  await untilFrame(one, 'night-heat', 0, 10);
  await closePage(one);
  await closePage(two);
});

test('the exported animation opens offline, with a slider, play and pause', async () => {
  const out = join(folder, 'night.html');
  execFileSync(join(build, 'bin/imshow'), [
    'export', path, '--stream', 'lab', '--every', '5', '-o', out, '--title', 'A night',
  ]);
  const page = await openFigure(browser, out);
  const at = () =>
    page.evaluate(() => document.getElementById('figure')._fullLayout.sliders[0].active);
  const value = () => page.evaluate(() => document.getElementById('figure')._fullData[0].z[0][0]);
  assert.equal(await page.locator('#figure .slider-container').count(), 1);
  assert.equal(await page.locator('#figure .gtitle').textContent(), 'A night');
  assert.equal(await page.evaluate(() => document.getElementById('figure')._transitionData._frames.length), 12);
  const [play, pause] = [0, 1].map((i) => page.locator('#figure .updatemenu-button').nth(i));
  await play.click();
  await until(async () => (await at()) >= 2, 'it plays');
  await pause.click();
  const stands = () =>
    page.evaluate(() => !document.getElementById('figure')._transitionData._animationRaf);
  await until(stands, 'it stands');
  assert.equal(await value(), (await at()) * 5);
  // By the slider's own rail, to its end.
  const rail = await page.locator('#figure .slider-rail-touch-rect').boundingBox();
  await page.mouse.click(rail.x + rail.width - 2, rail.y + rail.height / 2);
  await until(async () => (await at()) === 11 && (await value()) === 55, 'the last frame');
  await closePage(page);
});
