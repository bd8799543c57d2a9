/* SPDX-License-Identifier: MIT */
// The record button of a card: starts and stops, marks the moment, and tells how it goes.

import type { StreamRecording } from '../wire/message.ts';
import { recordings } from './api.ts';
import { make, setText } from './dom.ts';
import { sessionText, type Session } from './recording.ts';

const ASK_MS = 1000;
const FAULT_MS = 8000;

export class RecordButton {
  private readonly button = make('button', 'record');
  private readonly mark = make('button', 'mark');
  private readonly text = make('span', 'recorded');
  private now: StreamRecording | null = null;
  private timer = 0;
  private faultTimer = 0;
  private isBusy = false;

  constructor(
    element: HTMLElement,
    private readonly stream: string,
  ) {
    const { button, mark, text } = this;
    button.type = mark.type = 'button';
    text.setAttribute('role', 'status');
    mark.title = 'Put a marker into the recording, now';
    setText(mark, 'Mark');
    button.addEventListener('click', () => void this.press());
    mark.addEventListener('click', () => void this.putMarker());
    element.append(make('span', 'recorder', button, mark, text));
    this.show(undefined);
  }

  /** What the daemon's list says of this stream. */
  show(list: StreamRecording[] | undefined): void {
    const now = list?.find(({ state }) => state !== 'finishing' && state !== 'done') ?? null;
    const isOther = now?.name !== this.now?.name;
    this.now = now;
    const { button, mark, text } = this;
    button.setAttribute('aria-pressed', String(now !== null));
    button.dataset.recording = now?.state ?? '';
    button.title = now ? `Stop ${now.name}` : 'Record this stream';
    setText(button, now ? 'Stop' : 'Record');
    mark.hidden = now === null;
    if (now) this.ask(isOther ? 0 : ASK_MS);
    else if (!this.faultTimer) setText(text, '');
  }

  destroy(): void {
    clearTimeout(this.timer);
    clearTimeout(this.faultTimer);
    this.timer = -1;
  }

  private fail(fault: string): void {
    clearTimeout(this.faultTimer);
    setText(this.text, fault);
    this.faultTimer = window.setTimeout(() => {
      this.faultTimer = 0;
      if (!this.now) setText(this.text, '');
    }, FAULT_MS);
  }

  private path(end = ''): string {
    return `/${encodeURIComponent(this.now?.name ?? '')}${end}`;
  }

  private async press(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    const { fault } = this.now
      ? await recordings('POST', this.path('/stop'), {})
      : await recordings('POST', '', { streams: [this.stream] });
    this.isBusy = false;
    if (fault) this.fail(fault);
  }

  private async putMarker(): Promise<void> {
    const text = window.prompt('Marker');
    if (!text || !this.now) return;
    const { fault } = await recordings('POST', this.path('/marker'), { text });
    if (fault) this.fail(fault);
  }

  /** Seconds and bytes are no news that the daemon sends by itself. */
  private ask(ms: number): void {
    if (this.timer) return;
    this.timer = window.setTimeout(async () => {
      const { body } = document.hidden ? { body: null } : await recordings('GET', this.path());
      if (this.timer < 0) return;
      this.timer = 0;
      const session = (body as { session?: Session | null } | null)?.session;
      if (session && this.now && !this.faultTimer) setText(this.text, sessionText(session));
      if (this.now) this.ask(ASK_MS);
    }, ms);
  }
}
