# SPDX-License-Identifier: MIT
"""`imshow top`, before a terminal and through a pipe."""
import os
import re
import signal
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.access import AccessCase
from support.daemon import BUILD, WAIT_S, DaemonCase, until
from support.terminal import Terminal
from support.viewer import Watcher

PROGRAM = str(BUILD / 'bin/imshow')
RESTORED = '\x1b[?7h\x1b[?25h\x1b[?1049l'
ROW = re.compile(r'(?P<name>\S+) +(?P<state>live|lost|waiting) +(?P<size>\S+) +(?P<fps>\S+) +(?P<encodes>\S+) +'
                 r'(?P<sent>- |-|[\d.]+ [kM]?B) +(?P<views>\d+) +(?P<p50>\S+) +(?P<p95>\S+) +(?P<drop>\d+) +(?P<lost>\d+)$')


def row(lines, name):
    return next((m for line in lines if (m := ROW.match(line)) and m['name'] == name), None)


def top(*args, env=None, check=True):
    done = subprocess.run([PROGRAM, 'top', *map(str, args)], capture_output=True, text=True, timeout=WAIT_S,
                          env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, check=False)
    if check and done.returncode:
        raise AssertionError(done)
    return done


class Top(DaemonCase):
    SOURCES = ('-r', '64x48', '-f', '20', 'lab=test:lab', 'thermal=test:thermal')

    def terminal(self, *args, **keys):
        return Terminal(self, [PROGRAM, 'top', '-i', '0.2', self.daemon.url, *args], **keys)

    def test_a_table_through_a_pipe(self):
        self.enterContext(Watcher(self.daemon, 'lab'))
        done = top(self.daemon.url, '-n', 2, '--interval', 0.5)
        tables = done.stdout.split('\n\n')
        self.assertEqual((len(tables), done.stderr), (2, ''))
        for table in tables:
            lines = table.strip('\n').split('\n')
            self.assertEqual(len(lines), 5)
            self.assertRegex(lines[0], rf'^{re.escape(self.daemon.url)}: imshowd \S+; CPU \d+ %, memory \d+ MB, '
                                       r'\d+ jobs waiting; up \d\d:\d\d:\d\d$')
            self.assertRegex(lines[1], r'^2 streams, 2 live; \d+ viewers?, 0 of motion JPEG, 0 pushers$')
            lab, thermal = row(lines, 'lab'), row(lines, 'thermal')
            self.assertEqual((lab['size'], lab['views'], thermal['views']), ('64x48', '1', '0'))
            self.assertGreater(float(lab['fps']), 0)
            self.assertEqual((thermal['encodes'], thermal['p50']), ('0.0', '-'))
        self.assertRegex(done.stdout, r'^[\n -~]+$', 'nothing that steers a terminal')
        # By then pictures of this viewer have surely gone out in between.
        lab = until(lambda: (r := row(top(self.daemon.url, '--once').stdout.split('\n'), 'lab')) and r['p95'] != '-' and r,
                    'latencies')
        self.assertGreaterEqual(float(lab['p95']), float(lab['p50']))
        self.assertGreater(float(lab['encodes']), 0)

    def test_where_it_looks(self):
        for args, env in (([self.daemon.url + '/'], {}), (['-S', self.daemon.url], {}),
                          ([], {'IMSHOW_SERVER': self.daemon.url}), ([self.daemon.url.removeprefix('http://')], {})):
            self.assertIn('thermal', top('-1', '-i', 0.1, *args, env=env).stdout)

    def test_mistakes_are_told(self):
        for args, words in ((['a', 'b'], 'give its URL once'), (['-S', 'http://a', 'b'], 'give its URL once'),
                            (['unix:/x'], 'for push only'), (['-i', '0'], 'from 0.1'), (['-n', '0'], 'from 1'),
                            (['--none'], 'no such option'), (['ftp://x'], 'HOST:PORT')):
            done = top(*args, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count('\n')), (2, '', 1), done)
            self.assertIn(words, done.stderr)
        self.assertIn('--interval S', subprocess.run([PROGRAM, 'top', '--help'], capture_output=True, text=True,
                                                     check=True).stdout)

    def test_it_draws_in_place_and_leaves_the_terminal_as_it_was(self):
        self.enterContext(Watcher(self.daemon, 'lab'))
        for key in 'q', '\x03':
            with self.subTest(key=key):
                terminal = self.terminal()
                before = terminal.settings()
                screen = terminal.until(lambda s: (r := row(s, 'lab')) and r['fps'] != '-', 'rates')
                self.assertRegex(screen[1], '^2 streams')
                self.assertNotEqual(terminal.settings(), before, 'keys are not shown')
                terminal.key('x')
                terminal.key(key)
                self.assertEqual(terminal.wait(), 0)
                terminal.seen(re.escape(RESTORED) + r'\Z')
                self.assertEqual(terminal.settings(), before)
                self.assertEqual(terminal.text.count('\x1b[?1049h'), 1)

    def test_it_ends_by_a_signal_as_well(self):
        terminal = self.terminal()
        before = terminal.settings()
        terminal.until(lambda s: row(s, 'lab'), 'a table')
        terminal.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminal.wait(), 0)
        terminal.seen(re.escape(RESTORED) + r'\Z')
        self.assertEqual(terminal.settings(), before)

    def test_it_follows_the_size(self):
        terminal = Terminal(self, [PROGRAM, 'top', '-i', '3600', self.daemon.url])
        terminal.until(lambda s: row(s, 'lab'), 'a table, an hour before the next')
        terminal.resize(30, 4)
        screen = terminal.until(lambda s: len(s) == 4 and max(map(len, s)) <= 30, 'a small one')
        self.assertEqual(screen[3], '... and 2 more')
        terminal.resize(10, 2)
        terminal.until(lambda s: len(s) == 2 and max(map(len, s)) <= 10, 'less than its head')
        terminal.resize(120, 40)
        terminal.until(lambda s: row(s, 'thermal'), 'all of it')

    def test_it_stops_and_goes_on(self):
        terminal = self.terminal()
        before = terminal.settings()
        terminal.until(lambda s: row(s, 'lab'), 'a table')
        terminal.key('\x1a')
        self.assertTrue(terminal.stopped())
        terminal.seen(re.escape(RESTORED))
        self.assertEqual(terminal.settings(), before)
        drawn = terminal.text.count('\x1b[J')
        terminal.process.send_signal(signal.SIGCONT)
        terminal.until(lambda s: terminal.text.count('\x1b[J') > drawn + 1, 'tables again')
        self.assertEqual(terminal.text.count('\x1b[?1049h'), 2)
        terminal.key('q')
        self.assertEqual(terminal.wait(), 0)

    def test_so_many_tables_on_a_terminal_leave_the_last_one(self):
        terminal = self.terminal('-n', '2')
        self.assertEqual(terminal.wait(), 0)
        terminal.seen(re.escape(RESTORED) + r'[^\x1b]*NAME[^\x1b]*thermal[^\x1b]*\Z')


