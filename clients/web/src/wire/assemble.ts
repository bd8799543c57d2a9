/* SPDX-License-Identifier: MIT */
// Puts a picture's parts together again, and holds it to the rules of docs/protocol.md section 5.

import type { Part, Picture } from './message.ts';

/** No frame is larger on the server either; what claims more is not believed. */
export const MAX_PICTURE_BYTES = 256 * 1024 * 1024;
const MAX_SIDE = 65536;

/** The peer broke the protocol: the connection ends with 1002 and this text. */
export class ProtocolError extends Error {}

function isCount(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

function checkHead(head: Picture): void {
  if (!(head.data instanceof Uint8Array)) throw new ProtocolError('a picture without data');
  if (!isCount(head.size, MAX_PICTURE_BYTES)) {
    throw new ProtocolError(`a picture of ${head.size} bytes`);
  }
  if (!isCount(head.width, MAX_SIDE) || !isCount(head.height, MAX_SIDE)) {
    throw new ProtocolError(`a picture of ${head.width} by ${head.height} pixels`);
  }
  if (!isCount(head.parts, head.size)) {
    throw new ProtocolError(`a picture of ${head.parts} parts`);
  }
}

/** One per view: at most one picture is under way at a time, since parts of one view never interleave. */
export class Assembler {
  private head: Picture | null = null;
  private buffer: Uint8Array | null = null;
  private filled = 0;
  private nextPart = 0;
  private last = 0;
  /** When the picture under way began (performance.now()); 0 when none is. */
  sinceMs = 0;

  /** The picture, once it is whole; null while parts are missing. */
  begin(head: Picture): Picture | null {
    if (this.head) throw new ProtocolError('a picture amid the parts of another');
    checkHead(head);
    if (head.base !== 0 && head.base !== this.last) {
      throw new ProtocolError(`picture ${head.picture} changes ${head.base}, not ${this.last}`);
    }
    if (head.parts === 1) return this.finish(head, head.data);
    this.head = head;
    this.sinceMs = performance.now();
    this.buffer = new Uint8Array(head.size);
    this.filled = 0;
    this.nextPart = 1;
    this.append(head.data);
    return null;
  }

  add(part: Part): Picture | null {
    const head = this.head;
    if (!head || part.picture !== head.picture || part.part !== this.nextPart) {
      throw new ProtocolError(`part ${part.part} of picture ${part.picture} out of order`);
    }
    this.append(part.data);
    this.nextPart += 1;
    if (this.nextPart < head.parts) return null;
    const whole = (this.buffer as Uint8Array).subarray(0, this.filled);
    this.head = null;
    this.buffer = null;
    this.sinceMs = 0;
    return this.finish(head, whole);
  }

  private append(data: Uint8Array): void {
    const buffer = this.buffer as Uint8Array;
    if (data.length > buffer.length - this.filled) {
      throw new ProtocolError('parts are longer than the picture said');
    }
    buffer.set(data, this.filled);
    this.filled += data.length;
  }

  private finish(head: Picture, data: Uint8Array): Picture {
    if (data.length !== head.size) {
      throw new ProtocolError(`${data.length} bytes of a picture of ${head.size}`);
    }
    this.last = head.picture;
    return { ...head, data };
  }
}
