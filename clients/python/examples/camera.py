# SPDX-License-Identifier: MIT
"""A camera loop with numpy: 16-bit counts, with what each frame was taken with under the pointer.

    python3 camera.py [FRAMES]
"""
import sys
import time

import numpy as np

import imshowd


def expose(step):
    """A spot that wanders, and noise: put your camera here."""
    rows, columns = np.mgrid[:480, :640]
    spot = np.exp(-((rows - 240 - 90 * np.sin(step / 15)) ** 2 + (columns - 4 * step % 640) ** 2) / 900)
    return np.random.default_rng(step).poisson(20 + 3000 * spot).astype('u2')


def main(frames=300):
    with imshowd.imshow(expose(0), zmin=0, labels={'color': 'counts'}, title='Detector',
                        color_continuous_scale='Inferno', name='detector') as live:
        print(live.url)
        for step in range(1, frames):
            live.update(expose(step), time=time.time(), meta={'exposure_ms': 10, 'step': step})
        live.wait()
        print(live.sent, 'sent,', live.dropped, 'left out')


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
