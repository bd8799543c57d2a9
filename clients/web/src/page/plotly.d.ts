/* SPDX-License-Identifier: MIT */
// The little of plotly.js 4.1.1 that the page uses. What begins with an underscore is no public API: the
// version is pinned, and the e2e tests check the alignment that rests on it.

declare module 'plotly.js-cartesian-dist-min' {
  export interface Axis {
    range: [unknown, unknown];
    _offset: number;
    _length: number;
    tickvals?: unknown[];
    ticktext?: unknown[];
    r2l(value: unknown): number;
    l2r(value: number): unknown;
  }

  export interface FullLayout {
    xaxis: Axis;
    yaxis: Axis;
    _hoverlayer: { node(): SVGGElement };
  }

  export interface HoverEvent {
    xPixel: number;
    yPixel: number;
  }

  export interface PlotElement extends HTMLElement {
    _fullLayout: FullLayout;
    on(event: 'plotly_hover', listener: (event: HoverEvent) => void): void;
    on(event: string, listener: () => void): void;
    removeAllListeners(): void;
  }

  export interface LoneHover {
    x: number;
    y: number;
    text: string;
    color: string;
    borderColor: string;
    fontColor: string;
    idealAlign?: 'left' | 'right' | 'center';
  }

  type Tree = { [key: string]: unknown };

  const Plotly: {
    react(element: HTMLElement, data: Tree[], layout: Tree, config: Tree): Promise<PlotElement>;
    relayout(element: HTMLElement, update: Tree): Promise<PlotElement>;
    purge(element: HTMLElement): void;
    Plots: { resize(element: HTMLElement): Promise<void> | undefined };
    Icons: Tree;
    Fx: {
      loneHover(
        item: LoneHover,
        options: { gd: PlotElement; container: Element; outerContainer: Element; bgColor: string },
      ): void;
      loneUnhover(container: Element): void;
    };
  };
  export default Plotly;
}
