/* SPDX-License-Identifier: MIT */
// A camera's controls in a real browser: what is turned in the page reaches the fake camera, and back.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closePage, launch, openPage, runs, until, untilView } from './support/browser.mjs';
import { environmentOf, makeCameras, sourcesOf } from './support/camera.mjs';
import { startDaemon } from './support/daemon.mjs';

let browser;
let daemon;
let folder;
let camera;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imshowd-controls-'));
  const cameras = makeCameras(folder, ['GREY']);
  [camera] = cameras;
  daemon = await startDaemon([...sourcesOf(cameras), 'lab=test:lab'], { env: environmentOf(cameras) });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.kill();
  rmSync(folder, { recursive: true });
});

const CARD = '[data-stream="cam0"]';
const PATH = '/api/v1/streams/cam0/controls';

/** The values as the camera has them. */
async function values() {
  const answer = await fetch(`${daemon.url}${PATH}`);
  const { controls } = await answer.json();
  return Object.fromEntries(controls.map(({ name, value }) => [name, value]));
}

function untilValue(name, value) {
  return until(async () => (await values())[name] === value, `${name} is ${value} at the camera`);
}

async function turn(changes) {
  const answer = await fetch(`${daemon.url}${PATH}`, { method: 'PATCH', body: JSON.stringify(changes) });
  assert.equal(answer.status, 200, await answer.text());
}

async function onPanel(body) {
  await turn({ brightness: null, contrast: null, horizontal_flip: null, power_line_frequency: null });
  const page = await openPage(browser, daemon.url, '#/cam0');
  try {
    await untilView(page, 'cam0', runs);
    await page.click(`${CARD} .turn`);
    await page.waitForSelector(`${CARD} [data-control="brightness"] input`);
    const field = (name, selector = 'input') => page.locator(`${CARD} [data-control="${name}"] ${selector}`);
    await body(page, field);
  } finally {
    await closePage(page);
  }
}

/** Requests that turned something, and how many were under way at a time. */
function countTurns(page) {
  const turns = { count: 0, current: 0, most: 0 };
  const isTurn = (request) => request.method() === 'PATCH';
  page.on('request', (request) => {
    if (!isTurn(request)) return;
    turns.count += 1;
    turns.current += 1;
    turns.most = Math.max(turns.most, turns.current);
  });
  for (const event of ['requestfinished', 'requestfailed']) {
    page.on(event, (request) => (turns.current -= isTurn(request) ? 1 : 0));
  }
  return turns;
}

const SLIDER = 'input[type="range"]';
const BOX = 'input[type="number"]';

test('each kind of widget turns the camera', () =>
  onPanel(async (page, field) => {
    await field('brightness', SLIDER).fill('200');
    await untilValue('brightness', 200);
    assert.equal(await field('brightness', BOX).inputValue(), '200');

    await field('brightness', BOX).fill('31');
    await field('brightness', BOX).press('Enter');
    await untilValue('brightness', 31);
    await until(async () => (await field('brightness', SLIDER).inputValue()) === '31', 'the slider follows');

    await field('horizontal_flip').check();
    await untilValue('horizontal_flip', 1);
    await field('power_line_frequency', 'select').selectOption('60 Hz');
    await untilValue('power_line_frequency', 2);

    await field('brightness', '.reset').click();
    await untilValue('brightness', 128);
    await page.click(`${CARD} .reset-all`);
    await untilValue('power_line_frequency', 1);
    await untilValue('horizontal_flip', 0);
    await until(async () => !(await field('horizontal_flip').isChecked()), 'the check box follows');
  }));

test('what others turn moves the widgets', () =>
  onPanel(async (page, field) => {
    await turn({ brightness: 7, power_line_frequency: 0, horizontal_flip: true });
    await until(async () => (await field('brightness', SLIDER).inputValue()) === '7', 'the slider');
    await until(async () => (await field('brightness', BOX).inputValue()) === '7', 'the box');
    await until(async () => field('horizontal_flip').isChecked(), 'the check box');
    await until(async () => (await field('power_line_frequency', 'select').inputValue()) === '0', 'the menu');
  }));

test('a slider that is dragged sends one value at a time, and the last one stays', () =>
  onPanel(async (page, field) => {
    const turns = countTurns(page);
    const box = await field('brightness', SLIDER).boundingBox();
    const middle = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width / 2, middle);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.2, middle, { steps: 60 });
    await page.mouse.move(box.x + box.width * 0.9, middle, { steps: 60 });
    await page.mouse.up();
    const last = Number(await field('brightness', SLIDER).inputValue());
    assert.ok(last > 190, `dragged to ${last}`);
    await untilValue('brightness', last);
    await until(() => turns.current === 0, 'the last answer');
    assert.equal(await field('brightness', SLIDER).inputValue(), String(last));
    assert.equal(turns.most, 1);
    assert.ok(turns.count >= 2, 'it moves while it is dragged');
  }));

test("what the daemon refuses is told beside the control, which shows the camera's value again", () =>
  onPanel(async (page, field) => {
    await field('brightness', BOX).fill('999');
    await field('brightness', BOX).press('Enter');
    await until(async () => /999.*0 to 255/.test(await field('brightness', '.fault').textContent()), 'a refusal');
    assert.equal(await field('brightness', BOX).inputValue(), '128');
    assert.equal(await field('contrast', '.fault').textContent(), '');
    await field('brightness', BOX).fill('12');
    await field('brightness', BOX).press('Enter');
    await until(async () => (await field('brightness', '.fault').textContent()) === '', 'no refusal');
    await untilValue('brightness', 12);
  }));

test('the panel can be used by keys alone', () =>
  onPanel(async (page, field) => {
    const button = page.getByRole('button', { name: 'Controls' });
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    await page.getByRole('slider', { name: 'Brightness' }).focus();
    await page.keyboard.press('ArrowRight');
    await untilValue('brightness', 129);
    await page.keyboard.press('Tab');
    assert.equal(await field('brightness', BOX).evaluate((box) => box === document.activeElement), true);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible(`${CARD} .panel`), false);
    assert.equal(await button.evaluate((each) => each === document.activeElement), true);
    await page.keyboard.press('Enter');
    assert.equal(await page.isVisible(`${CARD} .panel`), true);
  }));

test('a camera that is lost cannot be turned until it is back', () =>
  onPanel(async (page, field) => {
    await turn({ brightness: 90 });
    camera.break({ unplug: true });
    await page.waitForSelector(`${CARD} .panel[inert]`);
    camera.mend();
    await page.waitForSelector(`${CARD} .panel:not([inert])`);
    await until(async () => (await field('brightness', BOX).inputValue()) === '90', 'the value that was kept');
    await field('contrast', SLIDER).fill('70');
    await untilValue('contrast', 70);
  }));

test('a stream without controls has no button for them', async () => {
  const page = await openPage(browser, daemon.url);
  try {
    await untilView(page, 'lab', runs);
    await page.waitForSelector(`${CARD} .turn:not([hidden])`);
    assert.equal(await page.isVisible('[data-stream="lab"] .turn'), false);
  } finally {
    await closePage(page);
  }
});

test('the daemon ends cleanly after that', () => daemon.stop());
