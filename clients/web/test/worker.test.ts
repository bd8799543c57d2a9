/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Picture } from '../src/wire/message.ts';
import { decodeMessage } from '../src/wire/message.ts';
import { Clock } from '../src/worker/clock.ts';
import { Meter } from '../src/worker/meter.ts';
import { applyTiles, tilesOf } from '../src/worker/tiles.ts';
import { fromHex, vectors } from './vectors.ts';

test('the offset of the clocks is that of the fastest ping', () => {
  const clock = new Clock();
  clock.hello(1_000_000, 0);
  assert.equal(clock.serverUs(5), 1_000_005);
  clock.pong(0, 1000, 900_500);
  assert.equal(clock.serverUs(0), 900_000);
  clock.pong(2000, 12_000, 1_500_000);
  assert.equal(clock.serverUs(0), 900_000);
  clock.pong(20_000, 20_100, 915_050);
  assert.equal(clock.serverUs(0), 895_000);
});

test('an old ping does not hold the offset for ever', () => {
  const clock = new Clock();
  clock.pong(0, 10, 5);
  for (let i = 0; i < 15; i += 1) clock.pong(0, 1000, 10_500);
  assert.equal(clock.serverUs(0), 10_000);
});

test('skipped frames are dropped, frames that were equal are not', () => {
  const meter = new Meter();
  meter.arrived(10);
  meter.arrived(11);
  assert.equal(meter.dropped, 0);
  meter.arrived(14);
  assert.equal(meter.dropped, 2);
  meter.advanced(20);
  meter.arrived(23);
  assert.equal(meter.dropped, 2);
  meter.givenUp();
  assert.equal(meter.dropped, 3);
});

test('a seek backwards and a new view drop nothing', () => {
  const meter = new Meter();
  meter.arrived(100);
  meter.arrived(3);
  meter.restart();
  meter.arrived(500);
  assert.equal(meter.dropped, 0);
});

test('a view that follows another keeps the rate, and its first picture says nothing of latency', () => {
  const meter = new Meter();
  for (let ms = 0; ms <= 1000; ms += 100) meter.paintedAt(ms, 5);
  meter.arrived(11);
  meter.continued(11);
  meter.paintedAt(1100, 9000);
  assert.equal(Math.round(meter.latencyMs), 5);
  assert.ok(meter.rate(1100) > 9);
  meter.arrived(12);
  assert.equal(meter.dropped, 0);
});

test('the rate is that of the last two seconds and falls when nothing comes', () => {
  const meter = new Meter();
  for (let ms = 0; ms <= 3000; ms += 100) meter.paintedAt(ms, 5);
  assert.equal(meter.painted, 31);
  assert.equal(meter.rate(3000), 10);
  assert.ok(meter.rate(4000) < 6);
  assert.equal(meter.rate(9000), 0);
});

test('latency starts with the second picture and follows slowly', () => {
  const meter = new Meter();
  meter.paintedAt(0, 60_000);
  assert.equal(meter.latencyMs, 0);
  meter.paintedAt(10, 100);
  assert.equal(meter.latencyMs, 100);
  meter.paintedAt(20, 200);
  assert.equal(meter.latencyMs, 120);
  assert.equal(meter.restingMs(50), 30);
  meter.restart();
  assert.equal(meter.latencyMs, 0);
  assert.equal(meter.restingMs(50), 0);
});

test('the changed tiles of the vectors say where they go', () => {
  const vector = vectors('picture.json').find((each) => each.name === 'picture, changed tiles');
  assert.ok(vector);
  const head = decodeMessage(fromHex(vector.bytes)) as Picture;
  const tiles = tilesOf(head);
  assert.ok(tiles.length > 0);
  for (const tile of tiles) {
    assert.ok(tile.x + tile.width <= head.width && tile.y + tile.height <= head.height);
  }
});

const headOf = (change: Partial<Picture>) =>
  ({ width: 5, height: 3, tile: 2, tiles: new Uint8Array(0), ...change }) as Picture;

test('tiles go to their places, edge tiles without their padding', () => {
  const picture = headOf({ tiles: Uint8Array.of(0, 0, 0, 0, 2, 0, 1, 0) });
  const tiles = tilesOf(picture);
  assert.deepEqual(tiles, [
    { from: 0, x: 0, y: 0, width: 2, height: 2 },
    { from: 2, x: 4, y: 2, width: 1, height: 1 },
  ]);
  const into = new Uint8Array(15);
  applyTiles(tiles, Uint8Array.of(1, 2, 3, 4, 5, 5, 5, 5), 2, into, 5);
  assert.deepEqual([...into], [1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0, 5]);
});

test('refuses a tile outside of its picture', () => {
  assert.throws(() => tilesOf(headOf({ tiles: Uint8Array.of(3, 0, 0, 0) })), /outside/);
  assert.throws(() => tilesOf(headOf({ tiles: Uint8Array.of(1, 0, 0) })), /places/);
  assert.throws(() => tilesOf(headOf({ tile: 0 })), /size/);
});
