/* SPDX-License-Identifier: MIT */
// The page's own timelines in recordings. The server forgets them with the connection; here they are kept, opened
// again where they were, and known by the page's numbers.

import type { TimelineStart, TimelineState, ToPage } from '../shared/port.ts';
import type { ClientMessage, Steer, TimelineOpened, TimelinePlace } from '../wire/message.ts';

interface Surroundings {
  /** False when there is no connection. */
  send(message: ClientMessage): boolean;
  nextRequest(): number;
  post(message: ToPage): void;
  /** A timeline has another number, or one at last. */
  onNumber(): void;
}

interface Timeline {
  readonly id: number;
  readonly stream: string;
  start: TimelineStart;
  number: number | null;
  /** Of the `timeline` that is not answered yet. */
  request: number | null;
  /** What was asked for meanwhile, by type: of each only the newest, but steps add up. */
  waiting: Map<string, Steer>;
  state: TimelineState | null;
}

function merged(before: Steer | undefined, steer: Steer): Steer {
  if (before?.type !== 'step' || steer.type !== 'step') return steer;
  return { ...steer, frames: before.frames + steer.frames };
}

export class Timelines {
  private readonly all = new Map<number, Timeline>();

  constructor(private readonly around: Surroundings) {}

  open(id: number, stream: string, start: TimelineStart): void {
    const timeline: Timeline = {
      id,
      stream,
      start,
      number: null,
      request: null,
      waiting: new Map(),
      state: null,
    };
    this.all.set(id, timeline);
    this.ask(timeline);
  }

  numberOf(id: number): number | null {
    return this.all.get(id)?.number ?? null;
  }

  steer(id: number, steer: Steer): void {
    const timeline = this.all.get(id);
    if (!timeline) return;
    if (timeline.number !== null) {
      this.around.send({ ...steer, timeline: timeline.number });
      if (steer.type === 'untimeline') this.all.delete(id);
      return;
    }
    // A seek begins anew; what was stepped before is no more.
    if (steer.type === 'seek') timeline.waiting.delete('step');
    timeline.waiting.set(steer.type, merged(timeline.waiting.get(steer.type), steer));
  }

  // ---- from the server

  opened(message: TimelineOpened): void {
    const timeline = this.find((each) => each.request === message.request);
    if (!timeline) return;
    const { type: _type, request: _request, timeline: number, ...state } = message;
    timeline.number = number;
    timeline.request = null;
    this.show(timeline, state);
    const waiting = [...timeline.waiting.values()];
    timeline.waiting.clear();
    for (const steer of waiting) this.steer(timeline.id, steer);
    this.around.onNumber();
  }

  moved(message: { timeline: number } & TimelinePlace): void {
    const timeline = this.find((each) => each.number === message.timeline);
    if (!timeline?.state) return;
    const { time_us, frame, playing, speed, loop } = message;
    this.show(timeline, { ...timeline.state, time_us, frame, playing, speed, loop });
  }

  ended(number: number, reason: string): void {
    const timeline = this.find((each) => each.number === number);
    if (timeline) this.end(timeline, reason);
  }

  /** Whether the request was one of these. */
  refused(request: number, text: string): boolean {
    const timeline = this.find((each) => each.request === request);
    if (timeline) this.end(timeline, text);
    return timeline !== undefined;
  }

  connected(): void {
    for (const timeline of this.all.values()) this.ask(timeline);
  }

  disconnected(): void {
    for (const timeline of this.all.values()) {
      const { state } = timeline;
      timeline.number = timeline.request = null;
      if (!state) continue;
      timeline.start = { time_us: state.time_us, playing: state.playing };
      timeline.waiting.set('speed', { type: 'speed', speed: state.speed });
      timeline.waiting.set('loop', { type: 'loop', loop: state.loop });
    }
  }

  private find(test: (timeline: Timeline) => boolean): Timeline | undefined {
    for (const timeline of this.all.values()) if (test(timeline)) return timeline;
    return undefined;
  }

  private ask(timeline: Timeline): void {
    if (timeline.number !== null || timeline.request !== null) return;
    const request = this.around.nextRequest();
    const { stream, start } = timeline;
    if (this.around.send({ type: 'timeline', request, stream, ...start })) {
      timeline.request = request;
    }
  }

  private show(timeline: Timeline, state: TimelineState): void {
    timeline.state = state;
    this.around.post({ op: 'timeline', timeline: timeline.id, state, reason: '' });
  }

  private end(timeline: Timeline, reason: string): void {
    this.all.delete(timeline.id);
    this.around.post({ op: 'timeline', timeline: timeline.id, state: null, reason });
  }
}
