/* SPDX-License-Identifier: MIT */
// A view of the server's as it reaches us, from `watching` until it is left: its parts and what waits to be painted.

import { Assembler, ProtocolError } from '../wire/assemble.ts';
import type { Advance, Part, Picture, Watching } from '../wire/message.ts';
import { MAX_WAITING } from './queue.ts';

export interface Waiting extends Picture {
  arrivedMs: number;
}

export class Feed {
  /** Whole pictures that are not painted so far. */
  readonly queue: Waiting[] = [];
  /** The newest advance, which may come before its picture is painted. */
  advanced: Advance | null = null;
  /** Its pictures under way mean nothing any more. */
  left = false;
  private readonly assembler = new Assembler();

  constructor(
    /** The server's number. */
    readonly number: number,
    /** What it settled to, and the keys that were asked for. */
    public settled: Watching,
    public keys: string,
    /** The number of the view whose place it took; 0: none. */
    readonly before = 0,
  ) {}

  /** The picture, once it is whole. */
  begin(head: Picture): Picture | null {
    return this.take(this.assembler.begin(head));
  }

  add(part: Part): Picture | null {
    return this.take(this.assembler.add(part));
  }

  /** When what waits longest came, or began to; 0 when nothing waits. */
  get oldestMs(): number {
    return this.queue[0]?.arrivedMs ?? this.assembler.sinceMs;
  }

  private take(whole: Picture | null): Picture | null {
    if (!whole) return null;
    if (this.queue.length >= MAX_WAITING) throw new ProtocolError('more pictures than the window');
    this.queue.push({ ...whole, arrivedMs: performance.now() });
    return whole;
  }
}
