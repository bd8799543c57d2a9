# SPDX-License-Identifier: MIT
"""What passes between systemd and the daemon, with the test in systemd's place: sockets that listen already,
readiness, signs of life. tests/systemd has the real one."""
import os
import signal
import socket
import subprocess
import tempfile
import unittest
from http.client import HTTPConnection
from pathlib import Path

from support.camera import Camera
from support.config import Config
from support.daemon import ALARMS, WAIT_S, DaemonCase, die_with_parent, program
from support.pusher import Pusher


class Service:
    """The daemon as systemd starts it."""

    def __init__(self, case, *args, sockets=(), watchdog_s=None, env=None):
        folder = tempfile.mkdtemp(prefix='imshowd-', dir=case.folder)
        self.ears = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ears.settimeout(WAIT_S)
        self.ears.bind(f'{folder}/notify')
        env = {**os.environ, 'NOTIFY_SOCKET': f'{folder}/notify', **(env or {})}
        if watchdog_s:
            env['WATCHDOG_USEC'] = str(int(watchdog_s * 1e6))
        if sockets:
            env['LISTEN_FDS'] = str(len(sockets))
            env['LISTEN_FDNAMES'] = ':'.join(name for name, _ in sockets)
        self.log = tempfile.TemporaryFile()
        # The shell gives its own number, which is the daemon's then, and puts the sockets in their places.
        moves = ''.join(f' {3 + i}<&{s.fileno()}' for i, (_, s) in enumerate(sockets))
        self.process = subprocess.Popen(
            ['bash', '-c', f'LISTEN_PID=$$ exec "$0" "$@"{moves}', program(), '--state-dir', folder,
             *(() if '--config' in args else ('--config', '/dev/null')), *map(str, args)],
            env=env, pass_fds=[s.fileno() for _, s in sockets], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
        case.addCleanup(self.end)

    def told(self, what):
        """The first message from now on that holds it."""
        while True:
            text = self.ears.recv(4096).decode()
            if what in text:
                return text

    def text(self):
        self.log.seek(0)
        return self.log.read().decode(errors='replace')

    def end(self, code=0):
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            ended = self.process.wait(WAIT_S)
            text = self.text()
            assert ended == code and not ALARMS.search(text), f"{ended}: {text}"
        self.ears.close()
        self.log.close()


def listening(case, path=None):
    s = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    s.bind(path or ('127.0.0.1', 0))
    s.listen()
    case.addCleanup(s.close)
    return s


class Systemd(DaemonCase):
    def ask(self, port, path='/healthz'):
        connection = HTTPConnection('127.0.0.1', port, timeout=WAIT_S)
        try:
            connection.request('GET', path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def test_it_serves_on_the_sockets_that_it_is_handed_and_leaves_their_files(self):
        http, push = f'{self.folder}/http', f'{self.folder}/push'
        tcp = listening(self)
        service = Service(self, '--port', 1, 'lab=test:lab', sockets=(
            ('http', tcp), ('http', listening(self, http)), ('push', listening(self, push))))
        service.told('READY=1')
        self.assertEqual(self.ask(tcp.getsockname()[1]), b'ok\n')
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(http)
            s.sendall(b'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
            with s.makefile('rb') as file:
                self.assertTrue(file.read().endswith(b'ok\n'))
        Pusher(self, push, 'pushed')
        self.assertIn(b'"pushed"', self.ask(tcp.getsockname()[1], '/api/v1/streams'))
        service.end()
        self.assertTrue(Path(http).exists() and Path(push).exists())

    def test_a_socket_that_others_reach_is_refused(self):
        with socket.socket() as s:
            s.bind(('0.0.0.0', 0))
            s.listen()
            service = Service(self, 'lab=test:lab', sockets=(('http', s),))
            self.assertEqual(service.process.wait(WAIT_S), 1)
            self.assertIn('--insecure', service.text())
            service = Service(self, '--insecure', 'lab=test:lab', sockets=(('http', s),))
            service.told('READY=1')
            self.assertEqual(self.ask(s.getsockname()[1]), b'ok\n')

    def test_what_is_no_socket_is_refused(self):
        with socket.socket() as deaf:
            service = Service(self, 'lab=test:lab', sockets=(('http', deaf),))
            self.assertEqual(service.process.wait(WAIT_S), 1)
            self.assertIn('no socket that listens', service.text())

    def test_it_is_ready_before_any_camera_and_says_what_goes_on(self):
        camera = Camera(self.folder, plugged=False)
        service = Service(self, '--port', 0, camera.source('cam'), 'lab=test:lab', watchdog_s=2,
                          env=camera.env())
        service.told('READY=1')
        service.told('STATUS=2 streams')
        service.told('2 streams, 1 live, 0 viewers')
        for _ in range(3):
            service.told('WATCHDOG=1')
        service.process.send_signal(signal.SIGTERM)
        service.told('STOPPING=1')
        self.assertEqual(service.process.wait(WAIT_S), 0)  # a second SIGTERM would end it at once

    def test_signs_of_life_stop_with_the_loop(self):
        service = Service(self, '--port', 0, 'lab=test:lab', watchdog_s=1)
        service.told('WATCHDOG=1')
        service.process.send_signal(signal.SIGSTOP)
        os.waitpid(service.process.pid, os.WUNTRACED)
        service.ears.settimeout(0)
        with self.assertRaises(BlockingIOError):  # what was sent before, and then nothing
            while True:
                service.told('')
        service.ears.settimeout(WAIT_S)
        service.process.send_signal(signal.SIGCONT)
        service.told('WATCHDOG=1')

    def test_a_reload_is_told_at_its_beginning_and_end(self):
        config = Config(self.folder, '[stream lab]\nsource = test:lab\n')
        service = Service(self, '--config', config.path, '--port', 0)
        service.told('READY=1')
        for text in ('[stream lab]\nsource = test:bars\n', 'nonsense'):
            config.write(text)
            service.process.send_signal(signal.SIGHUP)
            self.assertIn('MONOTONIC_USEC=', service.told('RELOADING=1'))
            service.told('READY=1')

    def test_a_wrong_configuration_is_never_ready(self):
        config = Config(self.folder, 'nonsense')
        service = Service(self, '--config', config.path)
        self.assertEqual(service.process.wait(WAIT_S), 78)
        service.ears.settimeout(0)
        self.assertRaises(BlockingIOError, service.ears.recv, 4096)


if __name__ == '__main__':
    unittest.main()
