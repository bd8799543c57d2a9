/* SPDX-License-Identifier: MIT */
// Values under the pointer: of a raw picture from its own items, else from the server. What came with a frame
// (meta) is only on the server, which is then asked once a frame.

import type { Picked, ToPage } from '../shared/port.ts';
import type { ClientMessage } from '../wire/message.ts';
import type { View } from './view.ts';

/** Questions that the server has not answered; the pointer asks anew anyway. */
const MAX_ASKED = 64;

interface Question {
  request: number;
  x: number;
  y: number;
}

type PickedValue = Extract<Picked, { kind: 'value' }>;

interface Asked {
  /** The page's; 0: it has its answer, and only the meta is not known yet. */
  request: number;
  view: View;
  seq: number;
  /** From the picture at hand, for when the server keeps the frame no longer. */
  own: PickedValue | undefined;
}

export interface Link {
  nextRequest(): number;
  send(message: ClientMessage): boolean;
}

export class Picks {
  private readonly asked = new Map<number, Asked>();

  constructor(private readonly post: (message: ToPage) => void) {}

  pick(view: View | undefined, link: Link | null, { request, x, y }: Question): void {
    const own = view && ownValue(view, x, y);
    const known = view?.known;
    const isKnown = own !== undefined && known?.seq === own.seq;
    // Frames as a rule have meta all or none: where the last one had none, nobody waits for the next one's.
    const isWaiting = !own || !known || (known.meta !== undefined && !isKnown);
    if (own && !isWaiting) this.reply(request, isKnown ? { ...own, meta: known.meta } : own);
    if (isKnown || this.ask(view, link, { request: isWaiting ? request : 0, x, y }, own)) return;
    if (isWaiting) this.reply(request, own ?? { kind: 'none', reason: 'not connected' });
  }

  answered(request: number, picked: Picked): void {
    const asked = this.take(request);
    if (!asked) return;
    const { view, seq, own } = asked;
    view.known = { seq, meta: picked.kind === 'value' ? picked.meta : undefined };
    this.reply(asked.request, picked.kind === 'value' ? picked : (own ?? picked));
  }

  /** False: the request was none of these. */
  refused(request: number, reason: string): boolean {
    const asked = this.take(request);
    if (asked) this.reply(asked.request, asked.own ?? { kind: 'none', reason });
    return asked !== undefined;
  }

  refuseAll(reason: string): void {
    for (const request of [...this.asked.keys()]) this.refused(request, reason);
  }

  private ask(
    view: View | undefined,
    link: Link | null,
    { request, x, y }: Question,
    own: PickedValue | undefined,
  ): boolean {
    const onScreen = view?.onScreen();
    if (!view || !link || !onScreen || this.asked.size >= MAX_ASKED) return false;
    const number = link.nextRequest();
    if (!link.send({ type: 'hover', request: number, ...onScreen, x, y })) return false;
    this.asked.set(number, { request, view, seq: onScreen.seq, own });
    return true;
  }

  private take(request: number): Asked | undefined {
    const asked = this.asked.get(request);
    this.asked.delete(request);
    return asked;
  }

  private reply(request: number, picked: Picked): void {
    if (request !== 0) this.post({ op: 'picked', request, picked });
  }
}

function ownValue(view: View, x: number, y: number): PickedValue | undefined {
  const value = view.surface.pick(x, y);
  if (value === undefined) return undefined;
  return { kind: 'value', seq: view.stats().seq, x, y, value };
}
