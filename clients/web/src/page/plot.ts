/* SPDX-License-Identifier: MIT */
// A stream's figure: plotly draws axes, colour bar and tools; the canvas lies under it. Plotly is never called
// for a frame, only when the figure, the theme or (a few times a second) the limits change.

import Plotly, { type Axis, type PlotElement } from 'plotly.js-cartesian-dist-min';
import type { Placed, Settled } from '../shared/port.ts';
import { drawnFigure, frameCells, frameEdges, type Theme } from './figure.ts';
import { inSight, magnification, placement, type AxisPlace } from './place.ts';
import type { Sight } from './region.ts';
import { barTicks } from './ticks.ts';

/** Of the limits' span: a few pixels of a colour bar. */
const SMALL_CHANGE = 0.02;
const LEISURE = 8;

export interface PlotEvents {
  onHover(xPx: number, yPx: number): void;
  onLeave(): void;
  onSave(): void;
  /** The axes may show another part of the frame, or are of another size. */
  onMoved(): void;
  /** That canvas is in sight, and the other one no more. */
  onSwapped(canvas: number): void;
}

/** Of the browser: so long a canvas that was painted in the worker may take to be on the screen. */
const SWAP_FRAMES = 120;

export class Plot {
  private gd: PlotElement | null = null;
  private readonly clip = document.createElement('div');
  private settled: Settled | null = null;
  private placed: Placed | null = null;
  private edges = frameEdges({}, 1, 1);
  private cells = frameCells({}, 1, 1);
  private limits: [number, number] | null = null;
  /** The values along the bar, where the scale is not linear. */
  private levels: number[] = [];
  private limitsMs = 0;
  /** Whether a pointer is held on the plot: a redraw would end its drag. */
  private held = false;
  private drawing: Promise<void> = Promise.resolve();
  /** One for all drawings: with another button plotly would begin anew. */
  private readonly save = {
    name: 'save',
    title: 'Save this picture',
    icon: Plotly.Icons.camera,
    click: () => this.events.onSave(),
  };

  constructor(
    private readonly element: HTMLElement,
    private readonly canvases: [HTMLCanvasElement, HTMLCanvasElement],
    private readonly events: PlotEvents,
  ) {
    this.clip.className = 'picture-clip';
    this.clip.append(...canvases);
    canvases[0].classList.add('front');
    element.addEventListener('pointerdown', () => (this.held = true));
    addEventListener('pointerup', this.release);
    addEventListener('pointercancel', this.release);
  }

  get graph(): PlotElement | null {
    return this.gd;
  }

  /** Draws from the figure what has changed; a zoom stays while the axes are those that it was made on. */
  show(settled: Settled, theme: Theme, scrollZoom: boolean): void {
    this.settled = settled;
    const { data, layout, config } = drawnFigure(settled, theme, scrollZoom, this.save);
    this.edges = frameEdges(layout, settled.frameWidth, settled.frameHeight);
    this.cells = frameCells(layout, settled.frameWidth, settled.frameHeight);
    if (this.limits && settled.scalar) this.putLimits(layout.coloraxis as { [k: string]: unknown });
    // Plotly keeps what it is given and writes into it.
    const copy = structuredClone({ data, layout });
    this.drawing = this.drawing
      .then(() => Plotly.react(this.element, copy.data, copy.layout, config))
      .then((gd) => this.bind(gd))
      .catch((error: unknown) => console.error('the figure cannot be drawn:', error));
  }

  place(placed: Placed): void {
    const isOther = placed.canvas !== (this.placed?.canvas ?? 0);
    this.placed = placed;
    this.align();
    if (isOther) this.swap(placed.canvas);
  }

  /** What of the frame is in sight; null before the first drawing, or when none of it is. */
  sight(): Sight | null {
    const axes = this.axes();
    const across = axes && inSight(axes.x);
    const down = axes && inSight(axes.y);
    if (!across || !down) return null;
    return {
      region: [across[0], down[0], across[1], down[1]],
      scale: [magnification(axes.x) * devicePixelRatio, magnification(axes.y) * devicePixelRatio],
      uneven: axes.x.cells !== undefined || axes.y.cells !== undefined,
    };
  }

  /** The colour bar follows the picture's limits, a jump at once, small changes at leisure: a redraw takes
   * plotly some 20 ms. `everyMs` is the least time between two. */
  setLimits(lo: number, hi: number, levels: number[], everyMs: number): void {
    if (this.held || !this.gd || !this.settled?.scalar) return;
    const moved = this.limits ? Math.abs(this.limits[0] - lo) + Math.abs(this.limits[1] - hi) : 1;
    const bent = levels.length !== this.levels.length;
    if (moved === 0 && !bent && levels.every((level, i) => level === this.levels[i])) return;
    const isSmall = !bent && this.limits !== null && moved < Math.abs(hi - lo) * SMALL_CHANGE;
    const now = performance.now();
    if (now - this.limitsMs < (isSmall ? everyMs * LEISURE : everyMs)) return;
    this.limitsMs = now;
    this.limits = [lo, hi];
    this.levels = levels;
    const bar: { [key: string]: unknown } = {};
    this.putLimits(bar);
    const ticks = barTicks(levels);
    const change: { [key: string]: unknown } = {
      'coloraxis.cmin': bar.cmin,
      'coloraxis.cmax': bar.cmax,
    };
    if (ticks || bent) {
      change['coloraxis.colorbar.tickvals'] = ticks?.places ?? null;
      change['coloraxis.colorbar.ticktext'] = ticks?.texts ?? null;
    }
    void Plotly.relayout(this.gd, change);
  }

