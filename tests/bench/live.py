# SPDX-License-Identifier: MIT
"""What the benches of a running daemon share: the fake camera and its scenes, daemons and what they cost, viewers.

    live.write_yuyv(f'{folder}/footage', [live.photo(1280, 720), …])
    camera = live.Camera(folder, 1280, 720, 30, footage=f'{folder}/footage', prerendered=1)
    with live.imshowd(camera) as daemon:
        live.wait_live(daemon.port)
        found = live.measure(daemon, 32, 'mjpeg', '/streams/cam/stream.mjpg', seconds=5)
        found['core'], found['bytes'], found['pictures'], found['rss_kb'] …

CPU is what the process's threads took (/proc/PID/task/*/schedstat), but for the fake camera's own thread, which
runs within the process. Memory is the resident peak (VmHWM).
"""
import datetime
import io
import json
import os
import platform
import re
import select
import shutil
import socket
import statistics
import struct
import subprocess
import tempfile
import threading
import time

import numpy
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get('IMSHOWD_BUILD', os.path.join(ROOT, 'build', 'release'))
START_S = 30
LOG = struct.Struct('<Qq') # the camera's: sequence + 1, ns
PART = struct.Struct('<qqQ') # the receiver's: first ns, last ns, bytes


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def program(name):
    return os.path.join(BUILD, 'bin', name)


# ---- the camera ----

