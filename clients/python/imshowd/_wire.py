# SPDX-License-Identifier: MIT
"""The messages of ``imshow.v1``: msgpack maps (docs/protocol.md section 9)."""
from __future__ import annotations

import struct
from typing import Any, Iterator, Mapping, Optional, Sequence

import msgpack

from ._address import token

VERSION = 1
SUBPROTOCOL = 'imshow.v1'
ANSWER_BYTES_MAX = 64 * 1024  # of one message from the daemon to a pusher
FRAME_BYTES_MAX = 128 << 20
META_KEYS_MAX, META_BYTES_MAX = 32, 4096


def pack(message: Mapping[str, Any]) -> bytes:
    return msgpack.packb(message, use_bin_type=True)


def unpack(data: bytes) -> Any:
    """One whole message; raises ValueError for anything else."""
    return msgpack.unpackb(data, raw=False, strict_map_key=True)


def bin_head(size: int) -> bytes:
    """What stands before the `size` bytes of a bin."""
    if size < 1 << 8:
        return struct.pack('>BB', 0xc4, size)
    if size < 1 << 16:
        return struct.pack('>BH', 0xc5, size)
    return struct.pack('>BI', 0xc6, size)


def pack_with_bins(message: Mapping[str, Any], bins: Mapping[str, memoryview]) -> list[memoryview]:
    """A message in parts that are sent one behind the other: large bytes stay where they are."""
    packer = msgpack.Packer(use_bin_type=True, autoreset=False)
    packer.pack_map_header(len(message) + len(bins))
    for key, value in message.items():
        packer.pack(key)
        packer.pack(value)
    parts = [packer.bytes()]
    for key, data in bins.items():
        parts[-1] += pack_text(key) + bin_head(data.nbytes)
        parts += [data, b'']
    return [memoryview(part) for part in parts if len(part)]


def pack_text(text: str) -> bytes:
    return msgpack.packb(text, use_bin_type=True)


class Inbox:
    """Messages out of bytes that come cut anywhere."""

    def __init__(self, limit: int = ANSWER_BYTES_MAX):
        self.unpacker = msgpack.Unpacker(raw=False, strict_map_key=True, max_buffer_size=limit)

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Raises ValueError when the bytes are no messages of maps, or too long for one."""
        try:
            self.unpacker.feed(data)
            for message in self.unpacker:
                if not isinstance(message, dict):
                    raise ValueError('a message is no map')
                yield message
        except (msgpack.exceptions.UnpackException, msgpack.exceptions.BufferFull) as error:
            raise ValueError(f'no msgpack: {error}') from error


def hello(name: str, parts: Mapping[str, Any], takeover: bool) -> dict[str, Any]:
    """`parts` are params, labelled, ops, points: those that are empty are left out."""
    message: dict[str, Any] = {'type': 'hello', 'version': VERSION, 'name': name}
    message.update({key: value for key, value in parts.items() if value})
    if takeover:
        message['takeover'] = True
    own = token()
    if own:
        message['token'] = own
    message['pace'] = 'credit'
    return message


def frame(dtype: str, shape: Sequence[int], time_us: Optional[int], meta: Optional[Mapping[str, Any]],
          labelled: Optional[Mapping[str, Any]]) -> dict[str, Any]:
    """All of a frame but its values, which are ``data`` or lie in a ``slot``."""
    message: dict[str, Any] = {'dtype': dtype, 'shape': list(shape)}
    if time_us is not None:
        message['time_us'] = time_us
    if meta:
        message['meta'] = dict(meta)
    if labelled is not None:
        message['labelled'] = dict(labelled)
    return message
