# SPDX-License-Identifier: MIT
"""imshowd under a real systemd, for tests that run as root beside it (tests/systemd, tests/vm/units).

    class Service(ServiceCase):
        def test_something(self):
            self.drop_in('WatchdogSec=1s\\n')
            systemctl('start', 'imshowd.service')
            live('lab')
"""
import json
import shutil
import socket
import subprocess
import unittest
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

from . import viewer
from .daemon import until

CONFIG = Path('/etc/imshowd/imshowd.conf')
DROP_IN = Path('/run/systemd/system/imshowd.service.d/test.conf')
UNITS = ('imshowd.service', 'imshowd.socket', 'imshowd-push.socket')
LAB = '[stream lab]\nsource = test:lab\n'
DAEMON = SimpleNamespace(host='127.0.0.1', port=8080)
WAIT_S = 20


def patience(seconds):
    """How long anything is waited for; 20 s if nothing is said."""
    global WAIT_S
    WAIT_S = viewer.WAIT_S = seconds


def systemctl(*words, check=True):
    done = subprocess.run(['systemctl', '--no-pager', *words], capture_output=True, text=True,
                          timeout=WAIT_S, check=False)
    if check and done.returncode:
        log = subprocess.run(['journalctl', '--no-pager', '-n', '40', '-u', 'imshowd*'],
                             capture_output=True, text=True, check=False)
        raise AssertionError(f'systemctl {words}: {done.stderr}{log.stdout}')
    return done


def show(name, unit='imshowd.service'):
    """The property; of several, by commas, a line each, in systemd's own order."""
    return systemctl('show', '--value', '-p', name, unit).stdout.strip()


def journal():
    return subprocess.run(['journalctl', '--no-pager', '-o', 'cat', '-u', 'imshowd.service'],
                          capture_output=True, text=True, check=True).stdout


def priorities(text):
    """Of the journal's entries that say so, and whether one still stands in the text."""
    done = subprocess.run(['journalctl', '--no-pager', '-o', 'json', '-u', 'imshowd.service'],
                          capture_output=True, text=True, check=True)
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    return {(e['PRIORITY'], '<' in e['MESSAGE']) for e in entries if text in e['MESSAGE']}


def ask(path, unix=None):
    connection = HTTPConnection('localhost', 8080, timeout=WAIT_S)
    if unix:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(unix)
    try:
        connection.request('GET', path)
        return connection.getresponse().read()
    finally:
        connection.close()


def streams(unix=None):
    return {s['name']: s for s in json.loads(ask('/api/v1/streams', unix))['streams']}


def live(name, unix=None):
    """Waits until the stream has frames; fails with its reason."""
    try:
        until(lambda: streams(unix)[name]['state'] == 'live', f'{name} live', WAIT_S)
    except AssertionError as error:
        raise AssertionError(f'{error}: {streams(unix)[name]["reason"]}\n{journal()[-2000:]}') from None


def hear(word, unit='imshowd.service'):
    until(lambda: word in show('StatusText', unit), f'STATUS with {word}', WAIT_S)


class ServiceCase(unittest.TestCase):
    MORE_UNITS = ()

    @classmethod
    def setUpClass(cls):
        for command in ('systemd-sysusers', 'systemd-tmpfiles --create imshowd.conf'):
            subprocess.run(command.split(), check=True, capture_output=True)

    def setUp(self):
        CONFIG.parent.mkdir(exist_ok=True)
        CONFIG.write_text(LAB, encoding='ascii')

    def tearDown(self):
        systemctl('stop', *UNITS, *self.MORE_UNITS)
        if DROP_IN.exists():
            shutil.rmtree(DROP_IN.parent)
            systemctl('daemon-reload')
        systemctl('reset-failed')

    def drop_in(self, text):
        DROP_IN.parent.mkdir(parents=True, exist_ok=True)
        DROP_IN.write_text(f'[Service]\n{text}', encoding='ascii')
        systemctl('daemon-reload')
