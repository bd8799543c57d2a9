/* SPDX-License-Identifier: MIT */
// The page's side of the worker: slots, and questions with answers.

import type { Canvases, Picked, Rgba, ToPage, ToWorker } from '../shared/port.ts';
import type { ViewKeys } from '../wire/message.ts';

type SlotMessage = Extract<ToPage, { slot: number }>;
type GlobalMessage = Extract<ToPage, { op: 'link' | 'streams' | 'stats' | 'controls' }>;

export class Client {
  private readonly worker = new Worker('assets/worker.js');
  private readonly slots = new Map<number, (message: SlotMessage) => void>();
  private readonly answers = new Map<number, (message: ToPage) => void>();
  private lastSlot = 0;
  private lastRequest = 0;

  constructor(url: string, onMessage: (message: GlobalMessage) => void) {
    this.worker.onmessage = (event: MessageEvent<ToPage>) => {
      const message = event.data;
      if ('request' in message) {
        this.answers.get(message.request)?.(message);
        this.answers.delete(message.request);
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
