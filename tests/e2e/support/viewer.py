# SPDX-License-Identifier: MIT
"""A viewer: the messages of docs/protocol.md over a WebSocket.

    viewer = connect(self, daemon)              # closed when the test ends
    watching = viewer.watch('lab', codec='jpeg')
    picture = viewer.picture()                  # the next whole one; `data` is all of its parts
    viewer.ack(picture)
    viewer.hover(picture, 3, 4)['value']

    with Watcher(daemon, 'lab') as watcher:     # another viewer on a thread, which acknowledges all
        ...
    watcher.pictures                            # (seq, size) of each
"""
import contextlib
import socket
import threading
import time

import msgpack

from .websocket import Closed, WebSocket

WAIT_S = 180


class Viewer:
    def __init__(self, daemon, **keys):
        self.socket = WebSocket(daemon.host, daemon.port, **keys)
        self.inbox = []  # messages that nobody has asked for yet
        self.messages = []  # names of the types, as they came
        self.requests = 0
        self.partial = {}  # by view: (picture, its parts so far)

    def close(self):
        self.socket.close()

    def send(self, message):
        self.socket.send(msgpack.packb(message))

    def read(self):
        """The next message, pictures whole; None for a piece of one."""
        message = msgpack.unpackb(self.socket.receive())
        self.messages.append(message['type'])
        if message['type'] == 'picture':
            self.partial[message['view']] = (message, [message['data']])
        elif message['type'] == 'part':
            picture, parts = self.partial[message['view']]
            assert (picture['picture'], len(parts)) == (message['picture'], message['part'])
            parts.append(message['data'])
        else:
            return message
        picture, parts = self.partial[message['view']]
        if len(parts) < picture['parts']:
            return None
        del self.partial[message['view']]
        whole = {**picture, 'data': b''.join(parts), 'pieces': [len(p) for p in parts]}
        assert len(whole['data']) == whole['size']
        return whole

    def wait(self, test, what='a message'):
        """The first message that satisfies `test`, of those that came or come; it is taken out."""
        end = time.monotonic() + WAIT_S
        for i, message in enumerate(self.inbox):
            if test(message):
                return self.inbox.pop(i)
        while time.monotonic() < end:
            message = self.read()
            if message and test(message):
                return message
            if message:
                self.inbox.append(message)
        raise AssertionError(f'never within {WAIT_S} s: {what}')

    def request(self, kind, **keys):
        self.requests += 1
        request = self.requests
        self.send({'type': kind, 'request': request, **keys})
        return self.wait(lambda m: m.get('request') == request, kind)

    def ask_watch(self, stream, **keys):
        return self.request('watch', stream=stream, **keys)

    def watch(self, stream, **keys):
        """Waits for the stream's first frame if need be."""
        self.until_state(stream, 'live')
        answer = self.ask_watch(stream, **keys)
        assert answer['type'] == 'watching', answer
        return answer

    def picture(self, view=None, test=lambda p: True):
        """The next picture that satisfies `test`, taken; others are acknowledged on the way."""
        while True:
            found = self.wait(lambda m: m['type'] == 'picture' and view in (None, m['view']),
                              'a picture')
            if test(found):
                return found
            self.ack(found)

    def ack(self, picture):
        self.send({'type': 'ack', 'view': picture['view'], 'picture': picture['picture']})

    def hover(self, picture, x, y):
        return self.request('hover', view=picture['view'], picture=picture['picture'],
                            seq=picture['seq'], x=x, y=y)

    def sync(self):
        """Everything that was sent before has been answered; returns what has come and not been asked for."""
        self.request('ping')
        return self.inbox

    def until_state(self, stream, state, reason=''):
        """Waits until the list of streams has it so."""
        if self.__dict__.get('list'):
            for s in self.list:
                if s['name'] == stream and s['state'] == state and reason in s['reason']:
                    return s
        while True:
            self.list = self.wait(lambda m: m['type'] == 'streams', f'{stream} {state}')['streams']
            for s in self.list:
                if s['name'] == stream and s['state'] == state and reason in s['reason']:
                    return s


def connect(case, daemon, **keys):
    viewer = Viewer(daemon, **keys)
    case.addCleanup(viewer.close)
    return viewer


class Watcher(threading.Thread):
    """Reads and acknowledges on its own thread."""

    def __init__(self, daemon, stream, headers=(), **keys):
        super().__init__(daemon=True)
        self.viewer = Viewer(daemon, headers=dict(headers).items())
        self.view = self.viewer.watch(stream, **keys)['view']
        self.pictures = []
        self.error = None
        self.ending = False
        self.changed = threading.Condition()

    def run(self):
        try:
            while True:
                picture = self.viewer.picture(self.view)
                self.viewer.ack(picture)
                with self.changed:
                    self.pictures.append((picture['seq'], picture['size']))
                    self.changed.notify_all()
        except (Closed, OSError, AssertionError) as error:
            with self.changed:
                self.error = None if self.ending else error
                self.changed.notify_all()

    def wait_count(self, count):
        """Until so many pictures have come in all."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.pictures) >= count or self.error, WAIT_S)
            assert len(self.pictures) >= count, f'{len(self.pictures)} of {count}: {self.error}'

    def wait_more(self, count=3):
        self.wait_count(len(self.pictures) + count)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending = True
        with contextlib.suppress(OSError):  # the daemon may have closed it already
            self.viewer.socket.socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self.viewer.close()
        assert self.error is None, self.error
