/* SPDX-License-Identifier: MIT */
// Whom the daemon takes us for. Where it asks who comes, the page cannot see why its WebSocket is refused: so it
// asks, and goes back to the form when the session is over.

import { setText } from './dom.ts';

const PATIENCE_MS = 10_000;

export interface Session {
  name: string;
  isSession: boolean;
  mayView: boolean;
}

/** null: no answer, or none that is one. */
export function sessionOf(value: unknown): Session | null {
  if (typeof value !== 'object' || value === null) return null;
  const { name, is_session: isSession, may_view: mayView } = value as Record<string, unknown>;
  if (typeof name !== 'string' || typeof isSession !== 'boolean') return null;
  return typeof mayView === 'boolean' ? { name, isSession, mayView } : null;
}

async function ask(): Promise<Session | null> {
  const headers = { Accept: 'application/json' };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch('api/v1/session', { headers, cache: 'no-store', signal });
    return answer.ok ? sessionOf(await answer.json()) : null;
  } catch {
    return null;
  }
}

async function logOut(): Promise<void> {
  try {
    await fetch('logout', { method: 'POST', body: 'log out', redirect: 'manual' });
  } finally {
    location.reload();
  }
}

/** Shows who is logged in, with a way out. */
export async function showSession(button: HTMLElement): Promise<void> {
  const session = await ask();
  button.hidden = !session?.isSession;
  if (!session?.isSession) return;
  setText(button, `Log out ${session.name}`);
  button.addEventListener('click', () => void logOut(), { once: true });
}

/** After the connection has been lost: to the form, if that is why. */
export async function leaveIfOver(): Promise<void> {
  const session = await ask();
  if (session && !session.mayView) location.reload();
}
