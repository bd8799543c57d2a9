# SPDX-License-Identifier: MIT
"""Memory that the daemon maps as well: frames are written once and copied by nobody (protocol section 9).

    pool = Pool.create(nbytes)                      # None where that cannot be
    link.send(pool.message(), deadline, pool.fds)
    slot = pool.take(nbytes)                        # None: the daemon has them all
    pool.view(slot, dtype, shape)[...] = picture
    pool.give_back(slot)                            # when its credit comes
"""
from __future__ import annotations

import fcntl
import mmap
import os
from typing import Optional, Sequence

import numpy as np

from . import _wire

SLOTS, SLOTS_LEAST = 6, 3 # with three the daemon always gives one back
SLOT_BYTES_MAX, POOL_BYTES_MAX = 128 << 20, 256 << 20
WORTH_BYTES = 32 * 1024 # a smaller frame goes by the socket as fast


class Pool:
    def __init__(self, slots: int, size: int):
        self.size = size
        self.fds: list[int] = []
        self.maps: list[mmap.mmap] = []
        self.free = list(range(slots))
        try:
            for i in range(slots):
                self.fds.append(os.memfd_create(f'imshow-{i}', os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING))
                os.ftruncate(self.fds[i], size)
                self.maps.append(mmap.mmap(self.fds[i], size))
                fcntl.fcntl(self.fds[i], fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
        except OSError:
            self.close_fds()
            raise

    @classmethod
    def create(cls, nbytes: int) -> 'Optional[Pool]':
        """For frames of so many bytes."""
        if nbytes > SLOT_BYTES_MAX or not hasattr(os, 'memfd_create'):
            return None
        size = -(-nbytes // mmap.PAGESIZE) * mmap.PAGESIZE
        slots = min(SLOTS, POOL_BYTES_MAX // size)
        try:
            return cls(slots, size) if slots >= SLOTS_LEAST else None
        except OSError:
            return None # no memory, no descriptors: the socket serves

    def message(self) -> list[memoryview]:
        return [memoryview(_wire.pack({'type': 'pool', 'slots': len(self.maps)}))]

    def close_fds(self) -> None:
        """Once they are sent nobody here needs them; the mappings stay."""
        while self.fds:
            os.close(self.fds.pop())

    def take(self, nbytes: int) -> Optional[int]:
        return self.free.pop() if self.free and nbytes <= self.size else None

    def give_back(self, slot: object) -> None:
        if isinstance(slot, int) and 0 <= slot < len(self.maps) and slot not in self.free:
            self.free.append(slot)

    def view(self, slot: int, dtype: np.dtype, shape: Sequence[int]) -> np.ndarray:
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(self.maps[slot], dtype, count).reshape(tuple(shape))
