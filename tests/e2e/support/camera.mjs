/* SPDX-License-Identifier: MIT */
// Fake cameras (tests/support/fakecam) before a daemon, to be broken and mended while they run.
//
//   const cameras = makeCameras(folder, ['GREY', 'MJPEG']);
//   const daemon = await startDaemon(sourcesOf(cameras), { env: environmentOf(cameras) });
//   cameras[0].break({ fault: 'stall%1' });
//   cameras[0].mend();

import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './daemon.mjs';

/** Sanitizers' runtimes must stand before the camera. */
export function preload() {
  const libraries = execFileSync('ldd', [join(build, 'bin/imshowd')], { encoding: 'utf8' });
  const runtimes = [...libraries.matchAll(/=> (\S*lib[at]san\S*)/g)].map((m) => m[1]);
  return [...runtimes, join(build, 'lib/libfakecam.so')].join(' ');
}

const SIDES = ['fault', 'fail', 'hang'];

class Camera {
  constructor(folder, index, format) {
    this.name = `cam${index}`;
    this.format = format;
    this.device = join(folder, this.name);
    this.mend();
  }

  /** Text of the files beside the device; `unplug`: the device goes. */
  break({ unplug = false, ...sides }) {
    for (const [ending, text] of Object.entries(sides)) {
      // Whole at once: the camera looks at any time.
      writeFileSync(`${this.device}.new`, text);
      renameSync(`${this.device}.new`, `${this.device}.${ending}`);
    }
    if (unplug) rmSync(this.device);
  }

  mend() {
    for (const ending of SIDES) rmSync(`${this.device}.${ending}`, { force: true });
    writeFileSync(this.device, '');
  }
}

export function makeCameras(folder, formats) {
  return formats.map((format, i) => new Camera(folder, i, format));
}

export function sourcesOf(cameras) {
  return cameras.map((camera) => `${camera.name}=v4l2:${camera.device}`);
}

/** Half of them hang, if they are told to, at one call, half at another. */
export function environmentOf(cameras) {
  const own = cameras.map((camera, i) => ({
    [`FAKECAM${i}_FORMATS`]: camera.format,
    [`FAKECAM${i}_HANG`]: i % 2 ? 'STREAMON' : 'S_FMT',
  }));
  return Object.assign(
    {
      LD_PRELOAD: preload(),
      FAKECAM_DEVICE: cameras.map((camera) => camera.device).join(':'),
      FAKECAM_SIZES: '160x120',
      FAKECAM_FPS: '10',
    },
    ...own,
  );
}
