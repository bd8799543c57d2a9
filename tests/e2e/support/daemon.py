# SPDX-License-Identifier: MIT
"""The real daemon on a free port, and a test case that starts it.

    class Flow(DaemonCase):
        SOURCES = ('lab=test:lab',)          # one daemon for all tests of the class: self.daemon

        def test_something(self):
            own = self.start('--push-unix', f'{self.folder}/push')   # one more, for this test alone

The program is IMSHOWD_BUILD/bin/imshowd, build/asan/bin/imshowd by default. A daemon must end with code 0
after SIGTERM, say nothing of a sanitizer, and close its loop clean.
"""
import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get('IMSHOWD_BUILD') or ROOT / 'build/asan')
WAIT_S = 180
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
ALARMS = re.compile(r'(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:'
                    r'|did not close clean')


def die_with_parent():
    """In the child: a runner that is killed leaves no daemon behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def program(build=BUILD):
    return str(Path(build) / 'bin/imshowd')


def sanitizer_runtimes(build=BUILD):
    """The runtimes that must stand first in LD_PRELOAD."""
    text = subprocess.run(['ldd', program(build)], capture_output=True, text=True, check=True).stdout
    return re.findall(r'=> (\S*lib[at]san\S*)', text)


def is_sanitized(build=BUILD):
    return bool(sanitizer_runtimes(build))


def until(ask, what, seconds=WAIT_S):
    """Asks again until the answer is true: for counters, which nothing announces."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not (answer := ask()):
        if time.monotonic() > end:
            raise AssertionError(f'never within {seconds} s: {what}')
        pause.wait(0.02)
    return answer


class Answer:
    """What HTTP gave: status, headers by lower-case name, body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Daemon:
    def __init__(self, *args, build=BUILD, env=None, port=0, prefix=(), stderr=subprocess.STDOUT):
        self.state = tempfile.mkdtemp(prefix='imshowd-state-')
        command = [*prefix, program(build), '--port', str(port), '--state-dir', self.state,
                   '--config', '/dev/null', *map(str, args)]
        self.log = ''
        self.changed = threading.Condition()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
            text=True, errors='replace', env={**os.environ, **(env or {})},
            preexec_fn=die_with_parent)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            found = self.logged(r'listening on (https?://(\S+):(\d+))')
        except BaseException:
            self.kill()
            raise
        self.url, self.host, self.port = found[1], found[2].strip('[]'), int(found[3])

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.log += line
                self.changed.notify_all()
        with self.changed:
            self.log += '\0'  # the end: nobody waits any longer
            self.changed.notify_all()

    def logged(self, pattern):
        """Waits for a line of the log; fails when the daemon ends before."""
        with self.changed:
            self.changed.wait_for(lambda: re.search(pattern, self.log) or '\0' in self.log, WAIT_S)
            found = re.search(pattern, self.log)
        if not found:
            raise AssertionError(f'imshowd never said {pattern}:\n{self.log}')
        return found

    def connection(self):
        return HTTPConnection(self.host, self.port, timeout=WAIT_S)

    def http(self, method, path, headers=None, body=None):
        connection = self.connection()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.http('GET', path, {k.replace('_', '-'): v for k, v in headers.items()})

    def stream(self, name):
        """The stream's map, as /api has it."""
        return self.get(f'/api/v1/streams/{name}').json()

    def rss_kb(self):
        text = Path(f'/proc/{self.process.pid}/status').read_text(encoding='ascii')
        return int(re.search(r'VmRSS:\s+(\d+) kB', text)[1])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._finish()

    def _finish(self):
        self.reader.join()
        self.process.stdout.close()
        shutil.rmtree(self.state, ignore_errors=True)

    def stop(self):
        """Ends it as systemd does, and holds it to a clean end."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f'imshowd does not end:\n{self.log}') from None
        self._finish()
        if code != 0 or ALARMS.search(self.log):
            raise AssertionError(f'imshowd ended with {code}:\n{self.log}')


class DaemonCase(unittest.TestCase):
    SOURCES = None  # options and sources of the class's daemon; None: it has none
    daemon = None
    push_path = None

    @classmethod
    def setUpClass(cls):
        if cls.SOURCES is None:
            return
        folder = tempfile.mkdtemp(prefix='imshowd-')
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.push_path = f'{folder}/push'
        cls.daemon = Daemon('--push-unix', cls.push_path, *cls.SOURCES)
        cls.addClassCleanup(cls.daemon.stop)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='imshowd-')
        self.addCleanup(shutil.rmtree, self.folder)

    def start(self, *args, **keys):
        daemon = Daemon(*args, **keys)
        self.addCleanup(self.end, daemon)
        return daemon

    @staticmethod
    def end(daemon):
        """Stops it, unless the test has done so."""
        if daemon.process.returncode is None:
            daemon.stop()
