# SPDX-License-Identifier: MIT
"""A pusher whose frames lie in memory that the daemon maps (docs/protocol.md section 9, "Pool").

    pool = Pool(self, path, 'photo', slots=4, size=1 << 20)     # hello, ready, pool
    slot = pool.push(array)             # into a free slot; waits for a credit where there is none
    pool.free                           # the slots that are the pusher's
"""
import fcntl
import mmap
import os
import socket

import msgpack
import numpy as np

from .pusher import Pusher

F_ADD_SEALS, F_SEAL_SHRINK, F_SEAL_GROW = 1033, 2, 4
SEALS = F_SEAL_SHRINK | F_SEAL_GROW


def memfd(case, size, seals=SEALS):
    fd = os.memfd_create('slot', os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    case.addCleanup(os.close, fd)
    os.ftruncate(fd, size)
    if seals:
        fcntl.fcntl(fd, F_ADD_SEALS, seals)
    return fd


def send_with(pusher, message, fds):
    """The message, and the descriptors with its first byte."""
    socket.send_fds(pusher.socket, [msgpack.packb(message)], fds)


class Pool:
    def __init__(self, case, path, name, slots, size, **hello):
        self.pusher = Pusher(case, path)
        self.ready = self.pusher.hello(name, **hello)
        assert self.ready['type'] == 'ready', self.ready
        self.fds = [memfd(case, size) for _ in range(slots)]
        self.maps = [mmap.mmap(fd, size) for fd in self.fds]
        send_with(self.pusher, {'type': 'pool', 'slots': slots}, self.fds)
        answer = self.pusher.answer()
        assert answer == {'type': 'pool', 'slots': slots}, answer
        self.free = set(range(slots))

    def credit(self):
        """Waits for a slot that comes back."""
        answer = self.pusher.answer()
        assert answer and answer['type'] == 'credit' and 'slot' in answer, answer
        assert answer['slot'] not in self.free, answer
        self.free.add(answer['slot'])

    def fill(self, slot, array):
        data = np.ascontiguousarray(array).tobytes()
        self.maps[slot][:len(data)] = data

    def name(self, slot, array, **keys):
        self.pusher.send({'slot': slot, 'dtype': array.dtype.str, 'shape': list(array.shape), **keys})

    def push(self, array, **keys):
        while not self.free:
            self.credit()
        slot = self.free.pop()
        self.fill(slot, array)
        self.name(slot, array, **keys)
        return slot
