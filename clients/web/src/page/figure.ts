/* SPDX-License-Identifier: MIT */
// From the server's figure (everything but the pixels) to the figure that plotly draws over the canvas.

import type { Settled } from '../shared/port.ts';
import type { Figure, PatchEntry, PlotTree } from '../wire/message.ts';
import { cellsOf, type Cells } from './place.ts';

export interface Theme {
  text: string;
  line: string;
}

export interface Drawn {
  data: PlotTree[];
  layout: PlotTree;
  config: PlotTree;
}

const CLEAR = 'rgba(0,0,0,0)';

export function isTree(value: unknown): value is PlotTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function treeOf(value: unknown): PlotTree {
  return isTree(value) ? value : {};
}

/** What the stream itself says wins; an axis title keeps its text in either spelling. */
function axis(own: unknown, theme: Theme, range: [number, number]): PlotTree {
  const base = {
    showgrid: false,
    zeroline: false,
    showline: true,
    ticks: 'outside',
    ticklen: 4,
    linecolor: theme.line,
    tickcolor: theme.line,
    automargin: true,
    range,
  };
  return { ...base, ...treeOf(own) };
}

/** A trace without points draws the axes, and the colour bar of a scalar stream: plotly gives none for a colour
 * axis that no trace uses. */
function carrier(scalar: boolean): PlotTree {
  const marker = scalar ? { color: [0], coloraxis: 'coloraxis', opacity: 0 } : { opacity: 0 };
  return {
    type: 'scatter',
    mode: 'markers',
    x: [null],
    y: [null],
    marker,
    showlegend: false,
    hoverinfo: 'skip',
  };
}

function colorBar(own: unknown, theme: Theme): PlotTree {
  const axisTree = treeOf(own);
  const bar = treeOf(axisTree.colorbar);
  const base = { thickness: 14, outlinewidth: 0, tickcolor: theme.line, ticks: 'outside' };
  return { ...axisTree, colorbar: { ...base, ...bar } };
}

/** A title in either of plotly's spellings; '' when there is none. */
function titleOf(owner: unknown): string {
  const { title } = treeOf(owner);
  const text = typeof title === 'string' ? title : treeOf(title).text;
  return typeof text === 'string' ? text : '';
}

/** What a hover calls the axes and the value, as px.imshow's own hover does. */
export function figureNames(layout: PlotTree): { x: string; y: string; value: string } {
  const labels = treeOf(treeOf(layout.meta).labels);
  const named = (key: string, title: string) =>
    (typeof labels[key] === 'string' ? (labels[key] as string) : '') || title || key;
  return {
    x: named('x', titleOf(layout.xaxis)),
    y: named('y', titleOf(layout.yaxis)),
    value: named('color', titleOf(treeOf(layout.coloraxis).colorbar)),
  };
}

/** The coordinates of the axes that stand in pixels, by pixel; empty where there are none. */
export function figureTexts(layout: PlotTree): { x: unknown[]; y: unknown[] } {
  const { x, y } = treeOf(treeOf(layout.meta).texts);
  return { x: Array.isArray(x) ? x : [], y: Array.isArray(y) ? y : [] };
}

/** Whether an axis tells coordinates of its own for each pixel. */
export function hasCells(layout: PlotTree): boolean {
  return isTree(treeOf(layout.meta).coords);
}

/** The cells of the axes whose coordinates are uneven, of a frame of that size. */
export function frameCells(
  layout: PlotTree,
  width: number,
  height: number,
): { x: Cells | undefined; y: Cells | undefined } {
  const { x, y } = treeOf(treeOf(layout.meta).coords);
  const cells = (coords: unknown, count: number) =>
    Array.isArray(coords) && coords.length === count && coords.every(Number.isFinite)
      ? cellsOf(coords as number[])
      : undefined;
  return { x: cells(x, width), y: cells(y, height) };
}

type Edges = [number, number];

/** The coordinates at the outer edges of a frame of that size: before its first pixel and behind its last.
 * layout.meta.place has the middle of the first pixel and the step to the next one, of both axes. */
export function frameEdges(
  layout: PlotTree,
  width: number,
  height: number,
): { x: Edges; y: Edges } {
  const { place } = treeOf(layout.meta);
  const numbers = Array.isArray(place) && place.length === 4 ? place.map(Number) : [];
  const [x0, dx, y0, dy] = numbers.every(Number.isFinite) && numbers[1] ? numbers : [0, 1, 0, 1];
  return {
    x: [x0 - dx / 2, x0 + dx * (width - 0.5)],
    y: [y0 - dy / 2, y0 + dy * (height - 0.5)],
  };
}

/** What a zoom is made on: other axes end it. */
function axesKey({ frameWidth, frameHeight, figure }: Settled): string {
  const { xaxis, yaxis, meta } = figure.layout;
  const ranges = [treeOf(xaxis).range, treeOf(yaxis).range];
  return JSON.stringify([frameWidth, frameHeight, treeOf(meta).place, ranges]);
}

export function drawnFigure(
  settled: Settled,
  theme: Theme,
  scrollZoom: boolean,
  saveAs: PlotTree,
): Drawn {
  const own = settled.figure;
  const { width: _width, height: _height, margin: _margin, ...kept } = treeOf(own.layout);
  const layout: PlotTree = {
    ...kept,
    autosize: true,
    uirevision: axesKey(settled),
    margin: { l: 48, r: 16, t: titleOf(kept) ? 44 : 14, b: 36 },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    font: { color: theme.text, size: 12, ...treeOf(kept.font) },
    modebar: { bgcolor: CLEAR, color: theme.line, activecolor: theme.text },
    newshape: { line: { color: theme.text, width: 2 } },
    activeshape: { fillcolor: theme.line, opacity: 0.4 },
    hovermode: 'closest',
    hoveranywhere: true,
    xaxis: axis(kept.xaxis, theme, [-0.5, settled.frameWidth - 0.5]),
    yaxis: axis(kept.yaxis, theme, [settled.frameHeight - 0.5, -0.5]),
  };
  if (settled.scalar) layout.coloraxis = colorBar(kept.coloraxis, theme);
  const config: PlotTree = {
    ...treeOf(own.config),
    scrollZoom,
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: '',
    // Plotly's own picture export would leave the canvas out.
    modeBarButtonsToRemove: ['toImage', 'select2d', 'lasso2d', 'autoScale2d'],
    modeBarButtonsToAdd: [saveAs],
  };
  return { data: [carrier(settled.scalar), ...own.data], layout, config };
}

function setAt(node: unknown, path: (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(node) ? [...node] : [];
    if (!Number.isInteger(key) || key < 0 || key > list.length) return node;
    list[key] = setAt(list[key], rest, value);
    return list;
  }
  const entries = Object.entries(treeOf(node)).filter(([name]) => name !== key);
  const old = Object.getOwnPropertyDescriptor(treeOf(node), key)?.value;
  if (rest.length > 0 || value !== null) entries.push([key, setAt(old, rest, value)]);
  return Object.fromEntries(entries);
}

/** The figure after a `patch` message; the given one stays as it is. */
export function patched(figure: Figure, patch: PatchEntry[]): Figure {
  let next: unknown = figure;
  for (const [path, value] of patch) {
    if (Array.isArray(path)) next = setAt(next, path, value);
  }
  return next as Figure;
}
