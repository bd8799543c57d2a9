/* SPDX-License-Identifier: MIT */
// What stands over the picture of a stream that is not live: the reason, what is being done, since when.

import type { StreamInfo } from '../wire/message.ts';
import type { Status } from './status.ts';

export interface Notice {
  why: string;
  /** Changes with every second, so it is no news to who listens. */
  doing: string;
}

export interface Scene {
  status: Status;
  stream: Pick<StreamInfo, 'state' | 'source'>;
  /** No picture has been painted so far. */
  isBlank: boolean;
  isLinkLost: boolean;
  /** Since it is so; null: not known. */
  ageMs: number | null;
}

/** "5 s", "2 min 5 s", "3 h 12 min", "2 d 3 h" */
export function duration(ms: number): string {
  const s = Math.max(Math.floor(ms / 1000), 0);
  const both = (big: number, bigUnit: string, small: number, unit: string) =>
    small > 0 ? `${big} ${bigUnit} ${small} ${unit}` : `${big} ${bigUnit}`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return both(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return both(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return both(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h');
}

function deed({ status, stream, isLinkLost }: Scene): string {
  if (status.state === 'waiting') return stream.state === 'waiting' ? 'waiting' : 'asked again';
  if (isLinkLost) return 'connecting again by itself, lost';
  if (stream.source === 'push') return 'goes on when its pusher is back, gone';
  return 'tried again by itself, lost';
}

/** Null: nothing hides the picture. */
export function noticeOf(scene: Scene): Notice | null {
  const { status, isBlank, ageMs } = scene;
  const isTold = (status.state === 'lost' || status.state === 'waiting') && status.reason !== '';
  if (isTold) {
    const since = ageMs === null ? '' : ` for ${duration(ageMs)}`;
    return { why: status.reason, doing: deed(scene) + since };
  }
  if (status.state === 'lost') return { why: 'lost', doing: '' };
  if (!isBlank) return null;
  return { why: status.state === 'waiting' ? 'waiting for a picture' : status.state, doing: '' };
}
