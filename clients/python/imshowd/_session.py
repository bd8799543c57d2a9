# SPDX-License-Identifier: MIT
"""What pushing of frames and of points have in common: the hello, credits, losing the daemon and coming back.

A session connects when it has something to send, at the soonest when its pause after a loss is over, and
holds its lock for no longer than its timeout. It has no thread of its own: messages of the daemon are read
when the next thing is sent.
"""
from __future__ import annotations

import threading
import urllib.parse
import warnings
from typing import Any, Optional, Sequence

from . import _link, _wire
from ._address import resolve
from ._errors import ConnectionLost, Error, ServerError, TakenOver, server_error
from ._pool import Pool

PAUSE_S, PAUSE_MAX_S = 0.1, 5.0 # before a lost daemon is looked for again
PACES = ('drop', 'wait')
REACTIONS = ('raise', 'warn', 'ignore')
COMES_AGAIN = ('name-in-use', 'too-many') # what may be otherwise when a connection is made again


class Session:
    def __init__(self, name: str, server: Optional[str], takeover: bool, pace: str, on_error: str,
                 timeout: float, hello: dict[str, Any]):
        if pace not in PACES:
            raise ValueError(f'pace {pace!r}: give "drop" or "wait"')
        if on_error not in REACTIONS:
            raise ValueError(f'on_error {on_error!r}: give "raise", "warn" or "ignore"')
        self.name = name
        self.address = resolve(server)
        self.pace, self.on_error, self.timeout = pace, on_error, float(timeout)
        self.takeover = takeover
        self.hello = hello
        self.lock = threading.RLock()
        self.link: Optional[_link.Link] = None
        self.credits: Optional[int] = None # None: the daemon gives none
        self.window = 0
        self.pool: Optional[Pool] = None
        self.may_pool = True
        self.pause, self.retry_at = PAUSE_S, 0.0
        self.error: Optional[Error] = None # why the last one was not sent; None: it was
        self.is_over = False # closed, or taken over
        self.has_warned = False

    # ---- connecting ----

    @property
    def url(self) -> str:
        return f'{self.address.web}/#/{urllib.parse.quote(self.name, safe="")}'

    def connect(self, deadline: float, takeover: bool) -> None:
        """Until the daemon says ready."""
        path = '/push/' + urllib.parse.quote(self.name, safe='')
        link = _link.connect(self.address, path, deadline)
        try:
            link.send([memoryview(_wire.pack(_wire.hello(self.name, self.hello, takeover)))], deadline)
            ready = self.first_answer(link, deadline)
        except BaseException:
            link.close()
            raise
        self.drop_link()
        self.link = link
        self.name = str(ready.get('name', self.name))
        self.credits = ready['credits'] if isinstance(ready.get('credits'), int) else None
        self.window = self.credits or 0
        self.pause = PAUSE_S

    @staticmethod
    def first_answer(link: _link.Link, deadline: float) -> dict[str, Any]:
        for message in link.receive(deadline):
            if message.get('type') == 'error':
                raise server_error(message)
            return message
        raise link.ended or ConnectionLost(f'{link.where}: no answer in time; is that imshowd?')

    def drop_link(self) -> None:
        if self.link:
            self.link.close()
        self.link = self.pool = None

    def has_link(self, deadline: float) -> bool:
        """Connects if that is due; False: not yet."""
        if self.is_over:
            raise self.error or Error(f'{self.name} is closed')
        if self.link:
            self.take_messages(None)
        if not self.link and _link.now() >= self.retry_at:
            self.connect(deadline, self.takeover)
        return self.link is not None

    # ---- what the daemon says ----

    def take_messages(self, deadline: Optional[float]) -> None:
        assert self.link
        for message in self.link.receive(deadline):
            if message.get('type') == 'credit':
                self.take_credit(message)
            elif message.get('type') == 'error':
                raise server_error(message)
        if self.link.ended:
            raise self.link.ended

    def take_credit(self, message: dict[str, Any]) -> None:
        frames = message.get('frames')
        if isinstance(frames, int) and self.credits is not None:
            self.credits = min(self.window, self.credits + frames)
        if self.pool:
            self.pool.give_back(message.get('slot'))

    def has_room(self) -> bool:
        assert self.link
        return self.link.can_send() if self.credits is None else self.credits > 0

    def wait_room(self, deadline: float) -> bool:
        """Drops at once, or waits for a credit until the deadline, as the pace says."""
        while not self.has_room():
            if self.pace == 'drop' or _link.now() >= deadline:
                return False
            assert self.link
            if self.credits is None:
                self.link.wait(_link.select.POLLOUT, deadline)
            else:
                self.take_messages(deadline)
        return True

    def wait_taken(self, deadline: float) -> None:
        """Until the daemon has taken all that was sent, if it tells."""
        while self.credits is not None and self.credits < self.window and _link.now() < deadline:
            self.take_messages(deadline)

    def send(self, parts: Sequence[memoryview], deadline: float) -> None:
        assert self.link
        self.link.send(parts, deadline)
        if self.credits is not None:
            self.credits -= 1
        self.error, self.has_warned = None, False

    # ---- failing ----

    def failed(self, error: Error, stacklevel: int = 3) -> None:
        """Makes of a failure what `on_error` says, and plans the next try."""
        error = self.words_of(error)
        self.drop_link()
        self.error = error
        self.is_over = self.is_over or isinstance(error, TakenOver)
        self.may_pool = self.may_pool and getattr(error, 'code', '') != 'bad-pool'
        self.retry_at = _link.now() + self.pause
        self.pause = min(PAUSE_MAX_S, self.pause * 2)
        if self.on_error == 'raise':
            raise error
        if self.on_error == 'warn' and not self.has_warned:
            self.has_warned = True
            warnings.warn(f'imshowd: {self.name}: {error}', RuntimeWarning, stacklevel)

    def failed_at_start(self, error: Error) -> None:
        """A program that starts wrongly is told, unless it wants to know nothing."""
        reaction, self.on_error = self.on_error, 'ignore' if self.on_error == 'ignore' else 'raise'
        try:
            self.failed(error)
        finally:
            self.on_error = reaction

    def words_of(self, error: Error) -> Error:
        """The daemon may have said why before it closed the connection."""
        if self.link and isinstance(error, ConnectionLost):
            try:
                self.take_messages(None)
            except ServerError as said:
                return said
            except ConnectionLost:
                pass
        return error

    def close(self) -> None:
        """Ends it. The stream stays in the page for a while, as lost. May be called again."""
        with self.lock:
            if self.link and not self.is_over:
                try:
                    self.wait_taken(_link.now() + self.timeout)
                except Error:
                    pass
            self.drop_link()
            self.is_over = True
