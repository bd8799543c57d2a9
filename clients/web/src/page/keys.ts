/* SPDX-License-Identifier: MIT */
// What to ask for: the view key of a stream as this card shows it.

import type { StreamInfo, Transform, ViewKeys } from '../wire/message.ts';

/** Up to here `auto` sends raw pictures, which the worker colours and answers hovers from. */
const RAW_MAX_BYTES = 1 << 21;
/** Sizes in steps, so that dragging a window's corner does not ask anew at every pixel. */
const STEP = 64;
const MAX_SIDE = 16384;

/** Camera pictures have a pixel format for a dtype; arrays are colour where px.imshow takes them so. */
export function isColor(info: { dtype: string; shape: number[] }): boolean {
  if (!/^[|<>=]/.test(info.dtype)) return true;
  const channels = info.shape[2] ?? 0;
  return info.shape.length === 3 && (channels === 3 || channels === 4);
}

function rawBytes(info: StreamInfo): number {
  const [height = 1, width = 1] = info.shape.slice(-2);
  const item = Number(/\d+$/.exec(info.dtype)?.[0] ?? 1);
  return width * height * Math.min(item, 4);
}

function stepped(px: number): number {
  return Math.min(Math.max(Math.ceil(px / STEP), 1) * STEP, MAX_SIDE);
}

/** What to ask for: `transform` is the reader's choice, `settled` what the stream has by itself. Raw pictures come
 * whole, others at the size of the card. */
export function viewKeys(
  info: StreamInfo,
  slice: number[],
  size: { width: number; height: number },
  transform: Transform | null = null,
  settled: Transform = 'linear',
): ViewKeys {
  const keys: ViewKeys = {};
  if (transform && !isColor(info)) keys.transform = transform;
  const isRaw = (transform ?? settled) === 'linear' && rawBytes(info) <= RAW_MAX_BYTES;
  if (slice.length > 0) keys.slice = slice;
  if (isColor(info) || !isRaw) {
    keys.width = stepped(size.width);
    keys.height = stepped(size.height);
  }
  return keys;
}
