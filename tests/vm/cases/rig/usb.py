# SPDX-License-Identifier: MIT
"""USB cameras for the real uvcvideo driver, by tests/vm/usbcam.

    camera = UsbCamera(self, footage)            # plugged in; pulled out when the test ends
    daemon = self.start(camera.source('cam'))
    camera.unplug()
    again = UsbCamera(self, footage)
"""
import io
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image
from support.daemon import BUILD, die_with_parent, until

from .system import run

DRIVER = '/sys/bus/usb/drivers/uvcvideo'
NODES = Path('/sys/class/video4linux')
WIDTH, HEIGHT = 640, 480
PORTS = range(8)
used = set()


def jpegs(count=5):
    """Pictures that differ, as a camera's bytes."""
    made = []
    for i in range(count):
        pixels = np.zeros((HEIGHT, WIDTH, 3), 'u1')
        pixels[:, i * WIDTH // count:(i + 1) * WIDTH // count] = (255, 128, 40 * i)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, 'JPEG', quality=80)
        made.append(file.getvalue())
    return made


def uvc_load():
    if not os.path.isdir(DRIVER):
        run('modprobe', '-a', 'vhci-hcd', 'uvcvideo')


def capture_node(serial):
    """/dev/videoN of the camera; its other node carries metadata."""
    for node in sorted(NODES.iterdir()):
        try:
            usb = (node / 'device').resolve().parent
            if ((usb / 'serial').read_text().strip() == serial
                    and (node / 'index').read_text().strip() == '0'):
                return f'/dev/{node.name}'
        except OSError:  # not of USB, or going just now
            continue
    return None


class UsbCamera:
    def __init__(self, case, footage, *faults, serial='one'):
        uvc_load()
        path = Path(case.folder) / f'{serial}.mjpg'
        path.write_bytes(b''.join(footage))
        self.port = next(p for p in PORTS if p not in used)
        used.add(self.port)
        self.process = subprocess.Popen(
            [f'{BUILD}/bin/usbcam', str(self.port), serial, str(path), *faults],
            preexec_fn=die_with_parent)
        case.addCleanup(self.unplug)
        self.device = until(lambda: self.alive() and capture_node(serial), 'the camera\'s device')
        until(lambda: os.path.exists(self.device), self.device)
        self.serial = serial

    def alive(self):
        assert self.process.poll() is None, f'usbcam ended with {self.process.returncode}'
        return True

    def source(self, name):
        return f'{name}=v4l2:{self.device}'

    def wait_end(self):
        """Until a fault has pulled it out."""
        self.process.wait(60)
        self._free()

    def unplug(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.wait_end()

    def _free(self):
        """A port may be used again when the kernel has let go of it."""
        if self.port in used:
            until(lambda: self._is_free(), f'port {self.port} free')
            used.remove(self.port)

    def _is_free(self):
        status = Path('/sys/devices/platform/vhci_hcd.0/status').read_text(encoding='ascii')
        rows = [line.split() for line in status.splitlines()]
        return any(row[0] == 'hs' and int(row[1]) == self.port and row[2] == '004' for row in rows)
