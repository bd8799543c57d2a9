/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage, encodeMessage, type ClientMessage } from '../src/wire/message.ts';
import { fromHex, toTwin, vectors } from './vectors.ts';

for (const file of ['viewer.json', 'server.json', 'picture.json']) {
  const all = vectors(file);

  test(`${file} is not empty`, () => assert.ok(all.length > 5));

  for (const { name, bytes, value } of all) {
    test(`decodes ${name} to its twin`, () => {
      assert.deepEqual(toTwin(decodeMessage(fromHex(bytes))), value);
    });
  }
}

for (const { name, bytes, value } of vectors('viewer.json')) {
  test(`encodes ${name} to the very bytes`, () => {
    const encoded = encodeMessage(value as ClientMessage);
    assert.equal(Buffer.from(encoded).toString('hex'), bytes);
  });
}

for (const { name, bytes, expect } of vectors('bad.json') as unknown as Record<string, string>[]) {
  if (expect !== 'truncated') continue;
  test(`refuses ${name}`, () => {
    assert.throws(() => decodeMessage(fromHex(bytes)));
  });
}

test('refuses what is no map with a type', () => {
  assert.throws(() => decodeMessage(Uint8Array.of(0x92, 1, 2)), /no map/);
  assert.throws(() => decodeMessage(Uint8Array.of(0xc0)), /no map/);
  assert.throws(() => decodeMessage(Uint8Array.of(0x80)), /without a type/);
});
