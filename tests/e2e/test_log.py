# SPDX-License-Identifier: MIT
"""The log: as JSON, for the journal, bounded, and never in the way."""
import fcntl
import json
import os
import re
import socket
import subprocess
import unittest

from support.config import Config
from support.daemon import WAIT_S, DaemonCase, program, until

FLOOD = 400
MOST = 30  # of one kind and source within ten seconds
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z')
FOREIGN = {'Host': 'elsewhere.example'}


def parsed(text):
    """Each line is an object of its own, with what every line has."""
    records = [json.loads(line) for line in text.splitlines()]
    for record in records:
        assert TIME.fullmatch(record['time']), record
        assert record['level'] in ('error', 'warning', 'info', 'debug'), record
        assert record['area'] and isinstance(record['message'], str), record
    return records


class Log(DaemonCase):
    def logging(self, *args, **keys):
        """A daemon whose stderr is a file of its own: self.said()."""
        self.path = f'{self.folder}/stderr'
        with open(self.path, 'wb') as file:
            return self.start('lab=test:lab', *args, stderr=file, **keys)

    def said(self):
        with open(self.path, encoding='utf-8', errors='surrogateescape') as file:
            return file.read()

    def request(self, daemon, path):
        """A page of elsewhere asks: refused, which is a line of the log. The path goes as it is."""
        with socket.create_connection((daemon.host, daemon.port), WAIT_S) as own:
            own.sendall(b'GET ' + path + b' HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n')
            self.assertIn(b' 403 ', own.makefile('rb').readline())

    def test_json_has_one_object_a_line_whatever_is_in_it(self):
        daemon = self.logging('--log-format', 'json', 'e=exec:printf \'\\377"\\\\\\302\\n\' >&2; exec cat')
        self.request(daemon, b'/%01%0a%ff%22%5c%7f')
        self.request(daemon, '/äöü'.encode())
        until(lambda: '"stream":"e","message":"\\ufffd' in self.said(), 'the line of the program')
        until(lambda: '"message":"live' in self.said(), 'the stream')
        daemon.stop()
        records = parsed(self.said())
        live = [r for r in records if r.get('stream') == 'lab' and r['message'].startswith('live')]
        self.assertEqual([(r['area'], r['level']) for r in live], [('stream', 'info')])
        refused = [r for r in records if r.get('client') == '127.0.0.1']
        self.assertEqual({(r['area'], r['level']) for r in refused}, {('client', 'info')})
        self.assertIn('äöü', refused[-1]['message'])
        self.assertIn('\x01', refused[0]['message'])

    def test_json_says_why_the_daemon_does_not_start(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            done = subprocess.run(
                [program(), '--log-format', 'json', '--config', '/dev/null', '--port', str(taken.getsockname()[1]),
                 '--state-dir', self.folder, 'test:lab'],
                capture_output=True, text=True, timeout=WAIT_S, check=False)
        self.assertEqual(done.returncode, 1)
        record = parsed(done.stderr)[-1]
        self.assertEqual((record['level'], record['area']), ('error', 'daemon'))
        self.assertIn('--port', record['message'])

    def journal_says(self, name, *args):
        """What the log looks like with JOURNAL_STREAM as that of stderr, or of something else."""
        self.path = f'{self.folder}/journal'
        with open(self.path, 'wb') as file:
            real = os.fstat(file.fileno())
            stream = name.format(device=real.st_dev, inode=real.st_ino, other=real.st_ino + 1)
            daemon = self.start('lab=test:lab', *args, stderr=file, env={'JOURNAL_STREAM': stream})
        daemon.stop()
        return self.said()

    def test_priorities_are_there_when_stderr_is_the_journals(self):
        said = self.journal_says('{device}:{inode}')
        self.assertRegex(said, r'(?m)^<6>daemon: SIGTERM: stopping$')
        self.assertFalse([line for line in said.splitlines() if not re.match(r'<[3467]>', line)], said)

    def test_no_priorities_when_stderr_is_another_than_the_environment_says(self):
        for name in ('{device}:{other}', '{inode}:{device}', '', '1', '{device}:{inode}x', 'a:b'):
            with self.subTest(name=name):
                said = self.journal_says(name)
                self.assertRegex(said, r'(?m)^ +info \d+\.\d{3} daemon: SIGTERM: stopping$')
                self.assertNotIn('<6>', said)

    def test_the_form_that_is_asked_for_counts_more(self):
        self.assertIn('<6>daemon: SIGTERM', self.journal_says('', '--log-format', 'journal'))
        self.assertNotIn('<6>', self.journal_says('{device}:{inode}', '--log-format', 'text'))

    def test_a_flood_is_a_bounded_number_of_lines_and_the_rest_is_told(self):
        daemon = self.logging('--log-format', 'json')
        connection = daemon.connection()
        self.addCleanup(connection.close)
        for _ in range(FLOOD):
            connection.request('GET', '/', headers=FOREIGN)
            self.assertEqual(connection.getresponse().read()[:1], b'{')
        daemon.stop()
        refused = [r for r in parsed(self.said()) if r.get('client') == '127.0.0.1']
        told = [r for r in refused if 'left_out' in r]
        plain = len(refused) - len(told)
        windows = len(told) + 1  # the flood may have gone on past the end of the first ten seconds, or of more
        self.assertLessEqual(plain, MOST * windows)
        self.assertEqual(plain + sum(r['left_out'] for r in told), FLOOD)
        self.assertIn('Host', told[0]['message'])

    def test_a_stderr_that_takes_nothing_holds_nobody_up_and_the_loss_is_told(self):
        own, daemons = os.pipe()
        self.addCleanup(os.close, own)
        size = fcntl.fcntl(daemons, fcntl.F_SETPIPE_SZ, 4096)
        os.write(daemons, b'.' * size)
        daemon = self.start('lab=test:lab', '--log-format', 'json', stderr=daemons)
        os.close(daemons)
        until(lambda: daemon.stream('lab')['state'] == 'live', 'a stream')
        for _ in range(5):
            self.assertEqual(daemon.http('GET', '/', FOREIGN).status, 403)
        os.read(own, size)
        self.request(daemon, b'/after')
        with os.fdopen(os.dup(own), encoding='utf-8') as lines:
            record = json.loads(lines.readline())
        self.assertIn('/after', record['message'])
        self.assertGreaterEqual(record['lost'], 5)

    def test_a_reload_changes_level_and_form(self):
        config = Config(self.folder, '[server]\nlog-level = error\n[stream lab]\nsource = test:lab\n')
        daemon = self.start('--config', config.path)
        daemon.http('GET', '/quiet', FOREIGN)
        config.write('[server]\nlog-format = json\nlog-level = info\n[stream lab]\nsource = test:lab\n')
        daemon.process.send_signal(1)
        daemon.logged('the configuration holds')
        daemon.http('GET', '/loud', FOREIGN)
        daemon.logged('/loud')
        records = [json.loads(line) for line in daemon.log.splitlines()[1:]]
        self.assertEqual(records[0]['area'], 'reload')
        self.assertFalse([r for r in records if '/quiet' in r['message']])

    def test_a_form_that_is_none_is_named(self):
        done = subprocess.run([program(), '--log-format', 'xml'], capture_output=True, text=True, timeout=WAIT_S,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn('auto, text, journal or json', done.stderr)


if __name__ == '__main__':
    unittest.main()
