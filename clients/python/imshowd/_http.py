# SPDX-License-Identifier: MIT
"""The daemon's routes for programs: one request, one answer."""
from __future__ import annotations

import http.client
import json
import urllib.parse
from typing import Any, Mapping, Optional

from ._address import Address, authorization, trust
from ._errors import ConnectionLost, ServerError

ANSWER_BYTES_MAX = 512 << 20


class Web:
    """A connection that is kept between requests, and made again when the daemon has closed it."""

    def __init__(self, address: Address, timeout: float):
        self.address, self.timeout = address, timeout
        self.connection: Optional[http.client.HTTPConnection] = None

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def request(self, method: str, path: str, body: Optional[bytes] = None) -> 'tuple[Mapping[str, str], bytes]':
        """Headers and body. Raises ServerError with the daemon's words, ConnectionLost."""
        is_old = self.connection is not None
        try:
            return self._ask(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not is_old or isinstance(error, TimeoutError):
                raise ConnectionLost(f'{self.address}: {error}; is imshowd running?') from error
        try: # an idle connection may have been closed by the other side
            return self._ask(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ConnectionLost(f'{self.address}: {error}; is imshowd running?') from error

    def _ask(self, method: str, path: str, body: Optional[bytes]) -> 'tuple[dict[str, str], bytes]':
        if self.connection is None:
            host, port = self.address.host, self.address.port
            self.connection = (
                http.client.HTTPSConnection(host, port, timeout=self.timeout, context=trust())
                if self.address.kind == 'https' else http.client.HTTPConnection(host, port, timeout=self.timeout))
        self.connection.request(method, self.address.path + path, body, authorization())
        response = self.connection.getresponse()
        data = response.read(ANSWER_BYTES_MAX)
        if response.status != 200:
            raise ServerError(f'http-{response.status}', words_of(data, response.reason))
        return dict(response.headers.items()), data


def words_of(data: bytes, reason: str) -> str:
    try:
        return str(json.loads(data)['error'])
    except (ValueError, KeyError, TypeError):
        return reason


def route(stream: str, leaf: str) -> str:
    return f'/streams/{urllib.parse.quote(stream, safe="")}/{leaf}'


def stream_path(stream: str) -> str:
    return f'/api/v1/streams/{urllib.parse.quote(stream, safe="")}'


def patch(address: Address, stream: str, change: Mapping[str, Any], timeout: float) -> None:
    """Changes what everyone sees of the stream."""
    web = Web(address, timeout)
    try:
        web.request('PATCH', stream_path(stream), json.dumps(change).encode())
    finally:
        web.close()
