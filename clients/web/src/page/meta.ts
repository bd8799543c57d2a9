/* SPDX-License-Identifier: MIT */
// What came with a frame, as lines of its label. A producer may send much: what would hide the picture is cut.

import type { Meta } from '../wire/message.ts';

export const META_LINES_MAX = 12;
const NAME_MAX = 24;
const LINE_MAX = 56;

/** Control characters, and those that turn the direction of writing. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

function clipped(text: string, most: number): string {
  const points = [...text.slice(0, 2 * most + 2).replace(UNSEEN, ' ')];
  return points.length > most ? `${points.slice(0, most - 1).join('')}…` : points.join('');
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  return value === null ? 'none' : String(value);
}

/** "temperature: 21.5", one line an entry. */
export function metaLines(meta: Meta | undefined): string[] {
  const entries = Object.entries(meta ?? {});
  const isCut = entries.length > META_LINES_MAX;
  const shown = isCut ? entries.slice(0, META_LINES_MAX - 1) : entries;
  const lines = shown.map(([name, value]) =>
    clipped(`${clipped(name, NAME_MAX)}: ${textOf(value)}`, LINE_MAX),
  );
  if (isCut) lines.push(`… and ${entries.length - shown.length} more`);
  return lines;
}
