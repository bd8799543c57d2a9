/* SPDX-License-Identifier: MIT */
// The page: a card for each stream as they come and go, one alone where the address says so.

import type { Link, ToPage } from '../shared/port.ts';
import type { StreamInfo } from '../wire/message.ts';
import { Card } from './card.ts';
import { Client } from './client.ts';
import { find, setText } from './dom.ts';
import { Recordings } from './recordings.ts';
import { Replays } from './replay.ts';
import { focusOf, RECORDINGS_HASH } from './route.ts';
import { leaveIfOver, showSession } from './session.ts';
import { onThemeChange } from './theme.ts';
import { exposeToTests } from './window.ts';

/** A page that was only covered for a moment goes on without a gap. */
const HIDDEN_MS = 10_000;

const top = {
  back: find('.back'),
  count: find('.count'),
  link: find('.link'),
  leave: find('.leave'),
  grid: find('.streams'),
  empty: find('.empty'),
};
const cards = new Map<string, Card>();
const shelf = new Recordings(find('.recordings'));
const around = {
  link: 'connecting' as Link,
  linkReason: '',
  linkSilentMs: 0,
  linkLostMs: 0,
  serverUs: 0,
};
let listed = false;
let hiddenTimer = 0;

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const name = (entry.target as HTMLElement).dataset.stream ?? '';
      cards.get(name)?.setVisible(entry.isIntersecting);
    }
  },
  { rootMargin: '100px' },
);

function showAll(): void {
  for (const card of cards.values()) card.showStatus(around);
}

function arrange(): void {
  const isShelf = location.hash === RECORDINGS_HASH;
  shelf.setShown(isShelf);
  top.grid.hidden = isShelf;
  if (isShelf) {
    top.back.hidden = false;
    top.empty.hidden = true;
    document.title = 'Recordings – imshowd';
    return;
  }
  const focus = focusOf(location.hash);
  top.back.hidden = focus === null;
  document.title = focus === null ? 'imshowd' : `${focus} – imshowd`;
  for (const [name, card] of cards) {
    card.parts.card.hidden = focus !== null && focus !== name;
    card.setFocused(focus === name || cards.size === 1);
  }
  top.grid.classList.toggle('single', focus !== null || cards.size === 1);
  const shown = focus === null ? cards.size > 0 : cards.has(focus);
  top.empty.hidden = shown || !listed;
  const nothing = focus === null ? 'No streams yet.' : `There is no stream “${focus}” now.`;
  setText(top.empty, nothing);
}

function takeStreams(streams: StreamInfo[]): void {
  listed = true;
  const names = new Set(streams.map((stream) => stream.name));
  for (const [name, card] of cards) {
    if (names.has(name)) continue;
    seen.unobserve(card.parts.card);
    card.destroy();
    cards.delete(name);
  }
  for (const stream of streams) {
    const known = cards.get(stream.name);
    if (known) {
      known.update(stream);
      continue;
    }
    const card = new Card(stream, client, replays);
    cards.set(stream.name, card);
    top.grid.append(card.parts.card);
    seen.observe(card.parts.card);
  }
  setText(top.count, streams.length === 1 ? '1 stream' : `${streams.length} streams`);
  arrange();
}

function takeLink(link: Link, reason: string, server: string): void {
  // While it tries again, the reason why it has to is still what matters.
  if (link === 'connecting' && around.linkReason) return;
  if (around.link === 'open') around.linkLostMs = performance.now();
  if (link === 'lost') void leaveIfOver();
  around.link = link;
  around.linkReason = reason;
  top.link.dataset.link = link;
  setText(top.link, link === 'open' ? server : link === 'lost' ? reason : 'connecting');
}

function receive(message: ToPage): void {
  if (message.op === 'link') takeLink(message.link, message.reason, message.server);
  if (message.op === 'streams') takeStreams(message.streams);
  if (message.op === 'controls') cards.get(message.stream)?.takeControls(message.changed);
  if (message.op === 'stats') {
    around.linkSilentMs = message.silentMs;
    around.serverUs = message.serverUs;
    const bySlot = new Map(message.views.map((view) => [view.slot, view.stats]));
    const watched = message.views.filter((view) => view.stats.watching).length;
    for (const card of cards.values()) {
      const stats = bySlot.get(card.slot);
      if (stats) card.takeStats(stats, watched);
    }
  }
  showAll();
}

function pauseAll(paused: boolean): void {
  for (const card of cards.values()) card.setPaused(paused);
}

const url = new URL('ws', location.href.replace(/#.*$/, ''));
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
const client = new Client(url.href, receive);
const replays = new Replays(client);

addEventListener('hashchange', arrange);
onThemeChange(() => {
  for (const card of cards.values()) card.draw();
});
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = window.setTimeout(() => pauseAll(true), HIDDEN_MS);
  else pauseAll(false);
});
void showSession(top.leave);
exposeToTests(cards, client, around);
