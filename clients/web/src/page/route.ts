/* SPDX-License-Identifier: MIT */
// The address: #/ shows all streams, #/NAME one alone, #/~recordings what was recorded. No stream's name begins with ~.

export const RECORDINGS_HASH = '#/~recordings';

export function focusOf(hash: string): string | null {
  const name = hash.replace(/^#\/?/, '');
  if (!name) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function hashOf(name: string): string {
  return `#/${encodeURIComponent(name)}`;
}
