# SPDX-License-Identifier: MIT
"""Passwords, which take the pool a while, and the sessions that they begin."""
import io
import re
import socket
import unittest

import numpy as np

from support.access import AccessCase, basic, bearer
from support.daemon import WAIT_S, until
from support.viewer import Viewer
from support.websocket import Closed

FRAME = np.arange(12, dtype='u1').reshape(3, 4)


def npy_bytes(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


class Passwords(AccessCase):
    def login(self, daemon, name, password, **more):
        form = '&'.join(f'{k}={v}' for k, v in {'name': name, 'password': password, **more}.items())
        return daemon.http('POST', '/login', {'Content-Type': 'application/x-www-form-urlencoded'},
                           form.encode())

    def test_a_session_lives_until_it_is_logged_out(self):
        self.rules.user('ann', 'pass word&', 'view', 'lab')
        daemon = self.serve()
        page = daemon.http('GET', '/', {'Accept': 'text/html'})
        self.assertEqual((page.status, page.headers['content-type']), (401, 'text/html; charset=utf-8'))
        self.assertNotIn('Basic', page.headers['www-authenticate'])
        wrong = self.login(daemon, 'ann', 'wrong')
        self.assertEqual((wrong.status, wrong.headers.get('set-cookie')), (401, None))
        answer = self.login(daemon, 'ann', 'pass+word%26')
        self.assertEqual((answer.status, answer.headers['location']), (303, '/'))
        cookie, *flags = answer.headers['set-cookie'].split('; ')
        self.assertEqual(flags, ['Path=/', 'HttpOnly', 'SameSite=Strict'])
        session = {'Cookie': f'a=b; {cookie}; c=d'}
        self.assertEqual(daemon.http('GET', '/', session).status, 200)
        viewer = Viewer(daemon, headers=session.items())
        self.addCleanup(viewer.close)
        viewer.watch('lab')
        out = daemon.http('POST', '/logout', session, b'x')
        self.assertEqual((out.status, 'Max-Age=0' in out.headers['set-cookie']), (303, True))
        with self.assertRaises(Closed):
            while True:
                viewer.read()
        self.assertEqual(daemon.http('GET', '/', session).status, 401, 'a replayed cookie')

    def test_a_browser_is_never_asked_by_a_window_of_its_own(self):
        self.rules.user('ann', 'x', 'view')
        daemon = self.serve()
        for headers, scheme in (({}, 'Basic'), ({'User-Agent': 'curl/8'}, 'Basic'),
                                ({'User-Agent': 'Mozilla/5.0 X'}, 'Bearer'),
                                ({'User-Agent': 'Mozilla/5.0 X', 'Accept': 'text/html'}, 'Bearer')):
            answer = daemon.http('GET', '/streams/lab/snapshot.jpg', headers)
            self.assertEqual((answer.status, answer.headers['www-authenticate'].split()[0]), (401, scheme), headers)

    def test_the_page_can_ask_whom_the_daemon_takes_it_for(self):
        self.rules.user('ann', 'x', 'view')
        daemon = self.serve()
        cookie = self.login(daemon, 'ann', 'x').headers['set-cookie'].split(';')[0]
        for headers, told in (({}, ('', False, False)), (basic('ann', 'x'), ('ann', False, True)),
                              ({'Cookie': cookie}, ('ann', True, True)), (bearer('imt_x'), ('', False, False))):
            answer = daemon.http('GET', '/api/v1/session', headers).json()
            self.assertEqual((answer['name'], answer['is_session'], answer['may_view']), told)

    def test_login_leads_nowhere_else(self):
        self.rules.user('ann', 'x', 'view')
        daemon = self.serve()
        for to, where in (('/#/lab', '/#/lab'), ('//evil.example', '/'), ('/%5Cevil.example', '/'),
                          ('http://evil.example', '/'), ('/%0d%0aX-Y:z', '/'), ('', '/')):
            self.assertEqual(self.login(daemon, 'ann', 'x', next=to.replace('#', '%23'))
                             .headers['location'], where)
        page = daemon.http('GET', '/%22%3E%3Cscript%3E', {'Accept': 'text/html'})
        self.assertNotIn(b'<script', page.body)
        form = self.login(daemon, '%3Cscript%3E', 'x', next='/%22%3E%3Cscript%3E')
        self.assertNotIn(b'<script', form.body)
        self.assertRegex(form.headers['content-security-policy'],
                         r"^default-src 'none'; style-src 'sha256-\S+'; form-action 'self'; ")

    def test_forms_that_are_broken_are_answered(self):
        self.rules.user('ann', 'x', 'view')
        daemon = self.serve()
        for body in (b'', b'&&&', b'name', b'name=ann', b'name=%', b'name=%zz&password=%4', b'\0\xff',
                     b'name=' + b'a' * 200 + b'&password=x', b'name=a%00b&password=x', b'=' * 4096):
            self.assertIn(daemon.http('POST', '/login', body=body).status, (400, 401), body)
        self.assertEqual(daemon.http('POST', '/login', body=b'a' * 4097).status, 413)

    def test_basic_is_looked_at_before_a_body_is_taken(self):
        self.rules.user('ann', 'pass:word', 'push,view')
        daemon = self.serve()
        frame = npy_bytes(np.zeros((600, 800), 'u1'))
        for headers, status in ((basic('ann', 'pass:word'), 200), (basic('ann', 'pass:word'), 200),
                                (basic('ann', 'wrong'), 401), (basic('bob', 'pass:word'), 401),
                                ({'Authorization': 'Basic !'}, 401), ({'Authorization': 'Basic ' + 'QQ' * 400}, 401),
                                ({'Authorization': 'Basic ' + 'Q' * 3000}, 401),
                                ({'Authorization': 'Digest x'}, 401)):
            for body in (frame, npy_bytes(FRAME)):
                with self.subTest(headers=headers, size=len(body)):
                    self.assertEqual(daemon.http('POST', '/push/a', headers, body).status, status)
        self.assertEqual(daemon.http('GET', '/api/v1/streams/a', basic('ann', 'pass:word')).json()
                         ['published'], 4)

    def test_a_client_that_leaves_while_its_password_is_looked_at_costs_nothing(self):
        self.rules.user('ann', 'x', 'view')
        daemon = self.serve()
        for path in ('/api/v1/streams', '/login'):
            for _ in range(5):
                with socket.create_connection((daemon.host, daemon.port), WAIT_S) as own:
                    body = 'name=ann&password=y'
                    secret = basic('ann', 'z')['Authorization']
                    head = f'GET {path}' if path != '/login' else f'POST {path}'
                    own.sendall(f'{head} HTTP/1.1\r\nHost: x.1\r\nHost: {daemon.host}\r\nAuthorization: {secret}\r\n'
                                f'Content-Length: {len(body)}\r\n\r\n{body}'.encode())
        self.assertEqual(daemon.get('/healthz').status, 200)

    def test_guessing_is_slowed_down_and_tokens_go_on(self):
        self.rules.user('ann', 'right', 'view')
        token = self.rules.token('t', 'view')
        daemon = self.serve()
        statuses = [daemon.http('GET', '/', basic('ann', f'wrong{i}')).status for i in range(12)]
        self.assertEqual(statuses, [401] * 10 + [429] * 2)
        refused = daemon.http('GET', '/', basic('ann', 'right'))
        self.assertEqual(refused.status, 429)
        self.assertGreater(int(refused.headers['retry-after']), 0)
        self.assertEqual(self.login(daemon, 'ann', 'right').status, 429)
        self.assertEqual(daemon.http('GET', '/', bearer(token)).status, 200)
        daemon.logged(r'access 127\.0\.0\.1: a wrong password: it is not listened to')
        self.assertEqual(len(re.findall('a wrong password', daemon.log)), 2, 'one line for the first, one for the end')

    def test_a_new_password_ends_the_sessions_of_the_old_one(self):
        self.rules.user('ann', 'old', 'view')
        daemon = self.serve()
        cookie = self.login(daemon, 'ann', 'old').headers['set-cookie'].split(';')[0]
        self.assertEqual(daemon.http('GET', '/', {'Cookie': cookie}).status, 200)
        self.assertEqual(daemon.http('GET', '/', basic('ann', 'old')).status, 200)
        self.rules.run('add', 'user', 'ann', '--password', stdin='new\n')
        until(lambda: daemon.http('GET', '/', {'Cookie': cookie}).status == 401, 'the session ends')
        self.assertEqual(daemon.http('GET', '/', basic('ann', 'old')).status, 401)
        self.assertEqual(daemon.http('GET', '/', basic('ann', 'new')).status, 200)


if __name__ == '__main__':
    unittest.main()
