/* SPDX-License-Identifier: MIT */
// Recording from the page: the button of a card, and the shelf of what was recorded.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { closePage, launch, openPage, until } from './support/browser.mjs';
import { startDaemon } from './support/daemon.mjs';

let browser;
let daemon;

before(async () => {
  daemon = await startDaemon(['-r', '64x48', '-f', '20', 'noise=test:noise']);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
});

const textOf = (page, selector) => page.locator(selector).textContent();

async function ask(path) {
  const answer = await fetch(`${daemon.url}/api/v1/recordings${path}`);
  return answer.json();
}

test('a stream is recorded by its button, marked, and lies on the shelf', async () => {
  const page = await openPage(browser, daemon.url);
  const button = page.locator('.record');
  await until(async () => (await button.textContent()) === 'Record', 'the button is there');
  await button.click();
  await until(async () => (await button.textContent()) === 'Stop', 'it starts');
  await until(async () => (await button.getAttribute('data-recording')) === 'recording', 'it records');
  await until(async () => /\d s, \d/.test(await textOf(page, '.recorded')), 'seconds and bytes are told');
  page.once('dialog', (dialog) => dialog.accept('the door <b>opens'));
  await page.locator('.mark').click();
  const [session] = (await ask('')).sessions;
  await until(async () => (await ask(`/${session.name}`)).session.frames > 5, 'frames');
  await button.click();
  await until(async () => (await button.textContent()) === 'Record', 'it has stopped');

  await page.locator('.shelf-link').click();
  const item = page.locator(`.shelf li[data-recording="${session.name}"][data-state="finished"]`);
  await item.waitFor();
  await until(() => item.locator('img').evaluate((img) => img.complete && img.naturalWidth === 64), 'its picture');
  const facts = (await item.locator('.facts').allTextContents()).join(' ');
  assert.match(facts, /noise \(\d+\)/);
  assert.match(facts, /1 marker: the door <b>opens/);

  const downloading = page.waitForEvent('download');
  await item.locator('a').click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), `${session.name}.mcap`);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.subarray(1, 5).toString('latin1'), 'MCAP');
  await closePage(page);
});

test('a recording is renamed and deleted on the shelf', async () => {
  const path = `${daemon.url}/api/v1/recordings`;
  await fetch(path, { method: 'POST', body: JSON.stringify({ streams: ['noise'], name: 'first' }) });
  await until(async () => (await ask('/first')).session?.frames > 3, 'frames');
  await fetch(`${path}/first/stop`, { method: 'POST', body: '{}' });
  const page = await openPage(browser, daemon.url, '#/~recordings');
  const item = (name) => page.locator(`.shelf li[data-recording="${name}"]`);
  await item('first').waitFor();
  page.once('dialog', (dialog) => dialog.accept('../second'));
  await item('first').getByText('Rename').click();
  await until(async () => /recording name/.test(await textOf(page, '.recordings > .fault')), 'the mistake is told');
  page.once('dialog', (dialog) => dialog.accept('second'));
  await item('first').getByText('Rename').click();
  await item('second').waitFor();
  assert.equal(await item('first').count(), 0);
  page.once('dialog', (dialog) => dialog.accept());
  await item('second').getByText('Delete').click();
  await item('second').waitFor({ state: 'detached' });
  assert.equal((await ask('/second')).error !== undefined, true);
  await closePage(page);
});