class Away(DaemonCase):
    def test_a_daemon_that_is_not_there(self):
        daemon = self.start('lab=test:lab')
        url = daemon.url
        daemon.stop()
        done = top(url, '-1', check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, '',
                         f'imshow top: {url}: connection refused; is imshowd running? start it with: imshowd\n'))
        terminal = Terminal(self, [PROGRAM, 'top', url])
        self.assertEqual(terminal.wait(), 1)
        terminal.seen('connection refused')
        self.assertNotIn('\x1b', terminal.text)

    def test_a_daemon_that_goes_and_comes_back(self):
        daemon = self.start('lab=test:lab')
        url = daemon.url
        terminal = Terminal(self, [PROGRAM, 'top', '-i', '0.1', url])
        pipe = subprocess.Popen([PROGRAM, 'top', '-i', '0.1', url], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True)
        self.addCleanup(pipe.wait)
        self.addCleanup(pipe.kill)
        self.addCleanup(pipe.stderr.close)
        terminal.until(lambda s: (r := row(s, 'lab')) and r['fps'] != '-', 'rates')
        daemon.stop()
        screen = terminal.until(lambda s: any('trying again' in line for line in s), 'that it has gone')
        self.assertIn('connection refused', screen[2])
        self.assertTrue(row(screen, 'lab'), 'the last that is known')
        self.assertEqual(pipe.wait(WAIT_S), 1)
        self.assertRegex(pipe.stderr.read(), r'^imshow top: http://[\d.:]+: .+\n$')
        daemon = self.start('new=test:lab', port=daemon.port)
        screen = terminal.until(lambda s: row(s, 'new'), 'the new one')
        self.assertFalse(any('trying again' in line for line in screen))
        terminal.until(lambda s: (r := row(s, 'new')) and r['fps'] != '-', 'its rates')
        daemon.process.send_signal(signal.SIGSTOP)  # it takes the connection, and says nothing
        self.addCleanup(daemon.process.send_signal, signal.SIGCONT)
        terminal.key('\x03')
        self.assertEqual(terminal.wait(), 0)


