/* SPDX-License-Identifier: MIT */
// Where pixels lie: from the frame's pixels to an axis and to the screen, and back.

/** Pixels of their own width, where coordinates are uneven: the coordinate of each, and the edges between them,
 * one more, as plotly draws heatmaps. */
export interface Cells {
  coords: number[];
  edges: number[];
}

/** Half way between coordinates; the outer cells are as wide as if the next coordinate went on. */
export function cellsOf(coords: number[]): Cells {
  const middle = (i: number) => (coords[i - 1] + coords[i]) / 2;
  const last = coords.length - 1;
  const edges = coords.map((_, i) => (i === 0 ? 1.5 * coords[0] - 0.5 * coords[1] : middle(i)));
  edges.push(1.5 * coords[last] - 0.5 * coords[last - 1]);
  return { coords, edges };
}

/** One axis of a plot as it stands: its range in linear numbers, its length on the screen, and the coordinates
 * at the outer edges of the whole frame. */
export interface AxisPlace {
  range: [number, number];
  lengthPx: number;
  edges: [number, number];
  /** Frame pixels along it. */
  count: number;
  /** Where they are not even. */
  cells?: Cells | undefined;
  /** Screen pixels grow against the axis: a vertical one starts at the bottom. */
  vertical: boolean;
}

/** From a frame pixel's position to the axis, and back; beyond the frame the outer pixels go on. */
function toValue(axis: AxisPlace, position: number): number {
  const [e0, e1] = axis.edges;
  if (!axis.cells) return e0 + ((position + 0.5) / axis.count) * (e1 - e0);
  const { edges } = axis.cells;
  const i = Math.min(Math.max(Math.floor(position + 0.5), 0), axis.count - 1);
  return edges[i] + (position + 0.5 - i) * (edges[i + 1] - edges[i]);
}

function toPosition(axis: AxisPlace, value: number): number {
  const [e0, e1] = axis.edges;
  if (!axis.cells) return ((value - e0) / (e1 - e0)) * axis.count - 0.5;
  const { edges } = axis.cells;
  const isPast = (edge: number) => (e0 < e1 ? value >= edge : value <= edge);
  let from = 0;
  let to = axis.count - 1; // of the cells whose first edge is past, the last one
  while (from < to) {
    const half = Math.ceil((from + to) / 2);
    if (isPast(edges[half])) from = half;
    else to = half - 1;
  }
  return from + (value - edges[from]) / (edges[from + 1] - edges[from]) - 0.5;
}

/** From a frame pixel's position (its centre is a whole number) to screen pixels within the plot area. */
export function toScreen(axis: AxisPlace, position: number): number {
  const value = toValue(axis, position);
  const share = (value - axis.range[0]) / (axis.range[1] - axis.range[0]);
  return (axis.vertical ? 1 - share : share) * axis.lengthPx;
}

/** The frame pixel under a screen position; null outside of the frame. */
export function toPixel(axis: AxisPlace, screenPx: number): number | null {
  const share = screenPx / axis.lengthPx;
  const along = axis.vertical ? 1 - share : share;
  const value = axis.range[0] + along * (axis.range[1] - axis.range[0]);
  const pixel = Math.floor(toPosition(axis, value) + 0.5);
  return pixel >= 0 && pixel < axis.count ? pixel : null;
}

/** The frame positions between which the axis shows the frame, the lower one first; null when none of it is in
 * sight. */
export function inSight(axis: AxisPlace): [number, number] | null {
  const [a, b] = [toPosition(axis, axis.range[0]), toPosition(axis, axis.range[1])];
  const from = Math.max(Math.min(a, b), -0.5);
  const to = Math.min(Math.max(a, b), axis.count - 0.5);
  return from < to ? [from, to] : null;
}

/** Screen pixels that a pixel of the frame has along the axis; of uneven ones the mean of those in sight. */
export function magnification(axis: AxisPlace): number {
  const [from, to] = (axis.cells && inSight(axis)) || [0, 1];
  return Math.abs(toScreen(axis, to) - toScreen(axis, from)) / (to - from);
}

/** The coordinate at the centre of a frame pixel. */
export function toCoordinate(axis: AxisPlace, pixel: number): number {
  return axis.cells ? axis.cells.coords[pixel] : toValue(axis, pixel);
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
