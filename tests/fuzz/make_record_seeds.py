#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""make_record_seeds.py BUILD: the first corpus of the targets mcap and record. Files are record_samples', messages are taken
out of them by what docs/recording.md says. Findings are added by hand."""
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROWS = {b'foxglove.CompressedImage': 0, b'foxglove.RawImage': 1, b'imshow.Array': 2, b'imshow.Labels': 3,
        b'imshow.Figure': 4}


def records(data, at):
    while at + 9 <= len(data):
        op, length = struct.unpack_from('<BQ', data, at)
        yield op, data[at + 9:at + 9 + length]
        at += 9 + length


def text(body, at):
    size, = struct.unpack_from('<I', body, at)
    return body[at + 4:at + 4 + size], at + 4 + size


def messages(data):
    """(schema's name, message) of all chunks that are not compressed."""
    schemas, channels = {}, {}
    for op, body in records(data, 8):
        name, at = text(body, 28) if op == 6 else (b'?', 0)
        if op != 6 or name:
            continue
        for inner, record in records(body[at + 8:], 0):
            number, = struct.unpack_from('<H', record)
            if inner == 3:
                schemas[number] = text(record, 2)[0]
            elif inner == 4:
                channels[number] = schemas[struct.unpack_from('<H', record, 2)[0]]
            elif inner == 5:
                yield channels[number], record[22:]


def main(build):
    for target in ('mcap', 'record'):
        (HERE / 'corpus' / target).mkdir(parents=True, exist_ok=True)
    folder = HERE / 'corpus' / 'mcap'
    subprocess.run([f'{build}/bin/record_samples', 'seeds', str(folder)], check=True, stdout=subprocess.DEVNULL)
    for path in sorted(folder.glob('*.mcap')):
        for number, (schema, message) in enumerate(messages(path.read_bytes())):
            if schema in ROWS:
                name = schema.decode().split('.')[1].lower()
                (HERE / 'corpus' / 'record' / f'{path.stem}-{name}-{number}').write_bytes(bytes([ROWS[schema]]) + message)
        path.rename(path.with_suffix(''))


main(sys.argv[1])
