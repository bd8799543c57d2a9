/* SPDX-License-Identifier: MIT */
// The messages of imshow.v1, one msgpack map each (docs/protocol.md): their types, and bytes <-> message.

import { Decoder, Encoder } from '@msgpack/msgpack';

export const SUBPROTOCOL = 'imshow.v1';

export type Region = [number, number, number, number];
export type Codec = 'jpeg' | 'png' | 'raw' | 'passthrough';
export type RawDtype = '|u1' | '<u2' | '<f4';

export type Transform = 'linear' | 'log' | 'sqrt' | 'gamma' | 'asinh' | 'equalize';

/** What a viewer asks for; every key may be left out. */
export interface ViewKeys {
  timeline?: number;
  slice?: number[];
  region?: Region;
  width?: number;
  height?: number;
  contrast_rescaling?: 'minmax' | 'infer';
  zmin?: number | number[];
  zmax?: number | number[];
  transform?: Transform;
  gamma?: number;
  /** Width and height may be larger than the region. */
  interpolation?: 'none' | 'nearest' | 'bilinear';
  color_continuous_scale?: string;
  codec?: 'auto' | Codec;
  quality?: number;
  level?: number;
  /** Size and quality follow the link, within the bounds. */
  adapt?: boolean;
  quality_min?: number;
  scale_max?: number;
  rate_max?: number;
}

export type ClientMessage =
  | ({ type: 'watch'; request: number; stream: string } & ViewKeys)
  | { type: 'unwatch'; view: number }
  /** `held_us`: so long the picture lay here before it was painted. */
  | { type: 'ack'; view: number; picture: number; held_us?: number }
  | {
      type: 'hover';
      request: number;
      view: number;
      picture: number;
      seq: number;
      x: number;
      y: number;
    }
  | { type: 'ping'; request: number }
  | { type: 'timeline'; request: number; stream: string; time_us?: number; playing?: boolean }
  | ({ timeline: number } & Steer);

/** What is done to a timeline; `stream` says whose frames are counted. */
export type Steer =
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'seek'; time_us: number }
  | { type: 'step'; frames: number; stream: string }
  | { type: 'speed'; speed: number }
  | { type: 'loop'; loop: boolean }
  | { type: 'untimeline' };

/** The recording that a stream is played from. */
export interface RecordingInfo {
  name: string;
  start_us: number;
  end_us: number;
  frames: number;
}

export interface Marker {
  time_us: number;
  text: string;
}

/** Where a timeline is. */
export interface TimelinePlace {
  time_us: number;
  frame: number;
  playing: boolean;
  speed: number;
  loop: boolean;
}

export interface TimelineOpened extends TimelinePlace {
  type: 'timeline';
  request: number;
  timeline: number;
  stream: string;
  streams: string[];
  start_us: number;
  end_us: number;
  frames: number;
  markers: Marker[];
}

/** A session that records a stream. */
export interface StreamRecording {
  name: string;
  state: 'starting' | 'armed' | 'recording' | 'held' | 'finishing' | 'done';
  reason: string;
}

export interface StreamInfo {
  name: string;
  state: 'waiting' | 'live' | 'lost';
  reason: string;
  source: string;
  epoch: number;
  shape: number[];
  dtype: string;
  fps: number;
  watchers: number;
  captured: number;
  lost: number;
  encodes: number;
  /** When it came into its state, by the daemon's clock. */
  since_us?: number;
  recording?: RecordingInfo;
  recordings?: StreamRecording[];
}

export type PlotTree = { [key: string]: unknown };
export interface Figure {
  data: PlotTree[];
  layout: PlotTree;
  config: PlotTree;
}
export type PatchEntry = [(string | number)[], unknown];

export interface Watching {
  type: 'watching';
  request: number;
  view: number;
  stream: string;
  epoch: number;
  shape: number[];
  dtype: string;
  frame_width: number;
  frame_height: number;
  spec: ViewKeys;
  /** With `adapt`: how far below what was asked for; 0: not at all. */
  rung?: number;
  colors?: Uint8Array;
  gap?: boolean;
  figure: Figure;
}

/** The view goes on as another one, of less or more size and quality. */
export interface Adapted {
  type: 'adapted';
  view: number;
  to: number;
  rung: number;
  spec: ViewKeys;
}

export interface Picture {
  type: 'picture';
  view: number;
  picture: number;
  base: number;
  seq: number;
  epoch: number;
  time_us: number;
  codec: Codec;
  width: number;
  height: number;
  dtype?: RawDtype;
  limits: number[];
  /** With a transform: the values at 0, 1/8 ... 1 of the colour scale. */
  levels?: number[];
  region: Region;
  tile?: number;
  tiles?: Uint8Array;
  parts: number;
  size: number;
  data: Uint8Array;
}

export interface Part {
  type: 'part';
  view: number;
  picture: number;
  part: number;
  data: Uint8Array;
}

export interface Advance {
  type: 'advance';
  view: number;
  picture: number;
  seq: number;
  time_us: number;
}

export type PixelValue = number | string | null | PixelValue[];

/** What came with a frame: texts, numbers and short lists of numbers by name. */
export type Meta = { [name: string]: unknown };

export type ServerMessage =
  | { type: 'hello'; version: number; server: string; time_us: number; window: number }
  | { type: 'streams'; streams: StreamInfo[] }
  | Watching
  | Adapted
  | { type: 'patch'; view: number; patch: PatchEntry[] }
  | Picture
  | Part
  | Advance
  | { type: 'ended'; view: number; reason: string }
  | {
      type: 'value';
      request: number;
      view: number;
      seq: number;
      x: number;
      y: number;
      value: PixelValue;
      meta?: Meta;
    }
  | { type: 'controls'; stream: string; changed: { [name: string]: number | string | null } }
  | { type: 'gone'; request: number; view: number; picture: number }
  | TimelineOpened
  | ({ type: 'moved'; timeline: number } & TimelinePlace)
  | { type: 'untimeline'; timeline: number; reason: string }
  | { type: 'pong'; request: number; time_us: number }
  | { type: 'error'; code: string; text: string; request?: number };

const encoder = new Encoder();
const decoder = new Decoder();

/** The bytes of a message, in the order of its keys; the caller's own copy. */
export function encodeMessage(message: ClientMessage): Uint8Array {
  return encoder.encode(message);
}

/** One message from one WebSocket frame; throws on anything that is no map with a text `type`. Byte strings
 * point into `bytes`. */
export function decodeMessage(bytes: ArrayBuffer | Uint8Array): ServerMessage {
  const value: unknown = decoder.decode(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('a message is no map');
  }
  if (typeof (value as { type?: unknown }).type !== 'string') {
    throw new Error('a message without a type');
  }
  return value as ServerMessage;
}
