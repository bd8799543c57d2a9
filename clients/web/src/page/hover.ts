/* SPDX-License-Identifier: MIT */
// The real value under the pointer, of the frame that is painted, also while the pointer rests.

import Plotly, { type Axis, type PlotElement } from 'plotly.js-cartesian-dist-min';
import type { Picked } from '../shared/port.ts';
import { toCoordinate, toPixel, type AxisPlace } from './place.ts';
import { metaLines } from './meta.ts';
import type { Plot } from './plot.ts';
import { formatCoordinate, formatValue, plainText } from './values.ts';

const REFRESH_MS = 200;

interface Spot {
  xPx: number;
  yPx: number;
  column: number;
  row: number;
}

export interface HoverSource {
  pick(column: number, row: number): Promise<Picked>;
  dtype(): string;
  /** What the figure calls its axes and its values. */
  names(): { x: string; y: string; value: string };
  /** The coordinates of an axis that stands in pixels. */
  texts(): { x: unknown[]; y: unknown[] };
}

/** The coordinate of a pixel as the axis writes it: uneven and named ones stand as texts at their pixels. */
function coordinate(axis: Axis, place: AxisPlace, pixel: number, texts: unknown[]): string {
  if (axis.ticktext) return String(texts[pixel] ?? `#${pixel}`);
  const value = axis.l2r(toCoordinate(place, pixel));
  return typeof value === 'number' ? formatCoordinate(value) : String(value);
}

export class Hover {
  private spot: Spot | null = null;
  private layer: SVGGElement | null = null;
  private timer = 0;
  private asking = false;
  private text = '';

  constructor(
    private readonly plot: Plot,
    private readonly source: HoverSource,
  ) {}

  /** The pointer is at these pixels of the plot's element. */
  move(xPx: number, yPx: number): void {
    const axes = this.plot.axes();
    const column = axes && toPixel(axes.x, xPx - axes.left);
    const row = axes && toPixel(axes.y, yPx - axes.top);
    if (column === null || row === null) return this.leave();
    this.spot = { xPx, yPx, column, row };
    if (this.text) this.draw();
    if (!this.timer) this.timer = window.setInterval(() => void this.refresh(), REFRESH_MS);
    void this.refresh();
    return undefined;
  }

  leave(): void {
    this.spot = null;
    this.text = '';
    clearInterval(this.timer);
    this.timer = 0;
    if (this.layer) Plotly.Fx.loneUnhover(this.layer);
  }

  private async refresh(): Promise<void> {
    if (this.asking || !this.spot) return;
    const { column, row } = this.spot;
    this.asking = true;
    const picked = await this.source.pick(column, row);
    this.asking = false;
    // The pointer may have gone on meanwhile: the label then says where it was, until the next answer.
    const spot: Spot | null = this.spot;
    if (!spot) return;
    this.text = this.label(picked, column, row);
    this.draw();
    if (spot.column !== column || spot.row !== row) void this.refresh();
  }

  private label(picked: Picked, column: number, row: number): string {
    const axes = this.plot.axes();
    const full = this.plot.graph?._fullLayout;
    if (!axes || !full) return '';
    const names = this.source.names();
    const texts = this.source.texts();
    const x = `${names.x}: ${coordinate(full.xaxis, axes.x, column, texts.x)}`;
    const y = `${names.y}: ${coordinate(full.yaxis, axes.y, row, texts.y)}`;
    const meta = picked.kind === 'value' ? metaLines(picked.meta) : [];
    return [x, y, this.valueLine(picked, names.value), ...meta].map(plainText).join('<br>');
  }

  private valueLine(picked: Picked, name: string): string {
    if (picked.kind === 'gone') return 'value no longer kept';
    if (picked.kind === 'none') return picked.reason;
    return `${name}: ${formatValue(picked.value, this.source.dtype())}`;
  }

  private draw(): void {
    const { spot, plot } = this;
    const gd = plot.graph;
    if (!spot || !gd) return;
    const layer = this.ownLayer(gd);
    const svg = layer.ownerSVGElement as SVGSVGElement;
    Plotly.Fx.loneHover(
      {
        x: spot.xPx,
        y: spot.yPx,
        text: this.text,
        color: '#1d2430',
        borderColor: '#8b95a5',
        fontColor: '#ffffff',
      },
      { gd, container: layer, outerContainer: svg, bgColor: '#ffffff' },
    );
  }

  /** Plotly empties its own hover layer at every move of the pointer; in it the label would flicker. */
  private ownLayer(gd: PlotElement): SVGGElement {
    const svg = gd._fullLayout._hoverlayer.node().ownerSVGElement as SVGSVGElement;
    if (!this.layer || this.layer.ownerSVGElement !== svg) {
      this.layer?.remove();
      this.layer = document.createElementNS('http://www.w3.org/2000/svg', 'g');
      this.layer.setAttribute('class', 'live-hover');
      this.layer.setAttribute('pointer-events', 'none');
      svg.append(this.layer);
    }
    return this.layer;
  }
}
