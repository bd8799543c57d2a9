/* SPDX-License-Identifier: MIT */
// Values and numbers as people read them.

import type { PixelValue } from '../wire/message.ts';

/** The shortest decimal that is this very float32: 0.1, not 0.10000000149. */
export function formatFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

export function formatValue(value: PixelValue, dtype: string): string {
  if (Array.isArray(value)) return `[${value.map((v) => formatValue(v, dtype)).join(', ')}]`;
  if (value === null) return 'no value';
  if (typeof value === 'string') return value;
  const single = /f[24]$/.test(dtype) && Math.fround(value) === value;
  return single ? formatFloat32(value) : String(value);
}

/** A coordinate that was computed, without the digits that come from computing. */
export function formatCoordinate(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** Plotly reads labels as a little HTML; what a stream says is only text. */
export function plainText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** "480×640 · <u2 · 30 fps" */
export function describe(shape: number[], dtype: string, fps: number): string {
  const parts = shape.length > 0 ? [shape.join('×'), dtype] : [];
  if (fps > 0) parts.push(`${Math.round(fps * 10) / 10} fps`);
  return parts.join(' · ');
}
