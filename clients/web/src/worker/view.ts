/* SPDX-License-Identifier: MIT */
// One view of one stream: asks for it, takes its pictures in order, paints, acknowledges after painting.
// It lives as long as the page's card; the server's views behind it come and go. When another one is asked for, as
// after a zoom, the one on screen goes on until the first picture of the next is painted.

import type { Canvases, Placed, Settled, ToPage, ViewStats } from '../shared/port.ts';
import { ProtocolError } from '../wire/assemble.ts';
import type {
  Adapted,
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
import { Feed, type Waiting } from './feed.ts';
import { Meter } from './meter.ts';
import { takeNext } from './queue.ts';
import { Surface } from './surface.ts';

const RETRY_MS = 1000;

/** What a view needs of its surroundings. */
export interface Host {
  readonly clock: Clock;
  /** False when there is no connection. */
  send(message: ClientMessage): boolean;
  /** The server's number of a timeline; null: it has none yet. */
  timelineNumber(timeline: number): number | null;
  nextRequest(): number;
  post(message: ToPage): void;
  breach(error: ProtocolError): void;
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
  /** Of the `watch` that is not answered yet: never more than one, or an answer could not be told to be stale
   * when both settle to the same view. */
  request: number | null = null;
  private wanted: ViewKeys | null = null;
  private askedKeys = '';
  private retryAtMs = 0;
  private readonly meter = new Meter();
  /** The one on screen, or the first that will be. */
  private current: Feed | null = null;
  /** The one that takes its place with its first picture. */
  private next: Feed | null = null;
  private painting = false;
  private shownSeq = 0;
  private shownUs = 0;
  /** What the server said last of a frame's meta; null: nothing so far. */
  known: { seq: number; meta: Meta | undefined } | null = null;

  constructor(
    readonly slot: number,
    readonly stream: string,
    canvases: Canvases,
    private readonly host: Host,
  ) {
    const onPlaced = (placed: Placed) => host.post({ op: 'placed', slot, placed });
    this.surface = new Surface(canvases, onPlaced);
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

  has(number: number): boolean {
    return this.feed(number) !== null;
  }

  /** Brings what is asked for and what is watched together; called on every change and now and then. */
  reconcile(): void {
    if (this.request !== null) return;
    if (!this.wanted) return this.leave();
    const asked = this.asked();
    // Until its timeline is there the view that is watched goes on.
    if (!asked) return;
    const keys = JSON.stringify(asked);
    const isAsked = (this.current || this.next) && keys === this.askedKeys;
    if (isAsked || performance.now() < this.retryAtMs) return;
    const request = this.host.nextRequest();
    const { stream } = this;
    if (this.host.send({ type: 'watch', request, stream, ...asked })) {
      this.request = request;
      this.askedKeys = keys;
    }
  }

  watching(message: Watching): void {
    this.request = null;
    const known = this.feed(message.view);
    if (!known) {
      this.end(this.next);
      this.next = this.enter(message);
      if (!this.current) this.promote();
    } else {
      this.renew(known, message);
    }
    this.reconcile();
  }

  /** The server goes on with another view in the place of this one, of which nothing more comes; its last picture
   * stays on screen until the first of the new one. */
  adapted(message: Adapted): void {
    const feed = this.feed(message.view);
    if (!feed) return;
    const { to, rung, spec } = message;
    const moved = new Feed(to, { ...feed.settled, view: to, rung, spec }, feed.keys, feed.number);
    for (const old of feed.queue) this.acknowledge(old);
    feed.queue.length = 0;
    feed.left = true;
    if (feed === this.next) this.next = moved;
    else this.current = moved;
  }

  /** The watch was refused. What may be cured by waiting is tried again. */
  refused(code: string, text: string): void {
    this.request = null;
    this.retryAtMs = performance.now() + RETRY_MS;
    if (code === 'bad-view' && JSON.stringify(this.asked()) === this.askedKeys) this.wanted = null;
    this.askedKeys = '';
    this.host.post({ op: 'refused', slot: this.slot, code, text });
    this.reconcile();
  }

  /** The server has ended it. */
  ended(number: number): void {
    const feed = this.feed(number);
    if (!feed) return;
    feed.left = true;
    // What the next one was asked with holds; without it, all is asked anew.
    if (feed === this.next || !this.next) this.askedKeys = '';
    if (feed === this.next) this.next = null;
    else this.current = null;
    if (!this.current) this.rest();
    if (this.next) this.promote();
    this.reconcile();
  }

  /** The connection is gone, and with it the server's views. */
  disconnected(): void {
    this.request = null;
    for (const feed of [this.current, this.next]) if (feed) feed.left = true;
    this.current = this.next = null;
    this.rest();
  }

  /** The stream changed: what was refused may be there now. */
  retryNow(): void {
    this.retryAtMs = 0;
    this.reconcile();
  }

  picture(head: Picture): void {
    const feed = this.feed(head.view);
    if (feed) this.take(feed, feed.begin(head));
  }

  part(part: Part): void {
    const feed = this.feed(part.view);
    if (feed) this.take(feed, feed.add(part));
  }

  advance(message: Advance): void {
    const feed = this.feed(message.view);
    if (!feed) return;
    feed.advanced = message;
    if (feed !== this.current) return;
    this.meter.advanced(message.seq);
    const { shown } = this.surface;
    if (shown?.view === message.view && shown.picture === message.picture) this.showFrame(message);
  }

  stats(): ViewStats {
    const now = performance.now();
    const { meter, current } = this;
    const shown = this.surface.shown;
    const oldest = current?.oldestMs ?? 0;
    return {
      picture: shown?.picture ?? 0,
      seq: this.shownSeq,
      timeUs: this.shownUs,
      painted: meter.painted,
      dropped: meter.dropped,
      rate: meter.rate(now),
      latencyMs: meter.latencyMs,
      restingMs: meter.restingMs(now),
      still: meter.isStill,
      waitingMs: oldest === 0 ? 0 : now - oldest,
      watching: current !== null,
      limits: shown?.limits ?? [],
      levels: shown?.levels ?? [],
      codec: shown?.codec ?? '',
      width: shown?.width ?? 0,
      height: shown?.height ?? 0,
      region: shown?.region ?? [],
      rung: current?.settled.rung ?? 0,
      quality: current?.settled.spec.quality ?? 0,
    };
  }

  /** The picture and frame on screen, if the server still knows them. */
  onScreen(): { view: number; picture: number; seq: number } | null {
    const shown = this.surface.shown;
    const { number, before } = this.current ?? { number: 0, before: 0 };
    if (!shown || (shown.view !== number && shown.view !== before)) return null;
    return { view: shown.view, picture: shown.picture, seq: this.shownSeq };
  }

  /** What is wanted in the server's words; null: nothing, or its timeline is not there yet. */
  private asked(): ViewKeys | null {
    if (!this.wanted?.timeline) return this.wanted;
    const timeline = this.host.timelineNumber(this.wanted.timeline);
    return timeline === null ? null : { ...this.wanted, timeline };
  }

  private feed(number: number): Feed | null {
    if (this.current?.number === number) return this.current;
    return this.next?.number === number ? this.next : null;
  }

  private enter(message: Watching): Feed {
    return new Feed(message.view, message, this.askedKeys);
  }

  /** What is asked for settled to a view that is there: held twice now, with the settled keys of the newer watch. */
  private renew(feed: Feed, message: Watching): void {
    this.host.send({ type: 'unwatch', view: feed.number });
    feed.settled = message;
    feed.keys = this.askedKeys;
    if (feed !== this.current) return;
    this.end(this.next);
    this.next = null;
    this.tell(feed);
  }

  private end(feed: Feed | null): void {
    if (!feed) return;
    feed.left = true;
    this.host.send({ type: 'unwatch', view: feed.number });
  }

  private leave(): void {
    if (!this.current && !this.next) return;
    this.end(this.next);
    this.end(this.current);
    this.current = this.next = null;
    this.rest();
  }

  /** Nothing is watched. */
  private rest(): void {
    this.known = null;
    this.meter.restart();
  }

  /** The next view is the one that counts now. */
  private promote(): void {
    const { next, current } = this;
    if (!next) return;
    this.end(current);
    this.current = next;
    this.next = null;
    this.surface.setColors(next.settled.colors, next.settled.gap === true);
    this.tell(next);
  }

  private tell(feed: Feed): void {
    const asked = this.asked();
    if (!asked || JSON.stringify(asked) !== feed.keys) return;
    this.host.post({ op: 'settled', slot: this.slot, settled: settledOf(feed.settled) });
  }

  private take(feed: Feed, whole: Picture | null): void {
    if (!whole) return;
    if (feed === this.current) this.meter.arrived(whole.seq);
    if (!this.painting) void this.paintAll();
  }

  private showFrame({ seq, time_us }: Picture | Advance): void {
    this.shownSeq = seq;
    this.shownUs = time_us;
  }

  private async paintAll(): Promise<void> {
    this.painting = true;
    for (;;) {
      const feed = this.next?.queue.length ? this.next : this.current;
      const { next, givenUp } = takeNext<Waiting>(feed?.queue ?? []);
      for (const old of givenUp) {
        this.meter.givenUp();
        this.acknowledge(old);
      }
      if (!feed || !next) break;
      await this.paintOne(feed, next);
    }
    this.painting = false;
  }

  private async paintOne(feed: Feed, picture: Waiting): Promise<void> {
    const isCurrent = () => !feed.left;
    try {
      if (feed === this.next) {
        this.surface.setColors(feed.settled.colors, feed.settled.gap === true);
      }
      if (!(await this.surface.paint(picture, isCurrent))) return;
      if (feed === this.next) {
        this.meter.continued(picture.seq);
        this.promote();
      }
      const { advanced } = feed;
      this.showFrame(advanced?.picture === picture.picture ? advanced : picture);
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

  private acknowledge({ view, picture, arrivedMs }: Waiting): void {
    const held_us = Math.max(Math.round((performance.now() - arrivedMs) * 1000), 0);
    this.host.send({ type: 'ack', view, picture, held_us });
  }
}
