# SPDX-License-Identifier: MIT
"""Access rules as `imshow access` writes them, and the table of routes that they are about.

    rules = Rules(folder)
    token = rules.token('press', 'push', 'p-*')         # the text to show
    rules.user('ann', 'pass word', 'view,control', 'lab')
    daemon = self.start('--access', rules.path, 'lab=test:lab')
    daemon.get('/', **bearer(token))
    rules.revoke('token', 'press')

    for route in table():                               # every row of routes.c: pattern, method, right, rule
"""
import base64
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from .daemon import BUILD, ROOT, WAIT_S, DaemonCase
from .viewer import Viewer


class Rules:
    def __init__(self, folder):
        self.path = Path(folder) / 'access'

    def run(self, *args, stdin='', check=True):
        done = subprocess.run([str(BUILD / 'bin/imshow'), 'access', *map(str, args), '--file', str(self.path)],
                              input=stdin, capture_output=True, text=True, timeout=WAIT_S, check=False)
        if check and done.returncode:
            raise AssertionError(done)
        return done if not check else done.stdout.strip()

    def add(self, kind, name, rights, streams, *more, stdin=''):
        return self.run('add', kind, name, '--rights', rights, '--streams', streams, *more, stdin=stdin)

    def token(self, name, rights, streams='*', *more):
        return self.add('token', name, rights, streams, *more)

    def user(self, name, password, rights, streams='*', *more):
        self.add('user', name, rights, streams, *more, stdin=password + '\n')

    def revoke(self, kind, name):
        self.run('revoke', kind, name)

    def link(self, stream, *more):
        return self.run('link', stream, *more)


def bearer(token):
    return {'Authorization': f'Bearer {token}'}


def basic(name, password):
    return {'Authorization': 'Basic ' + base64.b64encode(f'{name}:{password}'.encode()).decode()}


class Route(NamedTuple):
    pattern: str
    method: str
    right: str
    is_socket: bool
    rule: str

    def path(self, name):
        return self.pattern.replace('NAME', name)

    @property
    def is_of_stream(self):
        return self.rule in ('STREAM', 'PICTURE')

    @property
    def is_endless(self):
        return self.pattern in ('/stream', '/streams/NAME/stream.mjpg')


ROW = re.compile(r'\{"(/[^"]*)",\s*METHOD_(\w+),\s*RIGHT_(\w+),\s*(true|false),.*?RULE_(\w+)\}', re.S)


def table():
    text = (ROOT / 'daemon/serve/routes.c').read_text(encoding='utf-8')
    text = text[text.index('routes[] = {'):text.index('{NULL, METHOD_GET')]
    rows = [Route(p, m, right.lower(), s == 'true', rule) for p, m, right, s, rule in ROW.findall(text)]
    assert len(rows) == text.count('{"/'), 'a row of routes.c that this pattern does not read'
    return rows


class AccessCase(DaemonCase):
    def setUp(self):
        super().setUp()
        self.rules = Rules(self.folder)

    def serve(self, *args, **keys):
        """A daemon with these rules and two streams."""
        return self.start('--access', self.rules.path, 'lab=test:lab', 'other=test:clock', *args, **keys)

    def viewer(self, daemon, token):
        viewer = Viewer(daemon, headers=bearer(token).items())
        self.addCleanup(viewer.close)
        return viewer
