/* SPDX-License-Identifier: MIT */
// The address: #/ shows all streams, #/NAME one alone.

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