class Rights(AccessCase):
    def test_a_token_is_needed_and_shows_what_it_may(self):
        everything, one = self.rules.token('all', 'view'), self.rules.token('one', 'view', 'other')
        daemon = self.serve()
        done = top(daemon.url, '-1', check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn('token', done.stderr)
        out = top(daemon.url, '-1', '-i', 0.1, env={'IMSHOW_TOKEN': everything}).stdout.split('\n')
        self.assertTrue(row(out, 'lab') and row(out, 'other') and 'CPU' in out[0])
        out = top(daemon.url, '-1', '-i', 0.1, env={'IMSHOW_TOKEN': one}).stdout.split('\n')
        self.assertEqual(out[1], '1 stream, 1 live')
        self.assertTrue(row(out, 'other') and not row(out, 'lab') and 'CPU' not in out[0])
        terminal = Terminal(self, [PROGRAM, 'top', '-i', '0.1', daemon.url], env={'IMSHOW_TOKEN': one})
        terminal.until(lambda s: row(s, 'other'), 'a table')
        self.rules.revoke('token', 'one')
        self.assertEqual(terminal.wait(), 1)
        terminal.seen(re.escape(RESTORED) + r'imshow top: .*401')


class Strangers(unittest.TestCase):
    """Servers that are no imshowd."""

    def serve(self, body):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # it has had enough

            def log_message(self, *args):
                pass
        server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f'http://127.0.0.1:{server.server_port}'

    def test_other_answers_are_refused_in_one_line(self):
        for body, words in ((b'<html>\x1b[2J', 'line 1 is no sample: <html>?[2J'), (b'up 1\n', "none of imshowd's"),
                            (b'', "none of imshowd's"), (b'\0' * 1000, 'no sample'), (b'a{' * 100000, 'no sample'),
                            (b'# ' + b'x' * (33 << 20), 'larger than is taken')):
            done = top(self.serve(body), '-1', check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count('\n')), (1, '', 1), done)
            self.assertIn(words, done.stderr)
            self.assertRegex(done.stderr, r'^[ -~]+\n$')

    def test_what_they_say_does_not_steer_the_terminal(self):
        body = ('imshowd_build_info{version="\x1b[2J"} 1\nimshowd_stream_width_pixels{stream="a\x1b[H\u009b"} 1e300\n'
                'imshowd_frames_captured_total{stream="b"} NaN\nprocess_start_time_seconds -1e300\n'
                'process_resident_memory_bytes 1e300\n').encode()
        done = top(self.serve(body), '-1', '-i', 0.1)
        self.assertRegex(done.stdout, r'^[\n -~]+$')


if __name__ == '__main__':
    unittest.main()
