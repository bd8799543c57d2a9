/* SPDX-License-Identifier: MIT */
// The wire vectors that the C code runs too, and how their JSON twins stand for bytes.

import { readFileSync } from 'node:fs';

export interface Vector {
  name: string;
  bytes: string;
  value: unknown;
}

export interface IndexVector {
  dtype: string;
  lo: number;
  hi: number;
  values: (number | string)[];
  indices: number[];
}

/** dist-test lies beside the sources. */
function read(file: string): unknown {
  const url = new URL(`../../../tests/wire/${file}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

export function vectors(file: string): Vector[] {
  return read(file) as Vector[];
}

export function indexVectors(): IndexVector[] {
  return read('index.json') as IndexVector[];
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** Byte strings as their twin {"$bin": hex}; numbers that JSON cannot say as text. */
export function toTwin(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bin: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(toTwin);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toTwin(each)]));
  }
  return value;
}
