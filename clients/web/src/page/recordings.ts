/* SPDX-License-Identifier: MIT */
// The shelf of recordings: what there is, with a picture each; rename, download, delete.

import { recordings } from './api.ts';
import { make, setText } from './dom.ts';
import {
  lengthText, markersText, sizeText, sorted, streamsText, type Recording, type Shelf,
} from './recording.ts';

const ASK_MS = 2000;

function isShelf(body: unknown): body is Shelf {
  const shelf = body as Partial<Shelf> | null;
  return Array.isArray(shelf?.recordings) && typeof shelf.folder === 'object';
}

export class Recordings {
  private timer = 0;
  private form = '';
  private readonly folder = make('p', 'folder');
  private readonly fault = make('p', 'fault');
  private readonly list = make('ul', 'shelf');

  constructor(private readonly element: HTMLElement) {
    this.fault.setAttribute('role', 'alert');
    element.append(this.folder, this.fault, this.list);
  }

  /** Asks while it is on screen. */
  setShown(isShown: boolean): void {
    this.element.hidden = !isShown;
    clearTimeout(this.timer);
    if (isShown) void this.load();
  }

  private async load(): Promise<void> {
    clearTimeout(this.timer);
    if (!document.hidden) {
      const { body, fault } = await recordings('GET');
      if (isShelf(body)) this.take(body);
      else setText(this.fault, fault || 'the server knows no recordings');
    }
    clearTimeout(this.timer);
    if (!this.element.hidden) this.timer = window.setTimeout(() => void this.load(), ASK_MS);
  }

  private take(shelf: Shelf): void {
    const { folder } = shelf;
    const free = folder.free_bytes === undefined ? '' : `, ${sizeText(folder.free_bytes)} free`;
    const count = shelf.recordings.length === 1 ? '1 recording' : `${shelf.recordings.length} recordings`;
    setText(this.folder, folder.reason || `${count} in ${folder.path}${free}`);
    // What has not changed keeps its elements, and with them the reader's place and selection.
    const form = JSON.stringify(shelf.recordings);
    if (form === this.form) return;
    this.form = form;
    const items = sorted(shelf.recordings).map((recording) => this.item(recording));
    this.list.replaceChildren(...items);
  }

  private item(recording: Recording): HTMLElement {
    const { name, state } = recording;
    const path = `recordings/${encodeURIComponent(name)}`;
    const image = make('img');
    image.loading = 'lazy';
    image.alt = '';
    if (state === 'finished') image.src = `${path}.jpg`;
    const title = make('h2');
    setText(title, name);
    const facts = make('p', 'facts');
    const when = recording.start_us ? new Date(recording.start_us / 1000).toLocaleString() : '';
    const lasts = recording.start_us ? lengthText(recording.duration_s) : '';
    setText(facts, [when, lasts, sizeText(recording.bytes)].filter(Boolean).join(' · '));
    const more = make('p', 'facts');
    setText(more, recording.reason || [streamsText(recording), markersText(recording)].filter(Boolean).join(' · '));
    const item = make('li', '', image, make('div', 'about', title, facts, more), this.buttons(recording, path));
    item.dataset.recording = name;
    item.dataset.state = state;
    return item;
  }

  private buttons({ name, state }: Recording, path: string): HTMLElement {
    const download = make('a');
    download.href = `${path}.mcap`;
    download.download = `${name}.mcap`;
    setText(download, 'Download');
    if (state === 'recording') return make('div', 'buttons', download);
    const rename = this.button('Rename', () => this.rename(name));
    const remove = this.button('Delete', () => this.remove(name));
    return make('div', 'buttons', download, rename, remove);
  }

  private button(text: string, press: () => Promise<void>): HTMLElement {
    const button = make('button');
    button.type = 'button';
    setText(button, text);
    button.addEventListener('click', () => void press());
    return button;
  }

  private async change(method: string, name: string, body?: object): Promise<void> {
    const { fault } = await recordings(method, `/${encodeURIComponent(name)}`, body);
    setText(this.fault, fault);
    await this.load();
  }

  private async rename(name: string): Promise<void> {
    const to = window.prompt('New name', name)?.trim();
    if (to && to !== name) await this.change('PATCH', name, { name: to });
  }

  private async remove(name: string): Promise<void> {
    if (window.confirm(`Delete the recording ${name}?`)) await this.change('DELETE', name);
  }
}
