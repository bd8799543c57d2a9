/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Colorizer, indexMap, indexOf, rawArray, rgbaTable } from '../src/picture/colors.ts';
import { indexVectors } from './vectors.ts';

for (const { dtype, lo, hi, values, indices } of indexVectors()) {
  test(`indices of ${dtype} from ${lo} to ${hi}`, () => {
    const map = indexMap(dtype.includes('f'), lo, hi);
    const got = values.map((value) => indexOf(map, Number(value)));
    assert.deepEqual(got, indices);
  });
}

/** A table whose colour tells its index. */
const GREYS = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

const ARRAYS = { '|u1': Uint8Array, '<u2': Uint16Array, '<f4': Float32Array } as const;

for (const { dtype, lo, hi, values, indices } of indexVectors()) {
  if (!(dtype in ARRAYS)) continue;
  const items = ARRAYS[dtype as keyof typeof ARRAYS].from(values.map(Number));
  test(`a picture of ${dtype} from ${lo} to ${hi} gets the colours of its indices`, () => {
    // Both roads: item by item for few, by a table for many.
    for (const repeats of [1, Math.ceil(70000 / items.length)]) {
      const many = new (items.constructor as Uint8ArrayConstructor)(items.length * repeats);
      for (let i = 0; i < repeats; i += 1) many.set(items, i * items.length);
      const out = new Uint32Array(many.length);
      new Colorizer(GREYS, false).paint(many, lo, hi, out);
      const got = [...out].map((word) => word & 255);
      const want = Array.from({ length: repeats }, () => indices).flat();
      assert.deepEqual(got, want);
    }
  });
}

test('a colour table lies in memory as red, green, blue, opaque', () => {
  const colors = new Uint8Array(768);
  colors.set([1, 2, 3], 3 * 7);
  const bytes = new Uint8Array(rgbaTable(colors, false).buffer);
  assert.deepEqual([...bytes.subarray(28, 32)], [1, 2, 3, 255]);
});

test('a gap is transparent and all else is opaque', () => {
  const table = rgbaTable(GREYS, true);
  assert.equal(table[0], 0);
  assert.ok(table.subarray(1).every((word) => word >>> 24 === 255));
});

test('new limits make a new table', () => {
  const colorizer = new Colorizer(GREYS, false);
  const values = new Uint16Array(70000).fill(50);
  const out = new Uint32Array(values.length);
  colorizer.paint(values, 0, 100, out);
  const first = out[0];
  colorizer.paint(values, 0, 50, out);
  assert.equal(out[0] & 255, 255);
  assert.notEqual(out[0], first);
});

test('raw items are read from bytes that lie on an odd address', () => {
  const bytes = new Uint8Array(9);
  new DataView(bytes.buffer).setUint16(1, 513, true);
  new DataView(bytes.buffer).setFloat32(5, 0.5, true);
  assert.equal(rawArray('<u2', bytes.subarray(1, 3))[0], 513);
  assert.equal(rawArray('<f4', bytes.subarray(5, 9))[0], 0.5);
});
