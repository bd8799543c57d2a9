/* SPDX-License-Identifier: MIT */
// Every fault of a camera once, seen on the page: the reason, then pictures again. `./dev soak camera` does it often.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closePage, launch, openPage } from './support/browser.mjs';
import { environmentOf, makeCameras, sourcesOf } from './support/camera.mjs';
import { startDaemon } from './support/daemon.mjs';
import { KINDS, recoverAll } from './support/recovery.mjs';

let browser;
let daemon;
let folder;
let cameras;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imshowd-recovery-'));
  cameras = makeCameras(folder, ['GREY', 'MJPEG', 'GREY', 'MJPEG', 'GREY', 'GREY']);
  daemon = await startDaemon(sourcesOf(cameras), { env: environmentOf(cameras) });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.kill();
  rmSync(folder, { recursive: true });
});

test('each fault of a camera is told on its card, and then there are pictures again', async () => {
  const page = await openPage(browser, daemon.url, '', { viewport: { width: 1600, height: 2400 } });
  await recoverAll(page, cameras, KINDS);
  await closePage(page);
});

test('the daemon ends cleanly after that', () => daemon.stop());
