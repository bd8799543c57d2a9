/* SPDX-License-Identifier: MIT */
// The daemon's HTTP interface, as far as the page uses it.

import { controlsOf, type Control } from './control.ts';

/** A driver may hang; nobody looks at a slider for longer. */
const PATIENCE_MS = 15_000;

export interface Answer {
  /** null: there was no list. */
  controls: Control[] | null;
  /** '': all went well. */
  fault: string;
}

async function ask(stream: string, request: RequestInit): Promise<Answer> {
  const path = `api/v1/streams/${encodeURIComponent(stream)}/controls`;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { Accept: 'application/json', ...request.headers };
    const answer = await fetch(path, { ...request, headers, cache: 'no-store', signal });
    const body: unknown = await answer.json();
    if (answer.ok) return { controls: controlsOf(body), fault: '' };
    const text = (body as { error?: unknown } | null)?.error;
    const fault = typeof text === 'string' ? text : `the server answered ${answer.status}`;
    return { controls: null, fault };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    return { controls: null, fault: isLate ? 'the camera does not answer' : 'no connection' };
  }
}

export function askControls(stream: string): Promise<Answer> {
  return ask(stream, { method: 'GET' });
}

export function turnControls(stream: string, changes: object): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json' };
  return ask(stream, { method: 'PATCH', headers, body: JSON.stringify(changes) });
}
