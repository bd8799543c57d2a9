/* SPDX-License-Identifier: MIT */
// The elements of a card.

import { make, setText } from './dom.ts';
import { hashOf } from './route.ts';

function fileLink(name: string, file: string, hint: string): HTMLAnchorElement {
  const link = make('a');
  link.href = `streams/${encodeURIComponent(name)}/${file}`;
  link.download = `${name.replace(/[^\w.-]+/g, '_')}-${file}`;
  link.title = hint;
  setText(link, file);
  return link;
}

/** The links give the frame that was captured then; 0: the newest. */
export function aimFiles(files: HTMLElement, timeUs: number): void {
  for (const link of files.querySelectorAll('a')) {
    const [path] = (link.getAttribute('href') ?? '').split('?');
    const href = timeUs > 0 ? `${path}?t=${timeUs}` : path;
    if (link.getAttribute('href') !== href) link.setAttribute('href', href);
  }
}

export function cardParts(name: string) {
  const title = make('a', 'title');
  title.href = hashOf(name);
  title.title = name;
  setText(title, name);
  const form = make('span', 'form');
  const save = fileLink(name, 'snapshot.png', 'The newest frame as a picture');
  const files = make(
    'nav',
    'files',
    save,
    fileLink(name, 'frame.npy', "The newest frame's values, for NumPy"),
    fileLink(name, 'figure.json', 'The newest frame as a plotly figure'),
  );
  const plot = make('div', 'plot');
  const why = make('p', 'why');
  const doing = make('p', 'doing');
  why.setAttribute('role', 'status');
  const notice = make('div', 'notice', why, doing);
  const stage = make('div', 'stage', plot, notice);
  const slices = make('div', 'slices');
  const replay = make('div', 'replay');
  const turn = make('button', 'turn');
  turn.type = 'button';
  turn.hidden = true;
  turn.title = "What can be turned at the camera";
  setText(turn, 'Controls');
  const tools = make('div', 'tools');
  const panel = make('section', 'panel');
  panel.hidden = true;
  panel.id = `panel-${name}`;
  panel.setAttribute('aria-label', `Controls of ${name}`);
  turn.setAttribute('aria-controls', panel.id);
  turn.setAttribute('aria-expanded', 'false');
  const badge = make('span', 'badge');
  const reason = make('span', 'reason');
  const rate = make('span', 'number rate');
  const latency = make('span', 'number latency');
  const dropped = make('span', 'number dropped');
  const reduced = make('span', 'number reduced');
  reduced.title = 'The connection takes no more: less size and quality keep it in time';
  rate.title = 'Pictures painted in a second';
  latency.title = 'From the capture of a frame to its painting';
  dropped.title = 'Frames of the stream that were not painted';
  const status = make('footer', 'status', badge, reason, reduced, rate, latency, dropped);
  const head = make('header', '', title, form, files);
  const card = make('article', 'card', head, stage, replay, slices, tools, panel, status);
  card.dataset.stream = name;
  return {
    card, form, files, save, plot, notice, why, doing, stage, replay, slices, tools, turn, panel,
    badge, reason, reduced, rate, latency, dropped,
  };
}
