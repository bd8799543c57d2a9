/* SPDX-License-Identifier: MIT */
// Recordings for tests, made by the library's own writer (tests/support/recording.c).
//
//   const path = record(folder, 'night', [['stream', 'lab', 40_000, npy(shape, values)], ['marker', 80_000, 'lamp on']]);
//
// The first frame of each stream stands at START_US. Buffers become files.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './daemon.mjs';

export const START_US = 1_700_000_000_000_000;

export function record(folder, name, parts) {
  const path = join(folder, `${name}.mcap`);
  const words = parts.flat().map((word, i) => {
    if (!Buffer.isBuffer(word)) return String(word);
    const file = join(folder, `${name}-${i}.npy`);
    writeFileSync(file, word);
    return file;
  });
  execFileSync(join(build, 'bin/recording'), [path, String(START_US), ...words]);
  return path;
}
