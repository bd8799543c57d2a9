#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the first streams of corpus/inlet, out of the other corpora: python3 make_inlet_seeds.py."""
import pathlib

CORPUS = pathlib.Path(__file__).parent / 'corpus'
OUT = CORPUS / 'inlet'


def seed(target, name):
    return (CORPUS / target / name).read_bytes()


def write(name, data, cut=6):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_bytes(bytes([cut]) + data)


def parts(body, length=True):
    head = b'--b\r\nContent-Type: image/x\r\n' + (b'Content-Length: %d\r\n' % len(body) if length else b'')
    return (head + b'X-Timestamp: 1700000000.5\r\n\r\n' + body + b'\r\n') * 2 + b'--b--\r\n'


jpeg, png = seed('jpeg', 'rgb-420'), seed('png', 'rgb')
write('jpeg', jpeg + bytes(9) + seed('jpeg', 'grey') + b'\xff' + jpeg)
write('jpeg-progressive', seed('jpeg', 'progressive') * 2, 0)
write('png', png + seed('png', 'palette-transparent'))
write('y4m', seed('y4m', '420'))
write('y4m-mono', seed('y4m', 'mono'), 0)
write('pnm', seed('pnm', 'grey') + seed('pnm', 'pam'))
write('multipart', parts(jpeg))
write('multipart-bare', parts(jpeg, False), 0)
write('multipart-png', b'\r\n' + parts(png, False))
write('multipart-cut', parts(jpeg)[:-40])
write('msgpack', b'\x82\xa1a\x01\xa1b\xc4\x03xyz' * 3)
write('npy', sorted((CORPUS / 'npy').iterdir())[0].read_bytes() * 2)
