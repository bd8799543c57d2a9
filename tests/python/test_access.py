# SPDX-License-Identifier: MIT
"""Clients that show a token: Python, the command line and C, by every way in, TLS too."""
import os
import subprocess
import unittest
from unittest import mock

import numpy as np
from base import free_port, imshowd
from support.access import Rules
from support.daemon import BUILD, WAIT_S, DaemonCase
from test_tls import SecureDaemon, certificate, install

FRAME = np.arange(12, dtype='u2').reshape(3, 4)


class Tokens(DaemonCase):
    def setUp(self):
        super().setUp()
        rules = Rules(self.folder)
        self.token = rules.token('t', 'view,push,control')
        self.cert, key = install(self.folder, certificate(self.folder))
        port = free_port()
        self.daemon = SecureDaemon('--access', rules.path, '--tls-cert', self.cert, '--tls-key', key,
                                   '--push-unix', f'{self.folder}/push', '--push-tcp', f'127.0.0.1:{port}',
                                   'lab=test:lab')
        self.addCleanup(self.end, self.daemon)
        self.ways = {'wss': self.daemon.url, 'tcp': f'tcp:127.0.0.1:{port}', 'unix': f'unix:{self.folder}/push'}

    def environment(self, token):
        found = {k: v for k, v in os.environ.items() if k not in ('IMSHOW_TOKEN', 'IMSHOW_SERVER')}
        return {**found, 'IMSHOW_CA_FILE': self.cert, **({'IMSHOW_TOKEN': token} if token else {})}

    def shown(self, token):
        return mock.patch.dict(os.environ, self.environment(token), clear=True)

    def test_python_pushes_and_reads_with_a_token_and_not_without(self):
        for way, server in self.ways.items():
            with self.subTest(way=way):
                for wrong in (None, 'imt_' + 'A' * 43):
                    with self.shown(wrong), self.assertRaises(imshowd.ServerError):
                        imshowd.imshow(FRAME, name=way, server=server, on_error='raise', timeout=WAIT_S)
                with self.shown(self.token):
                    with imshowd.imshow(FRAME, name=way, server=server, on_error='raise', timeout=WAIT_S,
                                        pace='wait') as live:
                        live.update(np.full((600, 800), 7, 'u2'))
                        live.update(FRAME + 1)
                        frame = next(f for f in imshowd.frames(way, self.daemon.url, timeout=WAIT_S)
                                     if f.values.shape == FRAME.shape)
                    np.testing.assert_array_equal(frame.values - FRAME, (frame.values - FRAME)[0, 0])
        with self.shown(None), self.assertRaises(imshowd.ServerError):
            imshowd.streams(self.daemon.url)

    def test_python_trusts_only_whom_it_is_told_to(self):
        with self.shown(self.token), mock.patch.dict(os.environ):
            del os.environ['IMSHOW_CA_FILE']
            with self.assertRaises(imshowd.ConnectionLost):
                imshowd.streams(self.daemon.url)
            with self.assertRaises(imshowd.ConnectionLost):
                imshowd.imshow(FRAME, server=self.daemon.url, on_error='raise', timeout=WAIT_S)

    def test_c_shows_the_token_of_the_environment(self):
        for way in ('unix', 'tcp'):
            for token, code in ((None, 1), (self.token, 0)):
                done = subprocess.run([str(BUILD / 'bin/counts'), '3'], capture_output=True, text=True, timeout=WAIT_S,
                                      env={**self.environment(token), 'IMSHOW_SERVER': self.ways[way]}, check=False)
                self.assertEqual((done.returncode, 'send a token' in done.stdout + done.stderr), (code, not token), done)

    def run_cli(self, *args, token=None, code=0):
        done = subprocess.run([str(BUILD / 'bin/imshow'), *args], env=self.environment(token),
                              capture_output=True, text=True, timeout=WAIT_S, check=False)
        self.assertEqual(done.returncode, code, done)
        return done.stdout + done.stderr

    def test_the_command_line_shows_a_token_of_the_environment_or_of_a_file(self):
        file, npy = f'{self.folder}/token', f'{self.folder}/frame.npy'
        np.save(npy, FRAME)
        with open(file, 'w', encoding='ascii') as out:
            out.write(self.token + '\n')
        web = ('--server', self.daemon.url)
        self.assertIn('log in', self.run_cli('streams', *web, code=1))
        self.assertIn('no longer good', self.run_cli('streams', *web, token='imt_x', code=1))
        self.assertIn('lab', self.run_cli('streams', *web, token=self.token))
        self.assertIn('lab', self.run_cli('streams', *web, '--token-file', file))
        self.run_cli('push', 'a', npy, *web, '--token-file', file)
        self.run_cli('get', 'a', '-o', f'{self.folder}/back.npy', *web, '--token-file', file)
        np.testing.assert_array_equal(np.load(f'{self.folder}/back.npy'), FRAME)
        self.run_cli('controls', 'lab', *web, token=self.token)
        self.assertIn('token', self.run_cli('push', 'b', npy, '--server', self.ways['unix'], code=1))
        self.run_cli('push', 'b', npy, '--server', self.ways['unix'], '--token-file', file)
        for bad, word in ((f'{self.folder}/none', 'No such file'), (os.devnull, 'nothing')):
            self.assertIn(word, self.run_cli('streams', *web, '--token-file', bad, code=2))


if __name__ == '__main__':
    unittest.main()
