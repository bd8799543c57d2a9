/* SPDX-License-Identifier: MIT */
// Which part of a frame to ask for, and in how many pixels: what is in sight, with some room around it.

import type { Region } from '../wire/message.ts';

export interface Size {
  width: number;
  height: number;
}

/** What of the frame is in sight, and how many pixels of the screen one of its pixels has, each way. */
export interface Sight {
  region: Region;
  scale: [number, number];
  /** Pixels have a width of their own along one of the axes. */
  uneven?: boolean;
}

/** Beyond what is in sight, of it, on each side: so far a pan finds the picture there. */
const MARGIN = 1 / 4;
/** A region is kept while it is at most so many times as wide as what is in sight. */
const KEPT_SPAN = 2.5;
/** Of the frame's area: a region that is no smaller saves nothing. */
const WHOLE_AREA = 0.7;
/** A picture has at most so many times the pixels of its place on the screen, however it is stretched. */
const STRETCH = 4;
const STEP = 64;
const MAX_SIDE = 16384;

/** Sizes in steps, so that dragging a window's corner does not ask anew at every pixel. */
export function stepped(px: number): number {
  return Math.min(Math.max(Math.ceil(px / STEP), 1) * STEP, MAX_SIDE);
}

export function isWhole({ region: [x0, y0, x1, y1] }: Sight, { width, height }: Size): boolean {
  return x0 <= 0 && y0 <= 0 && x1 >= width - 1 && y1 >= height - 1;
}

/** One way: the seen span with its margin, on a grid of about an eighth of it, so that windows of nearly one place
 * share a picture. */
function widened(from: number, to: number, side: number): [number, number] {
  const first = Math.floor(from + 0.5);
  const behind = Math.max(Math.ceil(to + 0.5), first + 1);
  const span = behind - first;
  const step = Math.max(2 ** Math.floor(Math.log2(span / 8)), 1);
  const room = span * MARGIN;
  const start = Math.floor((first - room) / step) * step;
  const end = Math.ceil((behind + room) / step) * step;
  return [Math.max(start, 0) - 0.5, Math.min(end, side) - 0.5];
}

function serves(region: Region, sight: Region): boolean {
  const [x0, y0, x1, y1] = region;
  const covers = x0 <= sight[0] && y0 <= sight[1] && x1 >= sight[2] && y1 >= sight[3];
  const isNear =
    x1 - x0 <= KEPT_SPAN * Math.max(sight[2] - sight[0], 1) &&
    y1 - y0 <= KEPT_SPAN * Math.max(sight[3] - sight[1], 1);
  return covers && isNear;
}

/** The region to ask for; null: the whole frame. `old` is what was asked for last, and stays while it serves. */
export function regionFor(sight: Sight, frame: Size, old: Region | null): Region | null {
  if (isWhole(sight, frame)) return null;
  if (old && serves(old, sight.region)) return old;
  const [x0, y0, x1, y1] = sight.region;
  const [left, right] = widened(x0, x1, frame.width);
  const [top, bottom] = widened(y0, y1, frame.height);
  const area = (right - left) * (bottom - top);
  return area >= WHOLE_AREA * frame.width * frame.height ? null : [left, top, right, bottom];
}

/** The pixels that the region needs on this screen: none of the frame's get lost either way. */
export function sizeFor(region: Region | null, sight: Sight, frame: Size, stage: Size): Size {
  const [x0, y0, x1, y1] = region ?? [-0.5, -0.5, frame.width - 0.5, frame.height - 0.5];
  // An uneven axis is as fine as is asked for, whatever the other one has.
  if (sight.uneven) {
    return { width: (x1 - x0) * sight.scale[0], height: (y1 - y0) * sight.scale[1] };
  }
  const most = Math.sqrt((STRETCH * stage.width * stage.height) / ((x1 - x0) * (y1 - y0)));
  const scale = Math.min(Math.max(...sight.scale), most);
  return { width: (x1 - x0) * scale, height: (y1 - y0) * scale };
}
