# SPDX-License-Identifier: MIT
"""What can go wrong, as exceptions."""
from __future__ import annotations

from typing import Any, Mapping


class Error(Exception):
    """The base of all errors of this package."""


class ServerError(Error):
    """The daemon said no, in its own words.

    Attributes
    ----------
    code : str
        One of the protocol's error codes (``'bad-frame'``, ``'name-in-use'`` …), or ``'http-404'``.
    """

    def __init__(self, code: str, text: str):
        super().__init__(text)
        self.code = code


class TakenOver(ServerError):
    """Another program pushes this stream now; it asked to take it over."""


class ConnectionLost(Error, ConnectionError):
    """There is no daemon at the address, or it went away."""


def server_error(message: Mapping[str, Any]) -> ServerError:
    """The exception for a message of type ``error``."""
    code, text = str(message.get('code', '')), str(message.get('text', ''))
    return (TakenOver if code == 'refused' else ServerError)(code, text)
