/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elapsedText } from '../src/page/replay.ts';
import type { ToPage } from '../src/shared/port.ts';
import type { ClientMessage, TimelineOpened } from '../src/wire/message.ts';
import { Timelines } from '../src/worker/timelines.ts';

const START = { time_us: 5, playing: true };

function opened(request: number, timeline: number): TimelineOpened {
  return {
    type: 'timeline',
    request,
    timeline,
    stream: 'lab',
    streams: ['lab'],
    start_us: 0,
    end_us: 100,
    frames: 11,
    markers: [],
    time_us: 5,
    frame: 0,
    playing: true,
    speed: 1,
    loop: true,
  };
}

/** Timelines on a connection that can be cut. */
function scene() {
  const sent: ClientMessage[] = [];
  const posted: ToPage[] = [];
  const link = { isUp: true, numbers: 0, requests: 0 };
  const timelines = new Timelines({
    send: (message) => {
      if (link.isUp) sent.push(message);
      return link.isUp;
    },
    nextRequest: () => (link.requests += 1),
    post: (message) => posted.push(message),
    onNumber: () => (link.numbers += 1),
  });
  return { timelines, sent, posted, link };
}

test('a time in a recording is told to the millisecond', () => {
  assert.equal(elapsedText(0), '0:00.000');
  assert.equal(elapsedText(62_345_678), '1:02.345');
  assert.equal(elapsedText(3_662_345_000), '1:01:02.345');
  assert.equal(elapsedText(-5), '0:00.000');
});

test('what is asked for before the timeline is there goes with its number afterwards, the newest seek alone', () => {
  const { timelines, sent, posted, link } = scene();
  timelines.open(1, 'lab', START);
  assert.deepEqual(sent, [{ type: 'timeline', request: 1, stream: 'lab', ...START }]);
  timelines.steer(1, { type: 'step', frames: 2, stream: 'lab' });
  timelines.steer(1, { type: 'seek', time_us: 7 });
  timelines.steer(1, { type: 'seek', time_us: 8 });
  timelines.steer(1, { type: 'step', frames: 3, stream: 'lab' });
  timelines.steer(1, { type: 'step', frames: -1, stream: 'lab' });
  assert.equal(timelines.numberOf(1), null);
  timelines.opened(opened(1, 70));
  assert.equal(timelines.numberOf(1), 70);
  assert.equal(link.numbers, 1);
  assert.deepEqual(sent.slice(1), [
    { type: 'seek', time_us: 8, timeline: 70 },
    { type: 'step', frames: 2, stream: 'lab', timeline: 70 },
  ]);
  assert.equal(posted.length, 1);
});

test('a lost connection is mended where the timeline was', () => {
  const { timelines, sent, link } = scene();
  timelines.open(1, 'lab', START);
  timelines.opened(opened(1, 70));
  timelines.moved({ timeline: 70, time_us: 42, frame: 4, playing: false, speed: 2, loop: false });
  link.isUp = false;
  timelines.disconnected();
  assert.equal(timelines.numberOf(1), null);
  link.isUp = true;
  timelines.connected();
  assert.deepEqual(sent.at(-1), {
    type: 'timeline',
    request: 2,
    stream: 'lab',
    time_us: 42,
    playing: false,
  });
  timelines.opened(opened(2, 3));
  assert.deepEqual(sent.slice(-2), [
    { type: 'speed', speed: 2, timeline: 3 },
    { type: 'loop', loop: false, timeline: 3 },
  ]);
});

test('the end of a timeline is told, and a refusal is one', () => {
  const { timelines, posted } = scene();
  timelines.open(1, 'lab', START);
  assert.equal(timelines.refused(9, 'no'), false);
  assert.equal(timelines.refused(1, 'too many'), true);
  timelines.open(2, 'lab', START);
  timelines.opened(opened(2, 70));
  timelines.ended(70, 'the file has changed');
  const ends = posted.filter((m) => m.op === 'timeline' && m.state === null);
  assert.deepEqual(ends, [
    { op: 'timeline', timeline: 1, state: null, reason: 'too many' },
    { op: 'timeline', timeline: 2, state: null, reason: 'the file has changed' },
  ]);
});
