/* SPDX-License-Identifier: MIT */
// The ticks of a colour bar whose scale is not linear: it is drawn from 0 to 1, and texts tell the values.

export interface BarTicks {
  places: number[];
  texts: string[];
}

/** As many digits as tell the levels apart, three at least. */
function textOf(value: number, span: number): string {
  if (value === 0) return '0';
  const below = Math.log10(Math.abs(value) / Math.max(span / 100, Number.MIN_VALUE));
  const digits = Math.min(Math.max(Math.ceil(below), 3), 12);
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  return size >= 1e6 || size < 1e-4 ? short.toExponential() : String(short);
}

/** From the values at even places of the scale; null where there are none, for a linear scale. */
export function barTicks(levels: number[]): BarTicks | null {
  if (levels.length < 2) return null;
  const texts = levels.map((level, i) => {
    const before = Math.abs(level - (levels[i - 1] ?? Infinity));
    const after = Math.abs(level - (levels[i + 1] ?? Infinity));
    return textOf(level, Math.min(before || Infinity, after || Infinity));
  });
  return { places: levels.map((_, i) => i / (levels.length - 1)), texts };
}