class Camera:
    """A fake camera: its placeholder, and the environment of the program before it."""

    def __init__(self, folder, width, height, fps, **settings):
        """`settings` are further FAKECAM_ variables in lower case; `footage` is a file of YUYV frames."""
        self.width, self.height, self.fps = width, height, fps
        self.device = os.path.join(folder, 'cam0')
        self.log = os.path.join(folder, 'log')
        for path in self.device, self.log:
            with open(path, 'wb'):
                pass
        footage = settings.pop('footage', None)
        self.environment = dict(
            os.environ, LD_PRELOAD=os.path.join(BUILD, 'lib', 'libfakecam.so'), FAKECAM_DEVICE=self.device,
            FAKECAM_LOG=self.log, FAKECAM_FORMATS=settings.pop('formats', 'YUYV'), FAKECAM_SIZES=f'{width}x{height}', FAKECAM_FPS=str(fps),
            **{f'FAKECAM_{k.upper()}': str(v) for k, v in settings.items()})
        if footage:
            self.environment['FAKECAM_YUYV'] = footage

    def times(self):
        """When the program could first have seen each frame: CLOCK_MONOTONIC ns by its number."""
        with open(self.log, 'rb') as file:
            return {number - 1: ns for number, ns in LOG.iter_unpack(file.read()) if number}

    def number(self, jpeg):
        """Of the frame that a picture shows, by the bars in its first 16 rows; None for a picture of no camera."""
        image = Image.open(io.BytesIO(jpeg))
        if image.size != (self.width, self.height):
            return None
        image.draft('L', (self.width // 8, self.height // 8)) # an eighth each way: row 1 is bars alone
        image = image.convert('L')
        bits = [image.getpixel((image.width * (2 * i + 1) // 32, 1)) > 126 for i in range(16)]
        return sum(bit << (15 - i) for i, bit in enumerate(bits))


def write_yuyv(path, frames):
    """Frames of luma (float) with a chroma that follows from it, as a file of YUYV pictures."""
    with open(path, 'wb') as file:
        for luma in frames:
            luma = numpy.clip(luma, 0, 255)
            out = numpy.empty((*luma.shape, 2), 'u1')
            out[..., 0] = luma
            chroma = 128 + (luma[:, ::2] - 128) / 4
            out[:, ::2, 1] = chroma
            out[:, 1::2, 1] = 256 - chroma
            out.tofile(file)


def photo(width, height, seed=1):
    """Luma like that of a photograph: detail of every size, the less the finer, and a few hard edges."""
    random = numpy.random.default_rng(seed)
    spectrum = numpy.fft.rfft2(random.standard_normal((height, width)))
    fy, fx = numpy.fft.fftfreq(height)[:, None], numpy.fft.rfftfreq(width)[None, :]
    luma = numpy.fft.irfft2(spectrum / (numpy.hypot(fx, fy) + 1 / width) ** 1.5, (height, width))
    luma = 128 + 40 * luma / luma.std()
    for _ in range(20):
        x, y = random.integers(width), random.integers(height)
        luma[y:y + height // 6, x:x + width // 8] += random.integers(-60, 60)
    return luma


# ---- daemons ----

class Process:
    """A program that is measured."""

    def __init__(self, name, command, port, environment=None):
        self.name, self.port = name, port
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.process.stdout.fileno(), False)
        self._wait_until_open()

    def _wait_until_open(self):
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return
            except OSError:
                select.select([self.process.stdout], [], [], 0.1)
        raise SystemExit(f'{self.name} does not answer: {self.process.stdout.read()}')

    def drain(self):
        """A program that talks is not to wait for a reader."""
        while self.process.stdout.read(1 << 16):
            pass

    def cpu_s(self):
        total = 0
        for task in os.listdir(f'/proc/{self.process.pid}/task'):
            folder = f'/proc/{self.process.pid}/task/{task}'
            try:
                with open(f'{folder}/comm', encoding='ascii') as comm, open(f'{folder}/schedstat', encoding='ascii') as s:
                    if comm.read().strip() != 'fakecam':
                        total += int(s.read().split()[0])
            except OSError:
                pass  # a thread that ends
        return total / 1e9

    def memory_kb(self, what='VmHWM'):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            return int(re.search(rf'{what}:\s+(\d+) kB', file.read())[1])

    def close(self):
        self.process.terminate()
        self.process.communicate(timeout=START_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def imshowd(camera, *arguments):
    port = free_port()
    state = tempfile.mkdtemp(prefix="imshowd-state-", dir=os.path.dirname(camera.device) if camera else None)
    command = [program('imshowd'), '-p', str(port), '--state-dir', state, *arguments]
    if camera:
        command += ['-r', f'{camera.width}x{camera.height}', f'cam=v4l2:{camera.device}']
    daemon = Process('imshowd', command, port, camera.environment if camera else None)
    answered(port, '/healthz') # all its sockets are there
    return daemon


def ustreamer(camera, *arguments):
    """Debian's, with its defaults but for what names the camera, its size and its rate."""
    if not shutil.which('ustreamer'):
        raise SystemExit('ustreamer is not installed: apt-get install ustreamer')
    port = free_port()
    command = ['ustreamer', '-d', camera.device, '-s', '127.0.0.1', '-p', str(port), '-r',
               f'{camera.width}x{camera.height}', '-f', str(camera.fps), *arguments]
    return Process('ustreamer', command, port, camera.environment)


def sender(size, fps):
    """Bare epoll (sender.c)."""
    process = subprocess.Popen([program('bench_sender'), str(size), str(fps)], stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline().split()[1])
    found = Process.__new__(Process)
    found.name, found.port, found.process = 'bare epoll', port, process
    return found


class Pusher(threading.Thread):
    """Pushes arrays by the Unix socket at a steady rate, over and over; they should differ from one to the next."""

    def __init__(self, path, name, arrays, fps):
        super().__init__(daemon=True)
        import msgpack
        self.fps, self.ending = fps, threading.Event()
        self.messages = [msgpack.packb({'data': a.tobytes(), 'dtype': a.dtype.str, 'shape': list(a.shape)})
                         for a in arrays]
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.sendall(msgpack.packb({'type': 'hello', 'version': 1, 'name': name}))

    def run(self):
        start, count = time.monotonic(), 0
        while not self.ending.wait(max(0, start + count / self.fps - time.monotonic())):
            self.socket.sendall(self.messages[count % len(self.messages)])
            count += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()
        self.socket.close()


# ---- viewers ----

def watch_hex(stream, **keys):
    import msgpack
    return msgpack.packb({'type': 'watch', 'request': 1, 'stream': stream, **keys}).hex()


def answered(port, path):
    import urllib.request
    with urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=START_S) as answer:
        return answer.read()


def wait_live(port, stream='cam'):
    """Until the stream has a frame: a viewer who asks before is refused."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        streams = json.loads(answered(port, '/api/v1/streams'))['streams']
        if any(s['name'] == stream and s['state'] == 'live' for s in streams):
            return
        time.sleep(0.05)
    raise SystemExit(f'stream {stream} does not become live')


def receive(daemon, path, seconds, folder):
    """What one viewer of motion JPEG got (receiver.c): (first byte ns, last byte ns, JPEG)."""
    out = os.path.join(folder, 'parts')
    subprocess.run([program('bench_receiver'), str(daemon.port), path, str(int(seconds)), out], check=True,
                   timeout=seconds + START_S)
    with open(out, 'rb') as file:
        while head := file.read(PART.size):
            first, last, size = PART.unpack(head)
            yield first, last, file.read(size)


def latencies(camera, parts):
    """(grab to send, grab to client) in ms, of each frame that came, once; those of the first second are left out."""
    times, seen, found = camera.times(), set(), []
    begin = parts[0][0] + 1e9 if parts else 0
    for first, last, jpeg in parts:
        if first < begin:
            continue
        number = camera.number(jpeg)
        if number in times and number not in seen:
            seen.add(number)
            found.append(((first - times[number]) / 1e6, (last - times[number]) / 1e6))
    return found


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * p / 100))] if values else float('nan')


def latency_row(found):
    return {f'{which}_p{p}_ms': percentile([f[i] for f in found], p)
            for i, which in enumerate(('send', 'client')) for p in (50, 95)} | {'frames': len(found)}


def measure(daemon, count, kind, what, seconds, rest=0.0):
    """What `count` viewers of one process got (viewers.c), and what the daemon took for it meanwhile; counted from
    `rest` seconds after the first picture on."""
    command = [program('bench_viewers'), str(daemon.port), str(count), str(rest), str(seconds), kind, what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as viewers:
        begun = viewers.stdout.readline().strip() == 'begin'
        cpu, start = daemon.cpu_s(), time.monotonic()
        line = viewers.stdout.readline()
        cpu, took = daemon.cpu_s() - cpu, time.monotonic() - start
    if not begun or not line:
        raise SystemExit(f'the viewers of {daemon.name} failed')
    found = json.loads(line)
    return found | {'cpu_s': cpu, 'core': cpu / took, 'rss_kb': daemon.memory_kb(), 'viewers': count,
                    'fps': found['pictures'] / count / found['seconds'],
            'bytes_per_s': found['bytes'] / count / found['seconds'],
                    'cpu_s_per_gib': cpu / max(found['bytes'], 1) * 2 ** 30,
                    'bytes_per_picture': found['bytes'] / max(found['pictures'], 1)}


# ---- telling ----

def machine():
    model = platform.machine()
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        for line in file:
            if line.startswith('model name'):
                model = line.split(':')[1].strip()
    return {'processor': model, 'cores': os.cpu_count(), 'kernel': platform.release(),
            'date': datetime.date.today().isoformat(), 'load': round(os.getloadavg()[0], 1)}


def medians(rounds):
    """Of each number, over rounds of {case: {number}}."""
    return {case: {key: statistics.median(one[case][key] for one in rounds) for key in rounds[0][case]}
            for case in rounds[0]}


def ratio(rounds, ours, theirs, key):
    """The median of the ratios within each round, which saw the same load."""
    return statistics.median(one[ours][key] / max(one[theirs][key], 1e-9) for one in rounds)


class Goals:
    """Bounds, told as they are checked."""

    def __init__(self):
        self.rows = []

    def at_most(self, what, value, bound, unit=''):
        self.rows.append({'what': what, 'value': value, 'bound': bound, 'good': value <= bound})
        print(f"{what}: {value:.4g}{unit}, goal at most {bound:.4g}{unit}{'' if value <= bound else '   ABOVE THE GOAL'}")

    def at_least(self, what, value, bound, unit=''):
        self.rows.append({'what': what, 'value': value, 'bound': bound, 'good': value >= bound})
        print(f"{what}: {value:.4g}{unit}, goal at least {bound:.4g}{unit}{'' if value >= bound else '   BELOW THE GOAL'}")

    def all_good(self):
        return all(row['good'] for row in self.rows)


def parser(text, rounds, seconds):
    import argparse
    p = argparse.ArgumentParser(description=text, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument('--rounds', type=int, default=rounds, help=f'turns of each ({rounds})')
    p.add_argument('--seconds', type=float, default=seconds, help=f'watched in each turn ({seconds})')
    p.add_argument('--json', metavar='FILE', help='write all numbers there')
    return p


def begin(name, options):
    print(f'{name}: {machine()}; {options.rounds} rounds of {options.seconds:g} s', flush=True)


def finish(options, goals, results):
    """Writes the file and returns the exit code."""
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as file:
            json.dump({'machine': machine(), 'options': vars(options), 'goals': goals.rows, **results}, file, indent=1)
    return 0 if goals.all_good() else 1