  resize(): void {
    if (this.gd && this.element.clientWidth > 0) void Plotly.Plots.resize(this.element);
  }

  /** Both axes as they stand, or null before the first drawing. */
  axes(): { x: AxisPlace; y: AxisPlace; left: number; top: number } | null {
    if (!this.gd || !this.settled) return null;
    const { xaxis, yaxis } = this.gd._fullLayout;
    const { frameWidth, frameHeight } = this.settled;
    return {
      x: { ...this.axisPlace(xaxis, this.edges.x, frameWidth), cells: this.cells.x },
      y: {
        ...this.axisPlace(yaxis, this.edges.y, frameHeight),
        cells: this.cells.y,
        vertical: true,
      },
      left: xaxis._offset,
      top: yaxis._offset,
    };
  }

  destroy(): void {
    removeEventListener('pointerup', this.release);
    removeEventListener('pointercancel', this.release);
    Plotly.purge(this.element);
  }

  private readonly release = (): void => {
    this.held = false;
  };

  private putLimits(tree: { [key: string]: unknown }): void {
    const [lo, hi] = this.limits as [number, number];
    // As the formula of colours widens an empty range.
    tree.cmin = lo === hi ? lo - 0.5 : lo;
    tree.cmax = lo === hi ? hi + 0.5 : hi;
    const ticks = barTicks(this.levels);
    if (!ticks) return;
    // The bar is even in colours, not in values: it runs from 0 to 1, and the ticks tell the values there.
    tree.cmin = 0;
    tree.cmax = 1;
    const bar = (tree.colorbar ?? {}) as { [key: string]: unknown };
    tree.colorbar = { ...bar, tickvals: ticks.places, ticktext: ticks.texts };
  }

  /** Plotly forgets its listeners where it begins anew and keeps them else, so this follows each drawing. */
  private bind(gd: PlotElement): void {
    this.gd = gd;
    gd.removeAllListeners();
    gd.on('plotly_afterplot', () => {
      this.align();
      this.events.onMoved();
    });
    gd.on('plotly_relayouting', () => this.align());
    gd.on('plotly_hover', (event) => this.events.onHover(event.xPixel, event.yPixel));
    gd.on('plotly_unhover', () => this.events.onLeave());
    this.align();
    this.events.onMoved();
  }

  /** The one that was in front stays below for some frames: the other's first picture is on its way from the
   * worker. */
  private swap(canvas: number): void {
    const [front, back] = canvas === 0 ? this.canvases : [this.canvases[1], this.canvases[0]];
    front.classList.remove('leaving');
    front.classList.add('front');
    back.classList.add('leaving');
    back.classList.remove('front');
    const wait = (frames: number, isThere: boolean) => {
      const { placed } = this;
      if (placed?.canvas !== canvas) return;
      if (frames > 0 && !isThere) {
        // The element takes the size of what the worker painted when that has come.
        const has = front.width === placed.width && front.height === placed.height;
        return void requestAnimationFrame(() => wait(frames - 1, has));
      }
      back.classList.remove('leaving');
      this.events.onSwapped(canvas);
    };
    wait(SWAP_FRAMES, false);
  }

  private axisPlace(axis: Axis, edges: [number, number], count: number): AxisPlace {
    const range: [number, number] = [axis.r2l(axis.range[0]), axis.r2l(axis.range[1])];
    return { range, lengthPx: axis._length, edges, count, vertical: false };
  }

  private align(): void {
    const axes = this.axes();
    const container = this.element.querySelector('.svg-container');
    if (!axes || !container || !this.placed) return;
    if (this.clip.parentNode !== container) container.prepend(this.clip);
    const { x, y, left, top } = axes;
    const { region, width, height, canvas } = this.placed;
    const across = placement(x, region[0], region[2], width);
    const down = placement(y, region[1], region[3], height);
    const front = this.canvases[canvas] as HTMLCanvasElement;
    const { style } = this.clip;
    style.left = `${left}px`;
    style.top = `${top}px`;
    style.width = `${x.lengthPx}px`;
    style.height = `${y.lengthPx}px`;
    const matrix = [across.scale, 0, 0, down.scale, across.offset, down.offset];
    const magnified = Math.abs(across.scale) * devicePixelRatio > 1;
    // Its own size changes only when the worker's next picture is there.
    front.style.width = `${width}px`;
    front.style.height = `${height}px`;
    front.style.transform = `matrix(${matrix.join(',')})`;
    front.classList.toggle('magnified', magnified);
  }
}
