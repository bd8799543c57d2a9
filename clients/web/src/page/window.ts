/* SPDX-License-Identifier: MIT */
// window.imshowd: what is on screen, for tests and for the curious at the console. It changes nothing.

import type { Picked, Rgba, ViewStats } from '../shared/port.ts';
import type { Card, Surroundings } from './card.ts';
import type { Client } from './client.ts';

export interface ViewReport extends ViewStats {
  stream: string;
  state: string;
  reason: string;
}

export interface Report {
  readonly link: string;
  readonly views: ViewReport[];
  /** The colour on the canvas at frame pixel (x, y). */
  pixel(stream: string, x: number, y: number): Promise<Rgba | null>;
  /** What a hover there says. */
  pick(stream: string, x: number, y: number): Promise<Picked | null>;
}

const NOTHING: ViewStats = {
  picture: 0,
  seq: 0,
  timeUs: 0,
  painted: 0,
  dropped: 0,
  rate: 0,
  latencyMs: 0,
  restingMs: 0,
  still: false,
  waitingMs: 0,
  watching: false,
  limits: [],
  levels: [],
  codec: '',
  width: 0,
  height: 0,
  region: [],
  rung: 0,
  quality: 0,
};

export function exposeToTests(
  cards: ReadonlyMap<string, Card>,
  client: Client,
  around: Surroundings,
): void {
  const report: Report = {
    get link() {
      return around.link;
    },
    get views() {
      return [...cards.values()].map((card) => ({
        ...(card.stats ?? NOTHING),
        stream: card.name,
        ...card.status,
      }));
    },
    async pixel(stream, x, y) {
      const card = cards.get(stream);
      return card ? client.pixel(card.slot, x, y) : null;
    },
    async pick(stream, x, y) {
      const card = cards.get(stream);
      return card ? card.pick(x, y) : null;
    },
  };
  Object.defineProperty(window, 'imshowd', { value: Object.freeze(report) });
}
