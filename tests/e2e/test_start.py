# SPDX-License-Identifier: MIT
"""Options, and what the daemon says when it cannot start."""
import json
import socket
import subprocess
import unittest
from pathlib import Path

from support.daemon import ALARMS, WAIT_S, Daemon, DaemonCase, program, until
from support.pusher import Pusher


class Start(DaemonCase):
    def run_once(self, *args):
        done = subprocess.run([program(), *map(str, args)], capture_output=True, text=True,
                              timeout=WAIT_S, check=False)
        self.assertIsNone(ALARMS.search(done.stdout + done.stderr), done.stderr)
        return done

    def refused(self, code, *args):
        """It ends with the code and one line."""
        done = self.run_once(*args)
        lines = [line for line in done.stderr.splitlines() if line.startswith('imshowd: ')]
        self.assertEqual((done.returncode, len(lines), done.stdout), (code, 1, ''), done)
        return lines[0]

    def test_help_and_version_end_with_zero(self):
        for option in ('--help', '-h'):
            done = self.run_once(option)
            self.assertEqual((done.returncode, done.stderr), (0, ''))
            for word in ('--port', '--push-unix', '--insecure', 'v4l2:', 'test:'):
                self.assertIn(word, done.stdout)
        done = self.run_once('--version')
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r'^imshowd \d+\.\d+\.\d+\nwith: tls recording page\n$')

    def test_a_port_in_use_ends_with_one_line_and_the_remedy(self):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            port = taken.getsockname()[1]
            line = self.refused(1, '--port', port, 'test:lab')
        self.assertIn(str(port), line)
        self.assertIn('--port', line)

    def test_other_addresses_are_refused_unless_insecure_is_said(self):
        for host in ('0.0.0.0', '::', '192.0.2.1'):
            self.assertIn('--insecure', self.refused(1, '--host', host, '--port', 0))

    def test_insecure_listens_everywhere(self):
        daemon = self.start('--host', '0.0.0.0', '--insecure', 'test:lab')
        daemon.host = '127.0.0.1'
        self.assertEqual(daemon.get('/healthz').body, b'ok\n')

    def test_an_address_that_is_not_here_is_an_error(self):
        self.refused(1, '--host', '192.0.2.1', '--insecure', '--port', 0)
        self.refused(1, '--host', 'no such host', '--insecure', '--port', 0)

    def test_ipv6_loopback_works(self):
        daemon = self.start('--host', '::1', 'test:lab')
        self.assertIn('[::1]', daemon.url)
        self.assertEqual(daemon.get('/healthz').body, b'ok\n')

    def test_an_unknown_option_names_the_nearest(self):
        for option, nearest in (('--prot', '--port'), ('--push-unx', '--push-unix'),
                                ('--insecur', '--insecure'), ('--quallity=3', '--quality')):
            self.assertIn(nearest, self.refused(2, option))
        self.refused(2, '-Z')

    def test_bad_values_name_their_option(self):
        for args in (('--port', '70000'), ('--port', 'x'), ('--port', '-1'), ('--quality', '0'),
                     ('--resolution', '12'), ('--workers', '0'), ('--log-level', 'loud'),
                     ('--format', 'MJ'), ('--buffers', '99')):
            self.assertIn(args[0], self.refused(2, *args))
        self.assertIn('value', self.refused(2, '--port'))
        self.refused(2, '--insecure=yes')

    def test_a_bad_source_ends_with_two(self):
        for source in ('nothing', 'v4l2:video0', 'test:nothing', 'x=', ''):
            with self.subTest(source=source):
                self.refused(2, '--port', '0', source)

    def test_a_name_that_no_path_may_hold_is_refused(self):
        for name in ('a b', '', '../x', 'x' * 65, '-x'):
            with self.subTest(name=name):
                self.assertIn('name', self.refused(2, '--port', '0', '--', f'{name}=test:lab'))

    def test_a_name_given_twice_is_refused(self):
        self.assertIn('lab', self.refused(1, '--port', '0', 'lab=test:lab', 'lab=test:thermal'))

    def test_a_push_path_that_is_a_file_is_left_alone(self):
        path = Path(self.folder) / 'file'
        path.write_text('mine', encoding='ascii')
        self.assertIn(str(path), self.refused(1, '--port', '0', '--push-unix', path))
        self.assertEqual(path.read_text(encoding='ascii'), 'mine')

    def test_a_push_path_that_another_daemon_has_is_refused(self):
        path = f'{self.folder}/push'
        daemon = self.start('--push-unix', path)
        self.refused(1, '--port', '0', '--push-unix', path)
        Pusher(self, path, 'still')
        self.assertEqual(daemon.stream('still')['state'], 'waiting')

    def test_a_push_path_that_is_too_long_or_nowhere_is_refused(self):
        self.refused(1, '--port', '0', '--push-unix', '/tmp/' + 'x' * 200)
        self.refused(1, '--port', '0', '--push-unix', f'{self.folder}/no/such/folder')

    def test_the_push_socket_of_a_daemon_that_was_killed_is_taken_over(self):
        path = f'{self.folder}/push'
        Daemon('--push-unix', path).kill()
        self.assertTrue(Path(path).exists())
        daemon = self.start('--push-unix', path)
        Pusher(self, path, 'again')
        daemon.stop()
        self.assertFalse(Path(path).exists(), 'a clean end removes the socket')

    def test_http_on_a_unix_socket(self):
        path = f'{self.folder}/http'
        process = subprocess.Popen([program(), '--unix', path, 'test:lab'], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            self.assertIn(f'unix:{path}', process.stdout.readline())
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                s.sendall(b'GET /api/v1/streams HTTP/1.1\r\nHost: localhost\r\n'
                          b'Connection: close\r\n\r\n')
                with s.makefile('rb') as file:
                    head, body = file.read().split(b'\r\n\r\n')
            self.assertTrue(head.startswith(b'HTTP/1.1 200'))
            self.assertEqual(json.loads(body)['streams'][0]['name'], 'lab')
        finally:
            process.terminate()
            self.assertEqual(process.wait(WAIT_S), 0)
            process.stdout.close()

    def test_sources_are_named_by_what_they_are(self):
        daemon = self.start('test:lab', 'test:thermal', 'mine=test:bars')
        names = [s['name'] for s in daemon.get('/api/v1/streams').json()['streams']]
        self.assertEqual(names, ['lab', 'thermal', 'mine'])

    def test_without_a_source_there_is_something_to_see(self):
        daemon = self.start()
        until(lambda: daemon.get('/api/v1/streams').json()['streams'], 'a stream')


if __name__ == '__main__':
    unittest.main()
