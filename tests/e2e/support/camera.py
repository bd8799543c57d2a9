# SPDX-License-Identifier: MIT
"""The fake camera of tests/support/fakecam, before a daemon.

    camera = Camera(self.folder, formats='YUYV', sizes='1280x720')
    daemon = self.start(camera.source('cam'), env=camera.env())
    camera.unplug(), camera.plug()

    cameras = Cameras(self.folder, sizes='64x48')                   # several, at most 16
    cameras.add('lens', formats='NV12')
    daemon = self.start(*cameras.sources(), env=cameras.env())
"""
from pathlib import Path

from .daemon import BUILD, sanitizer_runtimes


class Camera:
    def __init__(self, folder, plugged=True, **settings):
        """`settings` are the FAKECAM_ variables in lower case."""
        self.device = Path(folder) / 'video7'
        self.settings = settings
        if plugged:
            self.plug()

    def plug(self):
        self.device.touch()

    def unplug(self):
        self.device.unlink()

    def source(self, name):
        return f'{name}=v4l2:{self.device}'

    def env(self, build=BUILD):
        variables = {f'FAKECAM_{k.upper()}': str(v) for k, v in self.settings.items()}
        # The library itself is never sanitized: that of the tests' build serves every other.
        preload = [*sanitizer_runtimes(build), str(BUILD / 'lib/libfakecam.so')]
        return {'FAKECAM_DEVICE': str(self.device), 'LD_PRELOAD': ' '.join(preload), **variables}


class Cameras:
    def __init__(self, folder, **settings):
        """`settings` are those of all, as a Camera's."""
        self.folder = Path(folder)
        self.settings = settings
        self.own = {}

    def add(self, name, **settings):
        """Settings in the case in which the fake camera has them: names of formats are its own."""
        self.own[name] = settings
        self.device(name).touch()

    def device(self, name):
        return self.folder / f'video-{name}'

    def sources(self):
        return [f'{name}=v4l2:{self.device(name)}' for name in self.own]

    def env(self, build=BUILD):
        first = Camera(self.folder, plugged=False, **self.settings).env(build)
        each = {f'FAKECAM{i}_{k if k.isupper() else k.upper()}': str(v)
                for i, settings in enumerate(self.own.values()) for k, v in settings.items()}
        return {**first, **each, 'FAKECAM_DEVICE': ':'.join(str(self.device(n)) for n in self.own)}


def bits_of(luma, width):
    """The 16 bits of the sequence number that the fake camera draws across rows 0 to 15."""
    bits = 0
    for i in range(16):
        x = (2 * i + 1) * width // 32
        bits = bits << 1 | (luma[8][x] > 125)
    return bits


def y16(x, y, sequence):
    return (7 * x + 131 * y + 1009 * sequence) & 0xffff
