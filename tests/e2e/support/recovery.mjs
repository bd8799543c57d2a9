/* SPDX-License-Identifier: MIT */
// A fault of a camera from the break to live pictures again, as the page's card shows it.
//
//   await recoverAll(page, cameras, KINDS, (kind, seconds) => console.log(kind.name, seconds));

import { until, viewOf } from './browser.mjs';

/** The camera works no longer; then what is tried again fails with this. */
function failing(call, errno, reason) {
  return {
    name: `${call} fails with ${errno}`,
    parts: { fail: `${call}=${errno}`, fault: 'eio%1' },
    reason,
  };
}

/** What breaks a camera, and a part of the reason on its card; without one the stream goes on. */
export const KINDS = [
  { name: 'unplug', parts: { unplug: true }, reason: 'plug' },
  { name: 'stall', parts: { fault: 'stall%1' }, reason: 'no frame for' },
  { name: 'I/O error', parts: { fault: 'eio%1' }, reason: 'I/O error' },
  { name: 'error flag', parts: { fault: 'error%1' }, reason: 'only broken pictures' },
  { name: 'short', parts: { fault: 'short%1' }, reason: 'only broken pictures', format: 'GREY' },
  { name: 'empty', parts: { fault: 'empty%1' }, reason: 'only broken pictures' },
  { name: 'garbage', parts: { fault: 'garbage%1' }, reason: 'only broken pictures', format: 'MJPEG' },
  { name: 'corrupt', parts: { fault: 'corrupt%1' }, format: 'MJPEG' },
  { name: 'hang', parts: { hang: '', fault: 'eio%1' }, reason: 'does not answer' },
  failing('open', 13, 'no permission'),
  failing('S_FMT', 16, 'in use by another program'),
  failing('REQBUFS', 12, 'out of memory'),
  failing('QBUF', 22, 'Invalid argument'),
  failing('STREAMON', 28, 'USB bus has no room'),
  { name: 'DQBUF fails with 19', parts: { fail: 'DQBUF=19' }, reason: 'the camera is gone' },
];

function fits(kind, camera) {
  return !kind.format || kind.format === camera.format;
}

function cardOf(page, name) {
  return page.evaluate((stream) => {
    const card = document.querySelector(`[data-stream="${stream}"]`);
    // A stream is on the page when the server has told of it.
    return {
      state: card?.dataset.state ?? '',
      reason: card?.querySelector('.reason').textContent ?? '',
    };
  }, name);
}

async function captured(page, name) {
  const url = new URL(`/api/v1/streams/${name}`, page.url());
  const answer = await fetch(url);
  return (await answer.json()).captured;
}

async function untilCaptured(page, name, more) {
  const from = await captured(page, name);
  await until(async () => (await captured(page, name)) >= from + more, `${name}: frames`);
}

/** Pictures are painted now, not only said to be. */
async function untilPainted(page, name, more = 3) {
  const isLive = async () => /live|behind/.test((await cardOf(page, name)).state);
  await until(isLive, `${name}: live on its card`);
  const from = (await viewOf(page, name))?.painted ?? 0;
  await until(async () => {
    const view = await viewOf(page, name);
    return view && (view.painted >= from + more || view.painted < from);
  }, `${name}: pictures after ${from}`);
}

async function untilTold(page, camera, { name, reason }) {
  const isTold = async () => {
    const card = await cardOf(page, camera.name);
    return card.state === 'lost' && card.reason.includes(reason);
  };
  await until(isTold, `${camera.name}: "${reason}" on its card, for: ${name}`).catch(async (error) => {
    throw new Error(`${error.message}; it has: ${JSON.stringify(await cardOf(page, camera.name))}`);
  });
}

/** Breaks, waits for the reason, mends, waits for pictures. */
async function recover(page, camera, kind) {
  camera.break(kind.parts);
  try {
    if (kind.reason) await untilTold(page, camera, kind);
    else await untilCaptured(page, camera.name, 5);
  } finally {
    camera.mend();
  }
  await untilPainted(page, camera.name);
}

/** All `jobs`, each a kind, by all cameras at once, each job on a camera that it fits. */
export async function recoverAll(page, cameras, jobs, onRecovered = () => {}) {
  const waiting = [...jobs];
  const work = async (camera) => {
    await untilPainted(page, camera.name);
    for (;;) {
      const at = waiting.findIndex((kind) => fits(kind, camera));
      if (at < 0) return;
      const [kind] = waiting.splice(at, 1);
      const start = performance.now();
      await recover(page, camera, kind);
      onRecovered(kind, (performance.now() - start) / 1000);
    }
  };
  await Promise.all(cameras.map(work));
}
