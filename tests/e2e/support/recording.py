# SPDX-License-Identifier: MIT
"""Recordings for tests, made by the library's own writer.

    path = record(f'{self.folder}/night.mcap', stream('lab', stack, every_us=40_000),
                  figure('lab', {'params': {'title': 'A night'}}), marker(100_000, 'lamp on'))

The first frame of each stream stands at START_US, times of figures and markers are counted from it.
"""
import itertools
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from .daemon import BUILD

START_US = 1_700_000_000_000_000
EVERY_US = 40_000


def stream(name, stack, every_us=EVERY_US):
    """Frames along the first axis."""
    def words(folder, number):
        path = f'{folder}/{number}.npy'
        np.save(path, stack)
        return ['stream', name, every_us, path]
    return words


def repeat(name, array, count, every_us=EVERY_US):
    """One frame so many times."""
    def words(folder, number):
        path = f'{folder}/{number}.npy'
        np.save(path, array)
        return ['repeat', name, every_us, count, path]
    return words


def jpegs(name, width, height, pictures, every_us=EVERY_US):
    """A camera's stream of MJPEG, of bytes."""
    def words(folder, number):
        paths = [f'{folder}/{number}-{i}.jpg' for i in range(len(pictures))]
        for path, data in zip(paths, pictures):
            Path(path).write_bytes(data)
        return ['jpeg', name, every_us, width, height, *paths]
    return words


def figure(name, recipe, us=0):
    def words(folder, number):
        path = Path(f'{folder}/{number}.json')
        path.write_text(json.dumps(recipe), encoding='utf-8')
        return ['figure', name, us, path]
    return words


def marker(us, text):
    return lambda folder, number: ['marker', us, text]


def record(path, *parts, start_us=START_US):
    with tempfile.TemporaryDirectory() as folder:
        words = itertools.chain(*(part(folder, i) for i, part in enumerate(parts)))
        command = [BUILD / 'bin/recording', path, start_us, *words]
        subprocess.run([str(word) for word in command], check=True)
    return str(path)
