/* SPDX-License-Identifier: MIT */
// From value to colour: the one formula of docs/protocol.md section 6, and its tables.

import type { RawDtype } from '../wire/message.ts';

export type RawArray = Uint8Array | Uint16Array | Float32Array;

export interface IndexMap {
  lo: number;
  scale: number;
  first: number;
  /** Indices in use, from `first`. */
  count: number;
}

export function indexMap(isFloat: boolean, lo: number, hi: number): IndexMap {
  if (lo === hi) {
    lo -= 0.5;
    hi += 0.5;
  }
  const count = isFloat ? 255 : 256;
  return { lo, scale: (count - 1) / (hi - lo), first: isFloat ? 1 : 0, count };
}

/** NaN and infinities are gaps, which only floats have: index 0. */
export function indexOf(map: IndexMap, value: number): number {
  if (!Number.isFinite(value)) return 0;
  const step = Math.floor((value - map.lo) * map.scale + 0.5);
  return map.first + Math.min(Math.max(step, 0), map.count - 1);
}

/** 256 RGBA words, as an ImageData's bytes lie in memory (every browser's machine is little-endian). */
export function rgbaTable(colors: Uint8Array, gap: boolean): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i += 1) {
    const r = colors[3 * i] ?? 0;
    const g = colors[3 * i + 1] ?? 0;
    const b = colors[3 * i + 2] ?? 0;
    table[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  if (gap) table[0] = 0;
  return table;
}

/** The raw items of a payload, copied only where the bytes do not lie on their boundary. */
export function rawArray(dtype: RawDtype, data: Uint8Array): RawArray {
  if (dtype === '|u1') return data;
  const item = dtype === '<u2' ? 2 : 4;
  const aligned = data.byteOffset % item === 0 ? data : data.slice();
  const length = Math.floor(data.length / item);
  return dtype === '<u2'
    ? new Uint16Array(aligned.buffer, aligned.byteOffset, length)
    : new Float32Array(aligned.buffer, aligned.byteOffset, length);
}

export function itemSize(dtype: RawDtype): number {
  return dtype === '|u1' ? 1 : dtype === '<u2' ? 2 : 4;
}

/** Colours raw items. It keeps the table of a whole u8 or u16 range, as long as limits and colours hold. */
export class Colorizer {
  private readonly rgba: Uint32Array;
  private table: Uint32Array | null = null;
  private key = '';

  constructor(colors: Uint8Array, gap: boolean) {
    this.rgba = rgbaTable(colors, gap);
  }

  paint(values: RawArray, lo: number, hi: number, out: Uint32Array): void {
    const map = indexMap(values instanceof Float32Array, lo, hi);
    if (values instanceof Float32Array) {
      this.paintEach(values, map, out);
    } else {
      this.paintByTable(values, map, out);
    }
  }

  private paintEach(values: RawArray, map: IndexMap, out: Uint32Array): void {
    for (let i = 0; i < out.length; i += 1) out[i] = this.rgba[indexOf(map, values[i])];
  }

  private paintByTable(values: Uint8Array | Uint16Array, map: IndexMap, out: Uint32Array): void {
    const size = values instanceof Uint8Array ? 256 : 65536;
    const key = `${size} ${map.lo} ${map.scale}`;
    if (this.key !== key) {
      // A table is dearer than a picture smaller than it, when limits move with each frame.
      if (out.length < size) return this.paintEach(values, map, out);
      this.table = new Uint32Array(size);
      for (let v = 0; v < size; v += 1) this.table[v] = this.rgba[indexOf(map, v)];
      this.key = key;
    }
    const table = this.table as Uint32Array;
    for (let i = 0; i < out.length; i += 1) out[i] = table[values[i]];
    return undefined;
  }
}
