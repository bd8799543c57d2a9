#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check.py LIBRARY v4l2ctl|ustreamer: programs that know nothing of the fake camera capture from it.

Exits 77 when the program is not installed.
"""
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

WIDTH, HEIGHT, FRAMES, LIMIT_S = 800, 600, 30, 60


def environment(library, device, formats):
    return dict(os.environ, LD_PRELOAD=library, FAKECAM_DEVICE=device, FAKECAM_FPS='30',
                FAKECAM_FORMATS=formats, FAKECAM_SIZES=f'{WIDTH}x{HEIGHT}')


def luma(x, y, seq):
    if y < 16:
        return 235 if seq >> (15 - x * 16 // WIDTH) & 1 else 16
    return (x + y + 4 * seq) & 0xff


def expected(fourcc, x, y, seq):
    """Offset in the frame and bytes there."""
    i = y * WIDTH + x
    if fourcc == 'Y16 ':
        return 2 * i, struct.pack('<H', (x * 7 + y * 131 + seq * 1009) & 0xffff)
    if fourcc == 'GREY':
        return i, bytes([luma(x, y, seq)])
    chroma = 128 if y < 16 else 160 if x & 1 else 96
    return 2 * i, bytes([luma(x, y, seq), chroma])


def check_v4l2ctl(library, folder, device):
    for fourcc, size in ('YUYV', 2), ('GREY', 1), ('Y16 ', 2):
        env = environment(library, device, fourcc.strip())
        out = os.path.join(folder, 'frames')
        subprocess.run(['v4l2-ctl', '-d', device, '--stream-mmap', f'--stream-count={FRAMES}',
                        f'--stream-to={out}'], env=env, check=True, timeout=LIMIT_S)
        with open(out, 'rb') as f:
            data = f.read()
        bytes_a_frame = WIDTH * HEIGHT * size
        assert len(data) == FRAMES * bytes_a_frame, (fourcc, len(data))
        # a slow machine may lose frames: the first bytes of each say which one it is
        seq = -1
        for frame in (data[i:i + bytes_a_frame] for i in range(0, len(data), bytes_a_frame)):
            seq = next(s for s in range(seq + 1, seq + 2000) if all(
                frame[at:at + len(want)] == want for at, want in
                (expected(fourcc, x, y, s) for x in range(0, WIDTH, 20) for y in (3, 40, 599))))
        print(fourcc, FRAMES, 'frames, the last is', seq)


def jpeg_size(data):
    """(width, height) by the SOF segment."""
    i = 2
    while data[i] == 0xff and not 0xc0 <= data[i + 1] <= 0xc2:
        i += 2 + struct.unpack('>H', data[i + 2:i + 4])[0]
    height, width = struct.unpack('>HH', data[i + 5:i + 9])
    return width, height


def read_parts(path):
    """The JPEG pictures of /stream on a Unix socket."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(LIMIT_S)
    s.connect(path)
    s.sendall(b'GET /stream HTTP/1.0\r\nHost: localhost\r\n\r\n')
    file = s.makefile('rb')
    while True:
        line = file.readline()
        assert line, 'the stream ended'
        if line.lower().startswith(b'content-length:'):
            while file.readline().strip():
                pass
            yield file.read(int(line.split(b':')[1]))


def check_ustreamer(library, folder, device):
    path = os.path.join(folder, 'socket')
    daemon = subprocess.Popen(['ustreamer', '-d', device, '-r', f'{WIDTH}x{HEIGHT}', '-U', path],
                              env=environment(library, device, 'YUYV'),
                              stderr=subprocess.PIPE, text=True)
    try:
        for line in daemon.stderr:
            if 'Listening' in line:
                break
        seen = 0
        for jpeg in read_parts(path):
            # before the camera is up comes ustreamer's own picture, of 640x480
            seen += len(jpeg) > 4 and jpeg_size(jpeg) == (WIDTH, HEIGHT)
            if seen == FRAMES:
                break
        print(seen, 'pictures')
    finally:
        daemon.terminate()
        daemon.communicate(timeout=LIMIT_S)


def main():
    library, what = os.path.abspath(sys.argv[1]), sys.argv[2]
    program, check = {'v4l2ctl': ('v4l2-ctl', check_v4l2ctl),
                      'ustreamer': ('ustreamer', check_ustreamer)}[what]
    if not shutil.which(program):
        print(program, 'is not installed')
        return 77
    with tempfile.TemporaryDirectory() as folder:
        device = os.path.join(folder, 'cam0')
        with open(device, 'w'):
            pass
        check(library, folder, device)
    return 0


sys.exit(main())
