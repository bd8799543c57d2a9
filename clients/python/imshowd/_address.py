# SPDX-License-Identifier: MIT
"""Where the daemon is.

``unix:PATH``            its push socket (``--push-unix``): the fastest, by shared memory
``tcp:HOST:PORT``        its push port (``--push-tcp``)
``http://HOST:PORT``     its web port, by WebSocket; ``HOST:PORT`` means the same
"""
from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple, Optional

if TYPE_CHECKING:
    import ssl

DEFAULT_URL = 'http://127.0.0.1:8080'
PORTS = {'http': 80, 'https': 443}


class Address(NamedTuple):
    kind: str  # 'unix', 'tcp', 'http' or 'https'
    host: str  # of 'unix': the path
    port: int
    path: str  # of http: what stands before /push/NAME; no slash at its end

    @property
    def is_web(self) -> bool:
        return self.kind in PORTS

    @property
    def web(self) -> str:
        """The address of the page, without a slash at its end."""
        if not self.is_web:
            return DEFAULT_URL
        host = f'[{self.host}]' if ':' in self.host else self.host
        return f'{self.kind}://{host}:{self.port}{self.path}'

    def __str__(self) -> str:
        return f'unix:{self.host}' if self.kind == 'unix' else (
            self.web if self.is_web else f'tcp:{self.host}:{self.port}')


def token() -> Optional[str]:
    """What shows the daemon who this is, where it has access rules: ``$IMSHOW_TOKEN``, as `imshow access` gave it."""
    return os.environ.get('IMSHOW_TOKEN') or None


def authorization() -> dict[str, str]:
    """The same as a header of HTTP."""
    own = token()
    return {'Authorization': f'Bearer {own}'} if own else {}


def trust() -> 'ssl.SSLContext':
    """Whom HTTPS trusts: the system's authorities, or those of ``$IMSHOW_CA_FILE``."""
    import ssl # only those who need it pay for it
    return ssl.create_default_context(cafile=os.environ.get('IMSHOW_CA_FILE') or None)


def default_sockets() -> list[str]:
    """The push sockets that are tried when nothing is said: the user's daemon, then the system's."""
    runtime = os.environ.get('XDG_RUNTIME_DIR')
    own = [os.path.join(runtime, 'imshow.sock')] if runtime else []
    return [*own, '/run/imshowd/push.sock']


def is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False


def split_host(text: str, given: str, port: int = 0) -> tuple[str, int]:
    """``HOST:PORT``, ``[::1]:PORT``; the port may be left out where there is a default."""
    host, colon, digits = text.rpartition(':')
    if not colon or digits.endswith(']'):
        host, digits = text, str(port or '')
    if not host.strip('[]') or not digits.isdecimal() or not 0 < int(digits) < 65536:
        raise ValueError(f'server {given!r}: give unix:/PATH, tcp:HOST:PORT or http://HOST:PORT')
    return host.strip('[]'), int(digits)


def parse(text: str) -> Address:
    """Reads an address; raises ValueError with the forms that there are."""
    kind, _, rest = text.partition(':')
    if kind == 'unix' and rest:
        return Address('unix', rest, 0, '')
    if kind == 'tcp':
        return Address('tcp', *split_host(rest.lstrip('/'), text), '')
    scheme, found, rest = text.partition('://')
    if not found:
        scheme, rest = 'http', text
    if scheme not in PORTS:
        raise ValueError(f'server {text!r}: give unix:/PATH, tcp:HOST:PORT or http://HOST:PORT')
    host, slash, path = rest.partition('/')
    return Address(scheme, *split_host(host, text, PORTS[scheme]), (slash + path).rstrip('/'))


def resolve(server: Optional[str], web_only: bool = False) -> Address:
    """The argument, else ``$IMSHOW_SERVER``, else a push socket that is there, else `DEFAULT_URL`.

    With `web_only`, for reading: push sockets cannot be read from, so `DEFAULT_URL` stands for them.
    """
    if server:
        return parse(server)
    found = os.environ.get('IMSHOW_SERVER')
    address = parse(found) if found else None
    if address and (address.is_web or not web_only):
        return address
    if not web_only:
        for path in filter(is_socket, default_sockets()):
            return Address('unix', path, 0, '')
    return parse(DEFAULT_URL)
