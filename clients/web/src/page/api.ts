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

interface Reply {
  /** Parsed JSON; null: none came. */
  body: unknown;
  /** '': all went well. */
  fault: string;
}

/** `silent`: who it is that does not answer. */
async function call(path: string, request: RequestInit, silent: string): Promise<Reply> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { Accept: 'application/json', ...request.headers };
    const answer = await fetch(path, { ...request, headers, cache: 'no-store', signal });
    const body: unknown = await answer.json();
    if (answer.ok) return { body, fault: '' };
    const text = (body as { error?: unknown } | null)?.error;
    return { body: null, fault: typeof text === 'string' ? text : `the server answered ${answer.status}` };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    return { body: null, fault: isLate ? `${silent} does not answer` : 'no connection' };
  }
}

async function ask(stream: string, request: RequestInit): Promise<Answer> {
  const path = `api/v1/streams/${encodeURIComponent(stream)}/controls`;
  const { body, fault } = await call(path, request, 'the camera');
  return fault ? { controls: null, fault } : { controls: controlsOf(body), fault: '' };
}

/** What the daemon says of recordings; `path` is what follows their own. */
export function recordings(method: string, path = '', body?: object): Promise<Reply> {
  const headers = { 'Content-Type': 'application/json' };
  const request = body ? { method, headers, body: JSON.stringify(body) } : { method };
  return call(`api/v1/recordings${path}`, request, 'the disk');
}

export function askControls(stream: string): Promise<Answer> {
  return ask(stream, { method: 'GET' });
}

export function turnControls(stream: string, changes: object): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json' };
  return ask(stream, { method: 'PATCH', headers, body: JSON.stringify(changes) });
}
