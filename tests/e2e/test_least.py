# SPDX-License-Identifier: MIT
"""Builds that leave something out: the daemon alone, without TLS, recordings and the page, then with one of them."""
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.access import table
from support.daemon import ROOT, WAIT_S, DaemonCase, program
from support.viewer import Watcher, connect

FOLDER = ROOT / 'build/least'
FEATURES = ('tls', 'recording', 'page')
BUILD_S = 900
OPTIONS = {'tls': ('--tls-cert', '/nowhere'), 'recording': ('--recordings', '/nowhere')}
LIBRARIES = {'tls': 'libssl', 'recording': 'libzstd'}


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=BUILD_S, check=False)
    if done.returncode:
        raise AssertionError(f'{command}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}')
    return done.stdout


class Least(DaemonCase):
    def build(self, *features):
        """In one folder, where the next build makes little anew."""
        switches = (f'-DIMSHOWD_{f.upper()}={"ON" if f in features else "OFF"}' for f in FEATURES)
        run('cmake', '-S', ROOT, '-B', FOLDER, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_C_FLAGS_DEBUG=-O0',
            '-DIMSHOW_TESTS=OFF', *switches)
        run('cmake', '--build', FOLDER, '--target', 'imshowd', '--', '-j2')

    def needed(self):
        return run('readelf', '-d', program(FOLDER))

    def refused(self, *arguments):
        done = subprocess.run([program(FOLDER), *arguments], capture_output=True, text=True, timeout=WAIT_S, check=False)
        self.assertEqual(done.returncode, 2, done)
        return done.stderr

    def watched(self, daemon):
        with Watcher(daemon, 'lab', codec='jpeg') as watcher:
            watcher.wait_more(3)

    def test_builds_without(self):
        """One after the other: each goes on from the one before."""
        self.build()
        self.all_is_left_out()
        self.build('tls')
        self.tls_is_there()
        self.build('recording')
        self.recordings_are_there()

    def all_is_left_out(self):
        self.assertRegex(run(program(FOLDER), '--version'), r'^imshowd [\d.]+\nwithout: tls recording page\n$')
        for name, library in LIBRARIES.items():
            self.assertNotIn(library, self.needed())
            self.assertIn(f'there is no {name} in this build', self.refused(*OPTIONS[name]))
        self.assertIn('there is no recording in this build', self.refused('replay:a.mcap'))
        self.assertNotIn('replay:', run(program(FOLDER), '--help').split('Sources:')[1])
        config = Path(self.folder) / 'conf'
        config.write_text('[recording]\nrecordings = /nowhere\n', encoding='ascii')
        done = subprocess.run([program(FOLDER), '--config', str(config), '--check-config'], capture_output=True, text=True,
                              timeout=WAIT_S, check=False)
        self.assertEqual((done.returncode, 'there is no recording in this build' in done.stderr), (78, True), done)
        daemon = self.start('lab=test:lab', build=FOLDER)
        self.watched(daemon)
        self.routes_are_left_out(daemon)
        lab = daemon.get('/api/v1/streams/lab').json()
        self.assertEqual((lab['recordings'], 'recording' in lab), ([], False))
        self.assertEqual(daemon.get('/streams/lab/snapshot.jpg').body[:2], b'\xff\xd8')
        self.assertEqual(daemon.get('/streams/lab/frame.npy?t=1').status, 400)
        self.assertEqual(daemon.get('/metrics').status, 200)
        viewer = connect(self, daemon)
        self.assertEqual(viewer.request('timeline', stream='lab')['code'], 'unknown-type')
        daemon.stop()

    def routes_are_left_out(self, daemon):
        left_out = 0
        for route in table():
            is_out = re.match(r'/$|/assets/|.*figure\.html|/api/v1/recordings|/recordings/', route.pattern)
            if not is_out or route.method not in ('GET', 'POST', 'DELETE', 'PATCH'):
                continue
            answer = daemon.http(route.method, route.path('lab'), body='{}' if route.method != 'GET' else None)
            self.assertEqual(answer.status, 404, route)
            self.assertRegex(answer.json()['error'], 'no (page|recording) in this build')
            left_out += 1
        self.assertGreaterEqual(left_out, 13)

    def tls_is_there(self):
        self.assertRegex(run(program(FOLDER), '--version'), r'\nwith: tls\nwithout: recording page\n$')
        self.assertIn('libssl', self.needed())
        with tempfile.TemporaryDirectory() as folder:
            run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                '-subj', '/CN=localhost', '-keyout', f'{folder}/key', '-out', f'{folder}/cert')
            daemon = self.start('--tls-cert', f'{folder}/cert', '--tls-key', f'{folder}/key', 'lab=test:lab', build=FOLDER)
            self.assertTrue(daemon.url.startswith('https:'))
            daemon.stop()

    def recordings_are_there(self):
        self.assertRegex(run(program(FOLDER), '--version'), r'\nwith: recording\nwithout: tls page\n$')
        self.assertIn('libzstd', self.needed())
        daemon = self.start('--recordings', f'{self.folder}/recordings', 'lab=test:lab', build=FOLDER)
        self.watched(daemon)
        name = daemon.http('POST', '/api/v1/recordings', body='{"streams": ["lab"]}').json()['name']
        self.watched(daemon)
        self.assertEqual(daemon.http('POST', f'/api/v1/recordings/{name}/stop', body='{}').status, 200)
        self.assertEqual(daemon.get(f'/recordings/{name}.mcap').body[:5], b'\x89MCAP')
        daemon.stop()


if __name__ == '__main__':
    unittest.main()
