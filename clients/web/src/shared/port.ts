/* SPDX-License-Identifier: MIT */
// What the page and its worker say to each other. A slot is the page's own number of a view; the server's
// numbers stay within the worker, since they change with every connection.

import type {
  Figure,
  Meta,
  PatchEntry,
  PixelValue,
  Region,
  Steer,
  StreamInfo,
  TimelineOpened,
  ViewKeys,
} from '../wire/message.ts';

/** Two for each view: one is in sight, the other takes the first picture of another place or size, so that neither is
 * ever seen where the other belongs. */
export type Canvases = [OffscreenCanvas, OffscreenCanvas];

export type ToWorker =
  | { op: 'start'; url: string }
  | { op: 'open'; slot: number; stream: string; canvases: Canvases }
  /** The page shows this one of the two canvases: the other one is free. */
  | { op: 'swapped'; slot: number; canvas: number }
  | { op: 'watch'; slot: number; keys: ViewKeys }
  | { op: 'unwatch'; slot: number }
  | { op: 'close'; slot: number }
  | { op: 'timeline'; timeline: number; stream: string; start: TimelineStart }
  | { op: 'steer'; timeline: number; steer: Steer }
  | { op: 'pick'; slot: number; request: number; x: number; y: number }
  | { op: 'pixel'; slot: number; request: number; x: number; y: number };

/** Where a timeline begins. The page's numbers of timelines are its own, like slots; `timeline` of view keys is
 * one of them until the worker has asked the server for its number. */
export interface TimelineStart {
  time_us: number;
  playing: boolean;
}

export type TimelineState = Omit<TimelineOpened, 'type' | 'request' | 'timeline'>;

/** What a view settled to. */
export interface Settled {
  epoch: number;
  shape: number[];
  dtype: string;
  frameWidth: number;
  frameHeight: number;
  spec: ViewKeys;
  scalar: boolean;
  figure: Figure;
}

/** Where a canvas lies, and which of the two: its size in pixels and its outer edges in frame pixels. */
export interface Placed {
  canvas: number;
  width: number;
  height: number;
  region: Region;
}

export interface ViewStats {
  picture: number;
  seq: number;
  /** When the frame on screen was captured; 0: there is none. */
  timeUs: number;
  /** Pictures painted since the view was opened. */
  painted: number;
  /** Frames of the stream that never reached the screen. */
  dropped: number;
  rate: number;
  latencyMs: number;
  /** Since the last picture was painted. */
  restingMs: number;
  /** Newer frames than that picture's came, and were equal to it. */
  still: boolean;
  /** How long the oldest picture that has begun to arrive waits to be painted; 0 when none does. */
  waitingMs: number;
  watching: boolean;
  limits: number[];
  levels: number[];
  codec: string;
  /** Of the picture on screen: its pixels, and where its edges lie in the frame; [] before the first. */
  width: number;
  height: number;
  region: number[];
  /** How far the server is below what was asked for, since the link takes no more; 0: not at all. */
  rung: number;
  /** JPEG; 0: of another codec. */
  quality: number;
}

export type Link = 'connecting' | 'open' | 'lost';
export type Picked =
  | { kind: 'value'; seq: number; x: number; y: number; value: PixelValue; meta?: Meta | undefined }
  | { kind: 'gone' }
  | { kind: 'none'; reason: string };
export type Rgba = [number, number, number, number];

export type ToPage =
  | { op: 'link'; link: Link; reason: string; server: string }
  | { op: 'streams'; streams: StreamInfo[] }
  | { op: 'controls'; stream: string; changed: { [name: string]: number | string | null } }
  | { op: 'timeline'; timeline: number; state: TimelineState | null; reason: string }
  | { op: 'settled'; slot: number; settled: Settled }
  | { op: 'patch'; slot: number; patch: PatchEntry[] }
  | { op: 'placed'; slot: number; placed: Placed }
  | {
      op: 'stats';
      silentMs: number;
      /** What the daemon's clock shows. */
      serverUs: number;
      views: { slot: number; stats: ViewStats }[];
    }
  | { op: 'refused'; slot: number; code: string; text: string }
  | { op: 'picked'; request: number; picked: Picked }
  | { op: 'pixel'; request: number; rgba: Rgba | null };
