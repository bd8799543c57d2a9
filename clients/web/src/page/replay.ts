/* SPDX-License-Identifier: MIT */
// A recording on the page. All its cards show timeline 0, as everybody sees it, until the reader touches one of
// their sliders: then they move together on a timeline of this page's own.

import type { TimelineState } from '../shared/port.ts';
import type { Steer } from '../wire/message.ts';
import type { Client } from './client.ts';

export class Replay {
  /** The page's number of its own timeline; null: timeline 0. */
  timeline: number | null = null;
  /** null: on timeline 0, or the own one is not there yet. */
  state: TimelineState | null = null;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly client: Client) {}

  /** `onChange` is called when the timeline is another one, or has moved. */
  follow(onChange: () => void): void {
    this.watchers.add(onChange);
  }

  unfollow(onChange: () => void): void {
    this.watchers.delete(onChange);
    if (this.watchers.size === 0) this.release();
  }

  /** `shownUs`: the frame on the screen of the card that was touched, where a new timeline begins. */
  steer(stream: string, shownUs: number, steer: Steer): void {
    if (this.timeline === null) {
      const time_us = steer.type === 'seek' ? steer.time_us : shownUs;
      const playing = steer.type !== 'pause' && steer.type !== 'step';
      const take = (state: TimelineState | null) => this.take(state);
      this.timeline = this.client.openTimeline(stream, { time_us, playing }, take);
      this.tell();
    }
    this.client.steer(this.timeline, steer);
  }

  /** Back to what all see. */
  release(): void {
    if (this.timeline === null) return;
    this.client.steer(this.timeline, { type: 'untimeline' });
    this.client.forgetTimeline(this.timeline);
    this.take(null);
  }

  private take(state: TimelineState | null): void {
    if (!state) this.timeline = null;
    this.state = state;
    this.tell();
  }

  private tell(): void {
    for (const onChange of this.watchers) onChange();
  }
}

export class Replays {
  private readonly all = new Map<string, Replay>();

  constructor(private readonly client: Client) {}

  /** The one of that recording. */
  of(recording: string): Replay {
    const known = this.all.get(recording);
    if (known) return known;
    const replay = new Replay(this.client);
    this.all.set(recording, replay);
    return replay;
  }
}

function digits(value: number, count: number): string {
  return String(Math.floor(value)).padStart(count, '0');
}

/** "1:02.345", from an hour on "1:01:02.345". */
export function elapsedText(us: number): string {
  const ms = Math.floor(Math.max(us, 0) / 1000);
  const hours = Math.floor(ms / 3_600_000);
  const minutes = (ms / 60_000) % 60;
  const rest = `${digits((ms / 1000) % 60, 2)}.${digits(ms % 1000, 3)}`;
  return hours > 0 ? `${hours}:${digits(minutes, 2)}:${rest}` : `${Math.floor(minutes)}:${rest}`;
}
