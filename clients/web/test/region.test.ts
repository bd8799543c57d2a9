/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewKeys } from '../src/page/keys.ts';
import { inSight, magnification, type AxisPlace } from '../src/page/place.ts';
import { isWhole, regionFor, sizeFor, type Sight } from '../src/page/region.ts';
import type { Region, StreamInfo } from '../src/wire/message.ts';

const frame = { width: 4096, height: 4096 };
const stage = { width: 1000, height: 1000 };

function sightOf(region: Region, px = 1000): Sight {
  const [x0, y0, x1, y1] = region;
  return { region, scale: [px / (x1 - x0), px / (y1 - y0)] };
}

test('what an axis shows of the frame is cut at its edges, whichever way it runs', () => {
  const axis: AxisPlace = {
    range: [-5, 4.5], lengthPx: 100, edges: [-0.5, 9.5], count: 10, vertical: false,
  };
  assert.deepEqual(inSight(axis), [-0.5, 4.5]);
  assert.deepEqual(inSight({ ...axis, range: [4.5, -5], vertical: true }), [-0.5, 4.5]);
  assert.deepEqual(inSight({ ...axis, range: [120, 140], edges: [100, 200] }), [1.5, 3.5]);
  assert.equal(inSight({ ...axis, range: [20, 30] }), null);
  assert.ok(Math.abs(magnification({ ...axis, range: [0, 5] }) - 20) < 1e-9);
});

test('the whole frame is asked for without a region, and so is nearly all of it', () => {
  const all = sightOf([-0.5, -0.5, 4095.5, 4095.5]);
  assert.ok(isWhole(all, frame));
  assert.equal(regionFor(all, frame, null), null);
  const most = sightOf([300, 300, 3700, 3700]);
  assert.ok(!isWhole(most, frame));
  assert.equal(regionFor(most, frame, null), null);
});

test('a zoom asks for what is in sight with room around it, in whole pixels', () => {
  const region = regionFor(sightOf([999.5, 1999.5, 1499.5, 2499.5]), frame, null);
  assert.deepEqual(region, [863.5, 1855.5, 1631.5, 2655.5]);
  const corner = regionFor(sightOf([-0.5, -0.5, 499.5, 499.5]), frame, null);
  assert.deepEqual(corner, [-0.5, -0.5, 639.5, 639.5]);
});

test('windows of nearly one place ask for one region', () => {
  const one = regionFor(sightOf([999.5, 1999.5, 1499.5, 2499.5]), frame, null);
  const other = regionFor(sightOf([1003, 2001, 1502, 2500]), frame, null);
  assert.deepEqual(one, other);
});

test('a region stays while it covers what is in sight without being far larger', () => {
  const old: Region = [863.5, 1855.5, 1631.5, 2655.5];
  assert.equal(regionFor(sightOf([900, 1900, 1400, 2400]), frame, old), old);
  assert.notEqual(regionFor(sightOf([800, 1900, 1300, 2400]), frame, old), old);
  assert.notEqual(regionFor(sightOf([1000, 2000, 1100, 2100]), frame, old), old);
});

test('less than a pixel of the frame in sight is still a region with a pixel', () => {
  const region = regionFor(sightOf([10.1, 10.1, 10.2, 10.2]), frame, null) as Region;
  assert.ok(region[0] <= 9.5 && region[2] >= 10.5 && region[2] - region[0] <= 4);
});

test('a region needs its share of the pixels on the screen, more than the stage has', () => {
  const sight = sightOf([999.5, 1999.5, 1499.5, 2499.5]);
  const region = regionFor(sight, frame, null) as Region;
  assert.deepEqual(sizeFor(region, sight, frame, stage), { width: 1536, height: 1600 });
});

test('stretched frames lose no pixel either way, within four times the stage', () => {
  const sight: Sight = { region: [0, 0, 100, 4000], scale: [10, 0.25] };
  const size = sizeFor([0, 0, 100, 4000], sight, frame, stage);
  assert.ok(size.height >= 4000 && size.width >= 100);
  assert.ok(size.width * size.height <= 4 * 1000 * 1000 * 1.001);
});

test('along an uneven axis a region has the pixels of its place on the screen, whatever the other axis has', () => {
  const sight: Sight = { region: [-0.5, -0.5, 3.5, 2999.5], scale: [250, 0.2], uneven: true };
  assert.deepEqual(sizeFor(null, sight, { width: 4, height: 3000 }, stage), { width: 1000, height: 600 });
});

const stream: StreamInfo = {
  name: 'a', state: 'live', reason: '', source: '', epoch: 1, shape: [4096, 4096], dtype: '<u2',
  fps: 30, watchers: 0, captured: 0, lost: 0, encodes: 0,
};

test('the keys have the region, but not where the whole comes raw', () => {
  const size = { width: 1500, height: 1600 };
  const region: Region = [863.5, 1855.5, 1631.5, 2655.5];
  assert.deepEqual(viewKeys(stream, [], size, null, 'linear', region), {
    region, width: 1536, height: 1600,
  });
  assert.deepEqual(viewKeys({ ...stream, shape: [64, 64] }, [], size, null, 'linear', region), {});
  const uneven = viewKeys({ ...stream, shape: [64, 64] }, [], size, null, 'linear', region, true);
  assert.deepEqual(uneven, { region, width: 1536, height: 1600 });
});
