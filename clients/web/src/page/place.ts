/* SPDX-License-Identifier: MIT */
// Where pixels lie: from the frame's pixels to an axis and to the screen, and back.

/** One axis of a plot as it stands: its range in linear numbers, its length on the screen, and the coordinates
 * at the outer edges of the whole frame. */
export interface AxisPlace {
  range: [number, number];
  lengthPx: number;
  edges: [number, number];
  /** Frame pixels along it. */
  count: number;
  /** Screen pixels grow against the axis: a vertical one starts at the bottom. */
  vertical: boolean;
}

/** From a frame pixel's position (its centre is a whole number) to screen pixels within the plot area. */
export function toScreen(axis: AxisPlace, position: number): number {
  const [e0, e1] = axis.edges;
  const value = e0 + ((position + 0.5) / axis.count) * (e1 - e0);
  const share = (value - axis.range[0]) / (axis.range[1] - axis.range[0]);
  return (axis.vertical ? 1 - share : share) * axis.lengthPx;
}

/** The frame pixel under a screen position; null outside of the frame. */
export function toPixel(axis: AxisPlace, screenPx: number): number | null {
  const share = screenPx / axis.lengthPx;
  const along = axis.vertical ? 1 - share : share;
  const value = axis.range[0] + along * (axis.range[1] - axis.range[0]);
  const [e0, e1] = axis.edges;
  const pixel = Math.floor(((value - e0) / (e1 - e0)) * axis.count);
  return pixel >= 0 && pixel < axis.count ? pixel : null;
}

/** The frame positions between which the axis shows the frame, the lower one first; null when none of it is in
 * sight. */
export function inSight(axis: AxisPlace): [number, number] | null {
  const [e0, e1] = axis.edges;
  const at = (value: number) => ((value - e0) / (e1 - e0)) * axis.count - 0.5;
  const [a, b] = [at(axis.range[0]), at(axis.range[1])];
  const from = Math.max(Math.min(a, b), -0.5);
  const to = Math.min(Math.max(a, b), axis.count - 0.5);
  return from < to ? [from, to] : null;
}

/** Screen pixels that a pixel of the frame has along the axis. */
export function magnification(axis: AxisPlace): number {
  return Math.abs(toScreen(axis, 1) - toScreen(axis, 0));
}

/** The coordinate at the centre of a frame pixel. */
export function toCoordinate(axis: AxisPlace, pixel: number): number {
  const [e0, e1] = axis.edges;
  return e0 + ((pixel + 0.5) / axis.count) * (e1 - e0);
}

export interface Placement {
  scale: number;
  offset: number;
}

/** A canvas of `size` pixels whose outer edges lie at frame positions `from` and `to`. */
export function placement(axis: AxisPlace, from: number, to: number, size: number): Placement {
  const start = toScreen(axis, from);
  return { scale: (toScreen(axis, to) - start) / size, offset: start };
}
