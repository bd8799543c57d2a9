/* SPDX-License-Identifier: MIT */
// Deadlines. They tell a test that hangs from one that waits for a busy machine; a machine that is only slow
// must not reach them.
//
//   await within(WAIT_MS, promise, 'imshowd ends');

export const WAIT_MS = 180_000;

export function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`never within ${ms} ms: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
