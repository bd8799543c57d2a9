/* SPDX-License-Identifier: MIT */
// Logging in to the page and out of it, by HTTPS, and pages by links, in a real browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closePage, launch, until, untilView } from './support/browser.mjs';
import { build, startDaemon } from './support/daemon.mjs';

let browser;
let daemon;
let folder;

function access(input, ...args) {
  const all = ['access', ...args, '--file', join(folder, 'access')];
  return execFileSync(join(build, 'bin/imshow'), all, { input, encoding: 'utf8' }).trim();
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imshow-access-'));
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  execFileSync('openssl', [...request.split(' '), '-out', cert, '-keyout', key], { stdio: 'ignore' });
  access('s3cret\n', 'add', 'user', 'ann', '--streams', 'lab');
  access('b0b\n', 'add', 'user', 'bob', '--streams', 'lab');
  access('', 'add', 'token', 'other');
  daemon = await startDaemon([
    '--access', join(folder, 'access'), '--tls-cert', cert, '--tls-key', key,
    'lab=test:lab', 'thermal=test:thermal',
  ]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A page with a memory of its own, in which nothing that the policy forbids may happen. */
async function open(path) {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  page.setDefaultTimeout(180_000);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) page.faults.push(message.text());
  });
  const answer = await page.goto(`${daemon.url}${path}`);
  return { page, answer };
}

async function logIn(page, name, password) {
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('button');
}

const runs = (page) => until(() => page.evaluate(() => window.imshowd !== undefined), 'the page runs');

test('whoever comes gets a form, logs in, watches and logs out', async () => {
  const { page, answer } = await open('/');
  assert.equal(answer.status(), 401);
  const font = () => page.evaluate(() => getComputedStyle(document.querySelector('form')).display);
  assert.equal(await font(), 'grid', 'the form has its style');
  await logIn(page, 'ann', 'wrong');
  await page.waitForSelector('[role=alert]');
  await logIn(page, 'ann', 's3cret');
  await runs(page);
  await untilView(page, 'lab', (view) => view.painted > 2);
  const names = await page.evaluate(() => window.imshowd.views.map((view) => view.stream));
  assert.deepEqual(names, ['lab']);
  const cookie = (await page.context().cookies())[0];
  assert.deepEqual(
    [cookie.httpOnly, cookie.secure, cookie.sameSite, await page.evaluate(() => document.cookie)],
    [true, true, 'Strict', ''],
  );
  await page.click('.leave:has-text("Log out ann")');
  await page.waitForSelector('input[name=password]');
  await closePage(page);
});

test('a page whose rights are taken away goes back to the form', async () => {
  const { page } = await open('/');
  await logIn(page, 'bob', 'b0b');
  await runs(page);
  await untilView(page, 'lab', (view) => view.painted > 0);
  access('', 'revoke', 'user', 'bob');
  await page.waitForSelector('input[name=password]');
  await closePage(page);
});

test('a link opens the page for its stream alone', async () => {
  const link = access('', 'link', 'thermal', '--expires', '1h');
  const { page } = await open(`/${link}&stream=thermal`);
  await runs(page);
  await untilView(page, 'thermal', (view) => view.painted > 0);
  const names = await page.evaluate(() => window.imshowd.views.map((view) => view.stream));
  assert.deepEqual(names, ['thermal']);
  assert.equal(await page.isVisible('.leave'), false);
  await closePage(page);
});

test('the policy of the page is said exactly, and forbids what it does not name', async () => {
  const link = access('', 'link', 'lab');
  const { page, answer } = await open(`/${link}&stream=lab`);
  assert.equal(
    answer.headers()['content-security-policy'],
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; " +
      "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
      "form-action 'none'; frame-ancestors 'self'",
  );
  await runs(page);
  await untilView(page, 'lab', (view) => view.painted > 0);
  const ran = await page.evaluate(() => {
    window.stolen = [];
    const inline = document.createElement('script');
    inline.textContent = 'window.stolen.push("inline")';
    document.body.append(inline);
    try {
      setTimeout('window.stolen.push("text")', 0);
    } catch {
      // Some engines say no at once.
    }
    const reach = fetch('https://127.0.0.1:1/', { mode: 'no-cors' });
    return reach.then(() => 'reached', (error) => `${error}`).then(() => window.stolen);
  });
  assert.deepEqual(ran, []);
  assert.ok(page.faults.length >= 2, 'the browser says that it refused them');
  assert.ok(page.faults.every((text) => /Content Security Policy/.test(text)), page.faults.join('\n'));
  page.faults = [];
  const { page: figure } = await open(`/streams/lab/figure.html${link}`);
  await figure.waitForSelector('.js-plotly-plot .main-svg');
  await closePage(figure);
  await closePage(page);
});
