# SPDX-License-Identifier: MIT
"""The vectors of tests/wire, which C and TypeScript run too."""
import json
import unittest

import numpy as np
from base import ROOT

from imshowd import _wire


def plain(value):
    if isinstance(value, dict):
        if list(value) == ['$bin']:
            return bytes.fromhex(value['$bin'])
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def vectors(name):
    return json.loads((ROOT / 'tests/wire' / name).read_text(encoding='utf-8'))


class Vectors(unittest.TestCase):
    def test_messages_are_read_and_written_byte_for_byte(self):
        for name in ('push.json', 'viewer.json', 'server.json', 'picture.json'):
            for row in vectors(name):
                with self.subTest(name, vector=row['name']):
                    message, data = plain(row['value']), bytes.fromhex(row['bytes'])
                    self.assertEqual(_wire.unpack(data), message)
                    self.assertEqual(_wire.pack(message), data)

    def test_a_pushers_messages_come_out_of_bytes_cut_anywhere(self):
        rows = vectors('push.json')
        data = b''.join(bytes.fromhex(row['bytes']) for row in rows)
        for step in (1, 7, 1 << 20):
            inbox, got = _wire.Inbox(), []
            for at in range(0, len(data), step):
                got += inbox.feed(data[at:at + step])
            self.assertEqual(got, [plain(row['value']) for row in rows])

    def test_frames_are_written_in_parts_that_make_the_same_message(self):
        for row in vectors('push.json'):
            message = plain(row['value'])
            if 'dtype' not in message or 'data' not in message:
                continue
            with self.subTest(vector=row['name']):
                data = memoryview(message.pop('data'))
                frame = _wire.frame(message['dtype'], message['shape'], message.get('time_us'),
                                    message.get('meta'), message.get('labelled'))
                self.assertEqual(frame, message)
                parts = _wire.pack_with_bins(frame, {'data': data})
                self.assertEqual(_wire.unpack(b''.join(parts)), {**message, 'data': bytes(data)})
                self.assertTrue(any(part.obj is data.obj for part in parts), 'the items are not copied')

    def test_heads_of_every_size_of_bin_are_right(self):
        for size in (0, 1, 255, 256, 65535, 65536):
            data = np.zeros(size, 'u1').data
            self.assertEqual(_wire.unpack(b''.join(_wire.pack_with_bins({}, {'data': data}))),
                             {'data': bytes(size)})

    def test_what_is_no_message_is_refused(self):
        for data in (b'\xc1', b'\x01', b'\x91\x01', b'\x81\x01\x02', b'HTTP/1.1 400', b'\xdb\xff\xff\xff\xff' +
                     bytes(_wire.ANSWER_BYTES_MAX)):
            with self.subTest(data=data[:12]), self.assertRaises(ValueError):
                list(_wire.Inbox().feed(data))


if __name__ == '__main__':
    unittest.main()
