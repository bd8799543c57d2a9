/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Assembler, MAX_PICTURE_BYTES, ProtocolError } from '../src/wire/assemble.ts';
import { decodeMessage, type Part, type Picture } from '../src/wire/message.ts';
import { takeNext } from '../src/worker/queue.ts';
import { fromHex, vectors } from './vectors.ts';

function picture(change: Partial<Picture>): Picture {
  return {
    type: 'picture',
    view: 1,
    picture: 1,
    base: 0,
    seq: 1,
    epoch: 1,
    time_us: 0,
    codec: 'jpeg',
    width: 4,
    height: 2,
    limits: [],
    region: [-0.5, -0.5, 3.5, 1.5],
    parts: 1,
    size: 3,
    data: Uint8Array.of(1, 2, 3),
    ...change,
  };
}

function part(number: number, ...bytes: number[]): Part {
  return { type: 'part', view: 1, picture: 1, part: number, data: Uint8Array.from(bytes) };
}

test('a picture of one part is whole at once', () => {
  const whole = new Assembler().begin(picture({}));
  assert.deepEqual(whole?.data, Uint8Array.of(1, 2, 3));
});

test('parts are put together in order', () => {
  const assembler = new Assembler();
  assert.equal(assembler.begin(picture({ parts: 3, size: 6 })), null);
  assert.ok(assembler.sinceMs > 0);
  assert.equal(assembler.add(part(1, 4, 5)), null);
  const whole = assembler.add(part(2, 6));
  assert.deepEqual(whole?.data, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert.equal(assembler.sinceMs, 0);
});

test('the picture of two parts of the vectors comes together', () => {
  const all = vectors('picture.json');
  const [head, second] = ['picture of two parts', 'part, its second'].map((name) => {
    const vector = all.find((each) => each.name === name);
    assert.ok(vector, name);
    return decodeMessage(fromHex(vector.bytes));
  });
  const assembler = new Assembler();
  assert.equal(assembler.begin(head as Picture), null);
  const whole = assembler.add(second as Part);
  assert.equal(whole?.data.length, (head as Picture).size);
});

const BROKEN: [string, (assembler: Assembler) => unknown, RegExp][] = [
  [
    'a part that was left out',
    (a) => [a.begin(picture({ parts: 3, size: 6 })), a.add(part(2, 4))],
    /out of order/,
  ],
  ['a part of no picture', (a) => a.add(part(1, 4)), /out of order/],
  [
    'a picture amid parts',
    (a) => [a.begin(picture({ parts: 2, size: 6 })), a.begin(picture({ picture: 2 }))],
    /amid/,
  ],
  [
    'parts longer than said',
    (a) => [a.begin(picture({ parts: 2, size: 4 })), a.add(part(1, 4, 5))],
    /longer/,
  ],
  [
    'parts shorter than said',
    (a) => [a.begin(picture({ parts: 2, size: 9 })), a.add(part(1, 4))],
    /4 bytes of a picture of 9/,
  ],
  ['one part shorter than said', (a) => a.begin(picture({ size: 4 })), /3 bytes/],
  ['a size beyond all bounds', (a) => a.begin(picture({ size: MAX_PICTURE_BYTES + 1 })), /bytes/],
  ['a size that is no number', (a) => a.begin(picture({ size: 'x' as never })), /bytes/],
  ['no width', (a) => a.begin(picture({ width: 0 })), /pixels/],
  ['a base that is not here', (a) => a.begin(picture({ base: 7, picture: 8 })), /changes 7, not 0/],
];

for (const [name, act, text] of BROKEN) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => act(new Assembler()),
      (error) => error instanceof ProtocolError && text.test(error.message),
    );
  });
}

test('a change is taken only on top of the picture before it', () => {
  const assembler = new Assembler();
  assembler.begin(picture({ picture: 5 }));
  assert.ok(assembler.begin(picture({ picture: 6, base: 5 })));
  assert.throws(() => assembler.begin(picture({ picture: 8, base: 7 })), ProtocolError);
  assert.ok(assembler.begin(picture({ picture: 9, base: 0 })));
});

const queue = (...bases: number[]) => bases.map((base, i) => ({ picture: i + 1, base }));

test('a later whole picture replaces all before it', () => {
  const waiting = queue(0, 1, 0, 3);
  const { next, givenUp } = takeNext(waiting);
  assert.deepEqual(next, { picture: 3, base: 0 });
  assert.deepEqual(
    givenUp.map((each) => each.picture),
    [1, 2],
  );
  assert.deepEqual(waiting, [{ picture: 4, base: 3 }]);
});

test('changes are applied one by one, none is skipped', () => {
  const waiting = queue(0, 1, 2);
  const order = [takeNext(waiting), takeNext(waiting), takeNext(waiting)];
  assert.deepEqual(
    order.map(({ next, givenUp }) => [next?.picture, givenUp.length]),
    [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  );
});

test('an empty queue gives nothing', () => {
  assert.deepEqual(takeNext([]), { next: undefined, givenUp: [] });
});
