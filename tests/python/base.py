# SPDX-License-Identifier: MIT
"""What the tests of the Python client share: the package as it lies here, and a daemon with all its doors.

    class Live(ClientCase):
        def test_something(self):
            live = self.imshow(array, name='a')     # at the class's daemon, closed with the test
            self.read('a').values
"""
import shutil
import socket
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / 'clients/python'
sys.path[:0] = [str(PACKAGE), str(ROOT / 'tests/e2e')]

import imshowd  # noqa: E402
from support.daemon import WAIT_S, Daemon, DaemonCase  # noqa: E402


def free_port():
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


class ClientCase(DaemonCase):
    """One daemon a class; self.unix, self.tcp, self.web are its addresses."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix='imshowd-')
        cls.addClassCleanup(shutil.rmtree, folder)
        port = free_port()
        cls.unix, cls.tcp = f'unix:{folder}/push', f'tcp:127.0.0.1:{port}'
        cls.daemon = Daemon('--push-unix', cls.unix[5:], '--push-tcp', cls.tcp[4:], 'lab=test:lab')
        cls.addClassCleanup(cls.daemon.stop)
        cls.web = cls.daemon.url

    def imshow(self, *args, server=None, on_error='raise', **keys):
        live = imshowd.imshow(*args, server=server or self.unix, on_error=on_error, timeout=WAIT_S, **keys)
        self.addCleanup(live.close)
        return live

    def read(self, name):
        return imshowd.read(name, self.web, timeout=WAIT_S)
