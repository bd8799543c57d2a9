/* SPDX-License-Identifier: MIT */
// How a stream does, in one word and a reason.

import type { Link, ViewStats } from '../shared/port.ts';
import type { StreamInfo } from '../wire/message.ts';

/** Later than this is no longer live to the eye. */
export const BEHIND_MS = 500;
/** Pings go out every two seconds; a stream that moves paints more often than this. */
const SILENT_MS = 3000;

export interface Status {
  state: 'live' | 'behind' | 'lost' | 'waiting' | 'paused';
  reason: string;
}

export interface Circumstances {
  link: Link;
  linkReason: string;
  linkSilentMs: number;
  stream: StreamInfo;
  /** Whether the card is on screen: pictures that nobody sees are not asked for. */
  visible: boolean;
  refused: string;
  stats: ViewStats | null;
}

/** A picture that stands has no rate; nothing is wrong with it. */
export function rateText({ painted, rate, restingMs }: ViewStats): string {
  if (painted === 0) return '';
  if (rate > 0) return `${rate.toFixed(1)} fps`;
  return restingMs > 1000 ? 'still' : '';
}

/** What the link makes of the picture; '' where it comes as it was asked for. */
export function reducedText({ rung, width, height, quality }: ViewStats): string {
  if (rung === 0 || width === 0) return '';
  return `reduced to ${width}×${height}${quality > 0 ? `, quality ${quality}` : ''}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function lateness(c: Circumstances, stats: ViewStats): string {
  if (c.linkSilentMs > SILENT_MS) return `no news from the server for ${seconds(c.linkSilentMs)}`;
  if (stats.waitingMs > BEHIND_MS) return `a picture is ${seconds(stats.waitingMs)} on its way`;
  // A picture that stands, since newer frames are equal to it or none comes, is the newest, however late it came.
  const moves = !stats.still && stats.restingMs < SILENT_MS;
  if (moves && stats.latencyMs > BEHIND_MS) return `${seconds(stats.latencyMs)} after the camera`;
  return '';
}

export function statusOf(c: Circumstances): Status {
  if (c.link === 'lost' || (c.link === 'connecting' && c.linkReason)) {
    return { state: 'lost', reason: c.linkReason };
  }
  if (c.stream.state === 'lost') return { state: 'lost', reason: c.stream.reason };
  if (c.stream.state === 'waiting') return { state: 'waiting', reason: c.stream.reason };
  if (!c.visible) return { state: 'paused', reason: '' };
  if (c.refused) return { state: 'waiting', reason: c.refused };
  if (!c.stats?.watching || c.stats.painted === 0) return { state: 'waiting', reason: '' };
  // Of a recording every frame is old; how late it comes is not known.
  const stats = c.stream.recording ? { ...c.stats, latencyMs: 0 } : c.stats;
  const late = lateness(c, stats);
  return late ? { state: 'behind', reason: late } : { state: 'live', reason: '' };
}
