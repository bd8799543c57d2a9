/* SPDX-License-Identifier: MIT */
// One view of one stream: asks for it, takes its pictures in order, paints, acknowledges after painting.
// It lives as long as the page's card; the server's view behind it comes and goes.

import type { Placed, Settled, ToPage, ViewStats } from '../shared/port.ts';
import { Assembler, ProtocolError } from '../wire/assemble.ts';
import type {
  Advance,
  ClientMessage,
  Meta,
  Part,
  Picture,
  ViewKeys,
  Watching,
} from '../wire/message.ts';
import type { Clock } from './clock.ts';
import { nowUs } from './clock.ts';
import { Meter } from './meter.ts';
import { MAX_WAITING, takeNext } from './queue.ts';
import { Surface } from './surface.ts';

const RETRY_MS = 1000;

/** What a view needs of its surroundings. */
export interface Host {
  readonly clock: Clock;
  /** False when there is no connection. */
  send(message: ClientMessage): boolean;
  nextRequest(): number;
  post(message: ToPage): void;
  breach(error: ProtocolError): void;
}

interface Waiting extends Picture {
  arrivedMs: number;
}

function settledOf(m: Watching): Settled {
  return {
    epoch: m.epoch,
    shape: m.shape,
    dtype: m.dtype,
    frameWidth: m.frame_width,
    frameHeight: m.frame_height,
    spec: m.spec,
    scalar: (m.colors?.length ?? 0) > 0,
    figure: m.figure,
  };
}

export class View {
  readonly surface: Surface;
  /** The server's number, while it is watched. */
  number: number | null = null;
  /** Of the `watch` that is not answered yet: never more than one, or an answer could not be told to be stale
   * when both settle to the same view. */
  request: number | null = null;
  private wanted: ViewKeys | null = null;
  private askedKeys = '';
  private retryAtMs = 0;
  private readonly meter = new Meter();
  private assembler = new Assembler();
  private queue: Waiting[] = [];
  private painting = false;
  /** Rises whenever pictures under way lose their meaning. */
  private generation = 0;
  private shownSeq = 0;
  /** The newest advance, which may come before its picture is painted. */
  private advanced: Advance | null = null;
  /** What the server said last of a frame's meta; null: nothing so far. */
  known: { seq: number; meta: Meta | undefined } | null = null;

  constructor(
    readonly slot: number,
    readonly stream: string,
    canvas: OffscreenCanvas,
    private readonly host: Host,
  ) {
    const onPlaced = (placed: Placed) => host.post({ op: 'placed', slot, placed });
    this.surface = new Surface(canvas, onPlaced);
  }

  watch(keys: ViewKeys): void {
    this.wanted = keys;
    this.retryAtMs = 0;
    this.reconcile();
  }

  unwatch(): void {
    this.wanted = null;
    this.reconcile();
  }

  /** Brings what is asked for and what is watched together; called on every change and now and then. */
  reconcile(): void {
    if (this.request !== null) return;
    const keys = this.wanted ? JSON.stringify(this.wanted) : '';
    if (this.number !== null && keys !== this.askedKeys) {
      this.host.send({ type: 'unwatch', view: this.number });
      this.leave();
    }
    if (!this.wanted || this.number !== null || performance.now() < this.retryAtMs) return;
    const request = this.host.nextRequest();
    const { stream } = this;
    if (this.host.send({ type: 'watch', request, stream, ...this.wanted })) {
      this.request = request;
      this.askedKeys = keys;
    }
  }

  watching(message: Watching): void {
    this.request = null;
    this.leave();
    this.number = message.view;
    this.surface.setColors(message.colors, message.gap === true);
    if (this.wanted && JSON.stringify(this.wanted) === this.askedKeys) {
      this.host.post({ op: 'settled', slot: this.slot, settled: settledOf(message) });
    }
    this.reconcile();
  }

