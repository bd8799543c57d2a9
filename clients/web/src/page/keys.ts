/* SPDX-License-Identifier: MIT */
// What to ask for: the view key of a stream as this card shows it.

import type { Region, StreamInfo, Transform, ViewKeys } from '../wire/message.ts';
import { stepped, type Size } from './region.ts';

/** Up to here `auto` sends raw pictures, which the worker colours and answers hovers from. */
const RAW_MAX_BYTES = 1 << 21;

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

/** The pictures come raw and whole, with all their values: then neither size nor region is asked for. */
export function isRawWhole(info: StreamInfo, transform: Transform): boolean {
  return !isColor(info) && transform === 'linear' && rawBytes(info) <= RAW_MAX_BYTES;
}

/** What to ask for: `transform` is the reader's choice, `settled` what the stream has by itself. `size` is in pixels
 * of the screen, of the region, or of the whole frame where `region` is null. Pictures of `uneven` axes are never raw. */
export function viewKeys(
  info: StreamInfo,
  slice: number[],
  size: Size,
  transform: Transform | null = null,
  settled: Transform = 'linear',
  region: Region | null = null,
  uneven = false,
): ViewKeys {
  const keys: ViewKeys = {};
  if (transform && !isColor(info)) keys.transform = transform;
  if (slice.length > 0) keys.slice = slice;
  if (!uneven && isRawWhole(info, transform ?? settled)) return keys;
  if (region) keys.region = region;
  keys.width = stepped(size.width);
  keys.height = stepped(size.height);
  return keys;
}
