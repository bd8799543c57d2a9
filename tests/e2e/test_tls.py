# SPDX-License-Identifier: MIT
"""HTTPS and wss, renewed certificates, and pages of allowed origins."""
import contextlib
import http.client
import os
import socket
import ssl
import subprocess
import unittest

from support.access import Rules, bearer
from support.daemon import WAIT_S, Daemon, DaemonCase, program, until
from support.viewer import Viewer
from support.websocket import Refused, WebSocket


def certificate(folder, name='localhost'):
    """A new self-signed one, put in place of the last."""
    new = [f'{folder}/new-{end}.pem' for end in ('cert', 'key')]
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name},IP:127.0.0.1', '-days', '2',
                    '-out', new[0], '-keyout', new[1]], check=True, capture_output=True)
    return new


def install(folder, new):
    paths = [f'{folder}/{end}.pem' for end in ('cert', 'key')]
    for a, b in zip(new, paths):
        os.replace(a, b)
    return paths


class SecureDaemon(Daemon):
    """The same, spoken to by HTTPS."""

    def _context(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def connection(self):
        return http.client.HTTPSConnection(self.host, self.port, timeout=WAIT_S, context=self._context())

    def serial(self):
        with socket.create_connection((self.host, self.port), WAIT_S) as plain, \
                self._context().wrap_socket(plain, server_hostname='localhost') as own:
            return own.getpeercert(binary_form=True)


class Tls(DaemonCase):
    def secure(self, *args):
        cert, key = install(self.folder, certificate(self.folder))
        daemon = SecureDaemon('--tls-cert', cert, '--tls-key', key, 'lab=test:lab', *args)
        self.addCleanup(self.end, daemon)
        return daemon

    def test_everything_goes_by_https(self):
        rules = Rules(self.folder)
        rules.user('ann', 'x', 'view')
        token = rules.token('t', 'view')
        daemon = self.secure('--access', rules.path)
        self.assertRegex(daemon.url, r'^https://127\.0\.0\.1:\d+$')
        self.assertEqual(daemon.get('/healthz').body, b'ok\n')
        for file, head in (('frame.npy', b'\x93NUMPY'), ('snapshot.png', b'\x89PNG'), ('figure.html', b'<')):
            answer = daemon.http('GET', f'/streams/lab/{file}', bearer(token))
            self.assertEqual(int(answer.headers['content-length']), len(answer.body))
            self.assertEqual(answer.body[:len(head)], head)
        login = daemon.http('POST', '/login', body=b'name=ann&password=x')
        self.assertIn('; Secure', login.headers['set-cookie'])
        viewer = Viewer(daemon, headers=bearer(token).items(), context=daemon._context())
        self.addCleanup(viewer.close)
        view = viewer.watch('lab', codec='png')['view']
        for _ in range(3):
            viewer.ack(viewer.picture(view))
        with socket.create_connection((daemon.host, daemon.port), WAIT_S) as plain:
            plain.sendall(b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
            with contextlib.suppress(ConnectionResetError):
                self.assertNotIn(b'HTTP/1.1 200', plain.makefile('rb').read())

    def test_motion_jpeg_comes_whole(self):
        daemon = self.secure()
        connection = daemon.connection()
        self.addCleanup(connection.close)
        connection.request('GET', '/streams/lab/stream.mjpg?quality=100')
        answer = connection.getresponse()
        self.assertEqual(answer.readline(), b'--boundarydonotcross\r\n')
        for _ in range(5):
            head = {}
            while (line := answer.readline().strip()):
                name, _, value = line.partition(b': ')
                head[name] = value
            data = answer.read(int(head[b'Content-Length']))
            self.assertEqual((data[:2], data[-2:]), (b'\xff\xd8', b'\xff\xd9'))
            self.assertEqual(answer.read(24), b'\r\n--boundarydonotcross\r\n')

    def test_old_versions_are_refused(self):
        daemon = self.secure()
        context = daemon._context()
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers('ALL:@SECLEVEL=0')
        with socket.create_connection((daemon.host, daemon.port), WAIT_S) as plain:
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(plain)
        context = daemon._context()
        context.set_alpn_protocols(['h2', 'http/1.1'])
        with socket.create_connection((daemon.host, daemon.port), WAIT_S) as plain, \
                context.wrap_socket(plain) as own:
            self.assertEqual((own.selected_alpn_protocol(), own.version()), ('http/1.1', 'TLSv1.3'))

    def test_a_renewed_certificate_is_taken_and_a_broken_one_is_not(self):
        daemon = self.secure()
        viewer = Viewer(daemon, context=daemon._context())
        self.addCleanup(viewer.close)
        viewer.watch('lab')
        first = daemon.serial()
        with open(f'{self.folder}/cert.pem', 'w', encoding='ascii') as file:
            file.write('-----BEGIN CERTIFICATE-----\nAAAA\n')
        daemon.process.send_signal(1)
        daemon.logged('no certificate in PEM.*the certificate before stays')
        self.assertEqual(daemon.serial(), first)
        new = certificate(self.folder)
        install(self.folder, new)
        until(lambda: daemon.serial() != first, 'the new one')
        daemon.logged('has been renewed')
        viewer.sync()

    def test_what_is_wrong_with_a_certificate_is_said_at_the_start(self):
        cert, key = install(self.folder, certificate(self.folder))
        other = certificate(self.folder)[1]
        for args, word in ((('--tls-cert', cert), 'both'), (('--tls-key', key), 'both'),
                           (('--tls-cert', cert, '--tls-key', other), 'not the key of'),
                           (('--tls-cert', f'{self.folder}/no', '--tls-key', key), 'no certificate'),
                           (('--tls-cert', cert, '--tls-key', cert), 'not the key of'),
                           (('--allow-origin', 'lab.example'), 'https://HOST')):
            done = subprocess.run([program(), '--check-config', *args], capture_output=True, text=True,
                                  timeout=WAIT_S, check=False)
            self.assertEqual((done.returncode, done.stderr.count('\n')), (78, 1), done)
            self.assertIn(word, done.stderr)


class Origins(DaemonCase):
    def test_pages_of_allowed_origins_may_ask_and_others_not(self):
        daemon = self.start('--allow-origin', 'https://lab.example http://wall.example:81', 'lab=test:lab')
        for origin in ('https://lab.example', 'http://wall.example:81'):
            answer = daemon.get('/api/v1/streams', Origin=origin)
            self.assertEqual((answer.status, answer.headers['access-control-allow-origin'], answer.headers['vary']),
                             (200, origin, 'Origin'))
            ask = daemon.http('OPTIONS', '/push/x', {'Origin': origin, 'Access-Control-Request-Method': 'POST'})
            self.assertEqual(ask.status, 204)
            self.assertIn('authorization', ask.headers['access-control-allow-headers'])
            WebSocket(daemon.host, daemon.port, headers={'Origin': origin}.items()).close()
        for origin in ('https://evil.example', 'http://lab.example', 'null'):
            answer = daemon.get('/api/v1/streams', Origin=origin)
            self.assertEqual((answer.status, answer.headers.get('access-control-allow-origin')), (403, None))
            self.assertEqual(daemon.http('OPTIONS', '/push/x', {'Origin': origin}).status, 403)
            with self.assertRaises(Refused):
                WebSocket(daemon.host, daemon.port, headers={'Origin': origin}.items())
        self.assertEqual(daemon.get('/healthz', Host='lab.example').status, 200)
        self.assertEqual(daemon.get('/healthz', Host='evil.example').status, 403)
        own = daemon.get('/healthz', Origin=f'http://{daemon.host}:{daemon.port}')
        self.assertEqual((own.status, own.headers.get('access-control-allow-origin')), (200, None))
        self.assertEqual(daemon.http('OPTIONS', '/healthz').status, 405)


if __name__ == '__main__':
    unittest.main()
