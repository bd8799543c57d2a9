# SPDX-License-Identifier: MIT
"""Points, as they come from an event camera or a time-to-digital converter: the daemon counts them.

    python3 scatter.py [BATCHES]
"""
import sys

import numpy as np

import imshowd


def main(batches=100):
    random = np.random.default_rng(7)
    with imshowd.points([], [], x_range=(-4, 4), y_range=(-4, 4), width=256, height=256, name='events',
                        labels={'x': 'delay (ns)', 'y': 'energy (keV)', 'color': 'events'},
                        pace='wait') as events:
        print(events.url)
        for step in range(batches):
            angle = step / 20
            events.add(random.normal(np.cos(angle), 0.5, 10000), random.normal(np.sin(angle), 0.5, 10000))
        print(events.sent, 'points')


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
