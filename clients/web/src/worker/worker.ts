/* SPDX-License-Identifier: MIT */
// The worker: owns the socket and the canvases, so that nothing of a frame touches the page's thread.

import type { ToPage, ToWorker } from '../shared/port.ts';
import type { ServerMessage, StreamInfo } from '../wire/message.ts';
import { nowUs } from './clock.ts';
import { Connection } from './connection.ts';
import { Picks } from './picks.ts';
import { Timelines } from './timelines.ts';
import { View, type Host } from './view.ts';

const STATS_EVERY_MS = 250;

const views = new Map<number, View>();
const closing = new Set<number>();
const picks = new Picks(post);
const timelines = new Timelines({
  send: (message) => connection?.send(message) ?? false,
  nextRequest: () => connection?.nextRequest() ?? 0,
  post,
  onNumber: reconcileAll,
});
let connection: Connection | null = null;

function post(message: ToPage): void {
  self.postMessage(message);
}

function host(link: Connection): Host {
  return {
    clock: link.clock,
    send: (message) => link.send(message),
    nextRequest: () => link.nextRequest(),
    timelineNumber: (timeline) => timelines.numberOf(timeline),
    breach: (error) => link.breach(error),
    post,
  };
}

function reconcileAll(): void {
  for (const view of views.values()) view.reconcile();
}

function findView(test: (view: View) => boolean): View | undefined {
  for (const view of views.values()) if (test(view)) return view;
  return undefined;
}

function byNumber(number: number): View | undefined {
  return findView((view) => view.has(number));
}

// ---- from the server

function onStreams(streams: StreamInfo[]): void {
  post({ op: 'streams', streams });
  for (const view of views.values()) view.retryNow();
}

function onError(code: string, text: string, request: number | undefined): void {
  if (request === undefined || picks.refused(request, text)) return;
  if (timelines.refused(request, text)) return;
  findView((view) => view.request === request)?.refused(code, text);
}

function onMessage(message: ServerMessage): void {
  switch (message.type) {
    case 'streams':
      return onStreams(message.streams);
    case 'watching':
      return findView((view) => view.request === message.request)?.watching(message);
    case 'adapted':
      return byNumber(message.view)?.adapted(message);
    case 'patch': {
      const view = byNumber(message.view);
      return view && post({ op: 'patch', slot: view.slot, patch: message.patch });
    }
    case 'picture':
      return byNumber(message.view)?.picture(message);
    case 'part':
      return byNumber(message.view)?.part(message);
    case 'advance':
      return byNumber(message.view)?.advance(message);
    case 'ended':
      return byNumber(message.view)?.ended(message.view);
    case 'value': {
      const { seq, x, y, value, meta } = message;
      return picks.answered(message.request, { kind: 'value', seq, x, y, value, meta });
    }
    case 'gone':
      return picks.answered(message.request, { kind: 'gone' });
    case 'controls':
      return post({ op: 'controls', stream: message.stream, changed: message.changed });
    case 'timeline':
      return timelines.opened(message);
    case 'moved':
      return timelines.moved(message);
    case 'untimeline':
      return timelines.ended(message.timeline, message.reason);
    case 'error':
      return onError(message.code, message.text, message.request);
    default:
      return undefined;
  }
}

function start(url: string): void {
  connection = new Connection(url, {
    onMessage,
    onLink(link, reason, server) {
      post({ op: 'link', link, reason, server });
      if (link === 'open') {
        timelines.connected();
        for (const view of views.values()) view.retryNow();
      } else if (link === 'lost') {
        picks.refuseAll(reason);
        timelines.disconnected();
        for (const view of views.values()) view.disconnected();
      }
    },
  });
}

// ---- from the page

/** A view whose `watch` is not answered yet stays until it can say which view to end. */
function close(slot: number): void {
  const view = views.get(slot);
  if (!view) return;
  view.unwatch();
  if (view.request === null) views.delete(slot);
  else closing.add(slot);
}

function sweep(): void {
  for (const slot of closing) {
    if (views.get(slot)?.request != null) continue;
    views.delete(slot);
    closing.delete(slot);
  }
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.op) {
    case 'start':
      return start(message.url);
    case 'open': {
      if (!connection) return undefined;
      const { slot, stream, canvases } = message;
      return void views.set(slot, new View(slot, stream, canvases, host(connection)));
    }
    case 'swapped':
      return views.get(message.slot)?.surface.swapped(message.canvas);
    case 'watch':
      return views.get(message.slot)?.watch(message.keys);
    case 'unwatch':
      return views.get(message.slot)?.unwatch();
    case 'close':
      return close(message.slot);
    case 'timeline':
      return timelines.open(message.timeline, message.stream, message.start);
    case 'steer':
      return timelines.steer(message.timeline, message.steer);
    case 'pick':
      return picks.pick(views.get(message.slot), connection, message);
    case 'pixel': {
      const rgba = views.get(message.slot)?.surface.pixel(message.x, message.y) ?? null;
      return post({ op: 'pixel', request: message.request, rgba });
    }
    default:
      return undefined;
  }
};

setInterval(() => {
  sweep();
  reconcileAll();
  const stats = [...views.values()].map((view) => ({ slot: view.slot, stats: view.stats() }));
  const serverUs = connection?.clock.serverUs(nowUs()) ?? 0;
  post({ op: 'stats', silentMs: connection?.silentMs() ?? 0, serverUs, views: stats });
}, STATS_EVERY_MS);
