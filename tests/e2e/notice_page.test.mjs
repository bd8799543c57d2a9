/* SPDX-License-Identifier: MIT */
// A stream that is lost or waits, in a real browser: over its dimmed picture stands why, what is being done and since
// when, and goes by itself.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { closePage, launch, openPage, runs, until, untilView } from './support/browser.mjs';
import { environmentOf, makeCameras, sourcesOf } from './support/camera.mjs';
import { startDaemon, steadyPort } from './support/daemon.mjs';
import { npy } from './support/npy.mjs';

let browser;
let daemon;
let folder;
let cameras;
let port;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imshowd-notice-'));
  port = await steadyPort();
  cameras = makeCameras(folder, ['GREY', 'GREY']);
  const array = join(folder, 'array.npy');
  const sources = [
    sourcesOf(cameras)[0],
    `rest=v4l2:${cameras[1].device}?idle_stop=1`,
    `film=exec:while cat ${array}; do sleep 0.2; done; exit 3`,
    `yard=http://127.0.0.1:${port}/picture.npy`,
    'lab=test:lab',
  ];
  daemon = await startDaemon(sources, { env: environmentOf(cameras) });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await daemon?.kill();
  rmSync(folder, { recursive: true });
});

const ARRAY = npy([8, 12], Uint16Array.from({ length: 96 }, (_, i) => i * 100));

async function onStream(name, body) {
  const page = await openPage(browser, daemon.url, `#/${name}`);
  try {
    await body(page);
  } finally {
    await closePage(page);
  }
}

/** What stands over the picture; null: nothing. */
function notice(page, stream) {
  return page.evaluate((name) => {
    const card = document.querySelector(`[data-stream="${name}"]`);
    if (!card || card.querySelector('.notice').hidden) return null;
    const text = (selector) => card.querySelector(selector).textContent;
    const canvas = card.querySelector('canvas');
    return {
      why: text('.why'),
      doing: text('.doing'),
      isDim: canvas !== null && getComputedStyle(canvas).filter.includes('grayscale(1)'),
    };
  }, stream);
}

async function untilTold(page, stream, why, doing) {
  let last = null;
  const isTold = async () => {
    last = await notice(page, stream);
    return last && why.test(last.why) && doing.test(last.doing) && last;
  };
  return until(isTold, `${stream}: ${why} ${doing}`).catch((error) => {
    throw new Error(`${error.message}; it has: ${JSON.stringify(last)}`);
  });
}

async function untilClear(page, stream) {
  await untilView(page, stream, runs);
  await until(async () => (await notice(page, stream)) === null, `${stream}: nothing over its picture`);
}

const AGAIN = /^tried again by itself, lost for \d/;

/** Of "... for 1 min 5 s". */
function seconds({ doing }) {
  const [, minutes = 0, rest = 0] = /for (?:(\d+) min ?)?(?:(\d+) s)?$/.exec(doing);
  return 60 * Number(minutes) + Number(rest);
}

test('a camera that is pulled out, one without a signal, and their pictures again', () =>
  onStream('cam0', async (page) => {
    const [camera] = cameras;
    await untilClear(page, 'cam0');
    camera.break({ unplug: true });
    await untilTold(page, 'cam0', /plug/, AGAIN);
    await until(async () => (await notice(page, 'cam0'))?.isDim, 'the last picture is dimmed');
    const from = seconds(await notice(page, 'cam0'));
    await until(async () => seconds(await notice(page, 'cam0')) > from, 'the time goes on');
    camera.mend();
    await untilClear(page, 'cam0');

    camera.break({ fail: 'STREAMON=67', fault: 'eio%1' });
    await untilTold(page, 'cam0', /no signal/, AGAIN);
    camera.mend();
    await untilClear(page, 'cam0');
  }));

test('who comes while a camera is lost is told since when', () =>
  onStream('lab', async (other) => {
    const [camera] = cameras;
    camera.break({ unplug: true });
    await untilTold(other, 'cam0', /plug/, AGAIN);
    await until(async () => seconds(await notice(other, 'cam0')) >= 2, 'two seconds');
    await onStream('cam0', async (page) => {
      const told = await untilTold(page, 'cam0', /plug/, AGAIN);
      assert.ok(seconds(told) >= 2, told.doing);
      camera.mend();
      await untilClear(page, 'cam0');
    });
  }));

test('a camera that rests while nobody watches says so, and starts for the one who does', () =>
  onStream('lab', async (page) => {
    await untilView(page, 'rest', (view) => view.state === 'waiting' && view.reason.includes('idle'));
    await page.evaluate(() => (location.hash = '#/rest'));
    await untilClear(page, 'rest');
  }));

test('a program that ends, until it runs', () =>
  onStream('film', async (page) => {
    await untilTold(page, 'film', /ended with status 3/, AGAIN);
    writeFileSync(join(folder, 'array.npy'), ARRAY);
    await untilClear(page, 'film');
  }));

test('a network camera that does not answer, until it does', () =>
  onStream('yard', async (page) => {
    await untilTold(page, 'yard', /./, AGAIN);
    const server = createServer((_request, answer) => answer.end(ARRAY));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    try {
      await untilClear(page, 'yard');
    } finally {
      server.close();
      server.closeAllConnections?.();
    }
  }));

async function pusher() {
  const socket = new WebSocket(`${daemon.url.replace(/^http/, 'ws')}/push/waves`, 'imshow.v1');
  await once(socket, 'open');
  socket.send(encode({ type: 'hello', version: 1, name: 'waves' }));
  socket.send(encode({ data: new Uint8Array(96), dtype: '|u1', shape: [8, 12] }));
  return socket;
}

test('a pusher that goes, until it is back', async () => {
  let socket = await pusher();
  await onStream('waves', async (page) => {
    await untilClear(page, 'waves');
    socket.close();
    await untilTold(page, 'waves', /./, /^goes on when its pusher is back, gone for \d/);
    socket = await pusher();
    await untilClear(page, 'waves');
    socket.close();
  });
});

test('the daemon ends cleanly after that', () => daemon.stop());
