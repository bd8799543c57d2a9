/* SPDX-License-Identifier: MIT */
// Which of the pictures that have arrived is painted next (docs/protocol.md section 5, Order and Pace).

/** The window is two. A peer that sends far more without an acknowledgement is not ours. */
export const MAX_WAITING = 16;

export interface Queued {
  picture: number;
  base: number;
}

/** Takes from the front what is to be painted next; `givenUp` are those before it that a later whole picture
 * replaces. The pictures that change others are never skipped on their own. */
export function takeNext<T extends Queued>(queue: T[]): { next: T | undefined; givenUp: T[] } {
  let whole = 0;
  for (let i = queue.length - 1; i > 0; i -= 1) {
    if (queue[i].base === 0) {
      whole = i;
      break;
    }
  }
  const givenUp = queue.splice(0, whole);
  return { next: queue.shift(), givenUp };
}