  /** The watch was refused. What may be cured by waiting is tried again. */
  refused(code: string, text: string): void {
    this.request = null;
    this.retryAtMs = performance.now() + RETRY_MS;
    if (code === 'bad-view' && JSON.stringify(this.wanted) === this.askedKeys) this.wanted = null;
    this.host.post({ op: 'refused', slot: this.slot, code, text });
    this.reconcile();
  }

  ended(): void {
    this.leave();
    this.reconcile();
  }

  /** The connection is gone, and with it the server's view. */
  disconnected(): void {
    this.request = null;
    this.leave();
  }

  /** The stream changed: what was refused may be there now. */
  retryNow(): void {
    this.retryAtMs = 0;
    this.reconcile();
  }

  picture(head: Picture): void {
    this.take(this.assembler.begin(head));
  }

  part(part: Part): void {
    this.take(this.assembler.add(part));
  }

  advance(message: Advance): void {
    this.meter.advanced(message.seq);
    this.advanced = message;
    if (this.surface.shown?.picture === message.picture) this.shownSeq = message.seq;
  }

  stats(): ViewStats {
    const now = performance.now();
    const { meter, queue, number } = this;
    const shown = this.surface.shown;
    const oldest = queue[0]?.arrivedMs ?? this.assembler.sinceMs;
    return {
      picture: shown?.picture ?? 0,
      seq: this.shownSeq,
      painted: meter.painted,
      dropped: meter.dropped,
      rate: meter.rate(now),
      latencyMs: meter.latencyMs,
      restingMs: meter.restingMs(now),
      still: meter.isStill,
      waitingMs: oldest === 0 ? 0 : now - oldest,
      watching: number !== null,
      limits: shown?.limits ?? [],
      levels: shown?.levels ?? [],
      codec: shown?.codec ?? '',
    };
  }

  /** The picture and frame on screen, if the server still knows them. */
  onScreen(): { view: number; picture: number; seq: number } | null {
    const shown = this.surface.shown;
    if (!shown || this.number === null || shown.view !== this.number) return null;
    return { view: this.number, picture: shown.picture, seq: this.shownSeq };
  }

  private leave(): void {
    this.number = null;
    this.generation += 1;
    this.queue = [];
    this.assembler = new Assembler();
    this.advanced = null;
    this.known = null;
    this.meter.restart();
  }

  private take(whole: Picture | null): void {
    if (!whole) return;
    if (this.queue.length >= MAX_WAITING) throw new ProtocolError('more pictures than the window');
    this.meter.arrived(whole.seq);
    this.queue.push({ ...whole, arrivedMs: performance.now() });
    if (!this.painting) void this.paintAll();
  }

  private async paintAll(): Promise<void> {
    this.painting = true;
    for (;;) {
      const { next, givenUp } = takeNext(this.queue);
      for (const old of givenUp) {
        this.meter.givenUp();
        this.acknowledge(old);
      }
      if (!next) break;
      await this.paintOne(next);
    }
    this.painting = false;
  }

  private async paintOne(picture: Waiting): Promise<void> {
    const { generation } = this;
    const isCurrent = () => this.generation === generation;
    try {
      if (!(await this.surface.paint(picture, isCurrent))) return;
      const { advanced } = this;
      this.shownSeq = advanced?.picture === picture.picture ? advanced.seq : picture.seq;
      const latencyUs = this.host.clock.serverUs(nowUs()) - picture.time_us;
      this.meter.paintedAt(performance.now(), latencyUs / 1000);
    } catch (error) {
      if (error instanceof ProtocolError) return this.host.breach(error);
      // A camera's broken JPEG: the next one may be whole.
      if (isCurrent()) this.meter.givenUp();
    }
    if (isCurrent()) this.acknowledge(picture);
    return undefined;
  }

  private acknowledge(picture: Picture): void {
    this.host.send({ type: 'ack', view: picture.view, picture: picture.picture });
  }
}
