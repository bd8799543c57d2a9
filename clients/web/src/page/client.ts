/* SPDX-License-Identifier: MIT */
// The page's side of the worker: slots, and questions with answers.

import type {
  Canvases,
  Picked,
  Rgba,
  TimelineStart,
  TimelineState,
  ToPage,
  ToWorker,
} from '../shared/port.ts';
import type { Steer, ViewKeys } from '../wire/message.ts';

type SlotMessage = Extract<ToPage, { slot: number }>;
type GlobalMessage = Extract<ToPage, { op: 'link' | 'streams' | 'stats' | 'controls' }>;

export class Client {
  private readonly worker = new Worker('assets/worker.js');
  private readonly slots = new Map<number, (message: SlotMessage) => void>();
  private readonly answers = new Map<number, (message: ToPage) => void>();
  private readonly timelines = new Map<number, (state: TimelineState | null) => void>();
  private lastSlot = 0;
  private lastTimeline = 0;
  private lastRequest = 0;

  constructor(url: string, onMessage: (message: GlobalMessage) => void) {
    this.worker.onmessage = (event: MessageEvent<ToPage>) => {
      const message = event.data;
      if ('request' in message) {
        this.answers.get(message.request)?.(message);
        this.answers.delete(message.request);
      } else if (message.op === 'timeline') {
        this.timelines.get(message.timeline)?.(message.state);
        if (!message.state) this.timelines.delete(message.timeline);
      } else if ('slot' in message) {
        this.slots.get(message.slot)?.(message);
      } else {
        onMessage(message);
      }
    };
    this.send({ op: 'start', url });
  }

  /** A view of `stream` that will paint on the canvases as soon as it is watched. */
  open(
    stream: string,
    canvases: [HTMLCanvasElement, HTMLCanvasElement],
    onMessage: (message: SlotMessage) => void,
  ): number {
    this.lastSlot += 1;
    const slot = this.lastSlot;
    this.slots.set(slot, onMessage);
    const [one, other] = canvases;
    const both: Canvases = [one.transferControlToOffscreen(), other.transferControlToOffscreen()];
    this.send({ op: 'open', slot, stream, canvases: both }, both);
    return slot;
  }

  /** This canvas is the one in sight. */
  swapped(slot: number, canvas: number): void {
    this.send({ op: 'swapped', slot, canvas });
  }

  watch(slot: number, keys: ViewKeys): void {
    this.send({ op: 'watch', slot, keys });
  }

  unwatch(slot: number): void {
    this.send({ op: 'unwatch', slot });
  }

  close(slot: number): void {
    this.slots.delete(slot);
    this.send({ op: 'close', slot });
  }

  /** A timeline of this page's own; `onState` is called with null when it is no more. */
  openTimeline(
    stream: string,
    start: TimelineStart,
    onState: (state: TimelineState | null) => void,
  ): number {
    this.lastTimeline += 1;
    const timeline = this.lastTimeline;
    this.timelines.set(timeline, onState);
    this.send({ op: 'timeline', timeline, stream, start });
    return timeline;
  }

  /** Nothing more is heard of it. */
  forgetTimeline(timeline: number): void {
    this.timelines.delete(timeline);
  }

  steer(timeline: number, steer: Steer): void {
    this.send({ op: 'steer', timeline, steer });
  }

  /** The value of frame pixel (x, y) of the frame that is painted. */
  async pick(slot: number, x: number, y: number): Promise<Picked> {
    const answer = await this.ask((request) => ({ op: 'pick', slot, request, x, y }));
    return answer.op === 'picked' ? answer.picked : { kind: 'none', reason: '' };
  }

  /** The colour on the canvas there. */
  async pixel(slot: number, x: number, y: number): Promise<Rgba | null> {
    const answer = await this.ask((request) => ({ op: 'pixel', slot, request, x, y }));
    return answer.op === 'pixel' ? answer.rgba : null;
  }

  private ask(question: (request: number) => ToWorker): Promise<ToPage> {
    this.lastRequest += 1;
    const request = this.lastRequest;
    return new Promise((resolve) => {
      this.answers.set(request, resolve);
      this.send(question(request));
    });
  }

  private send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
