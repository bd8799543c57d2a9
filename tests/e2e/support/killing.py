# SPDX-License-Identifier: MIT
"""A daemon that is killed while it records, again and again, and what is left of its files.

    with Killing(rounds=10) as killing:     # or a folder on another disk
        killing.run()                       # raises AssertionError with what was lost
"""
import io
import random
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from .daemon import Daemon, until
from .recorder import frames_of, kill, read_files, session, start

SHAPES = {'wide': (240, 320), 'deep': (2, 90, 120)}
FPS = 25
OLD_S = 1.0  # frames that were older than this at the cut must be there


def frame(name, index):
    """Another one for each index, that tells it: most of it is noise, which no compression shortens."""
    rng = np.random.default_rng(index % 7)
    array = rng.integers(0, 65536, SHAPES[name], '<u2') ^ np.uint16(index)
    array.ravel()[:1] = index
    return array


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


class Pushing:
    """Frames by POST, whose answer says that the daemon has it; when it came is kept."""

    def __init__(self, daemon, name):
        self.daemon, self.name, self.taken = daemon, name, []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        index = 0
        while not self.is_over.is_set():
            try:
                answer = self.daemon.http('POST', f'/push/{self.name}', {}, npy(frame(self.name, index)))
            except OSError:
                return  # it was killed
            except Exception:  # noqa: BLE001: half an answer, of whatever kind
                return
            if answer.status == 200:
                self.taken.append(time.monotonic())
            index += 1
            self.is_over.wait(1 / FPS)

    def end(self):
        self.is_over.set()
        self.thread.join()


class Killing:
    def __init__(self, rounds, folder=None, seed=None, longest_s=1.2):
        self.rounds = rounds
        self.folder = Path(tempfile.mkdtemp(prefix='imshowd-kill-', dir=folder))
        self.random = random.Random(seed)
        self.longest_s = longest_s
        self.expected = []  # of each round: {stream: how many frames must be there, at the least}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def daemon(self):
        return Daemon('--recordings', self.folder)

    def round(self, number):
        daemon = self.daemon()
        try:
            pushing = [Pushing(daemon, name) for name in SHAPES]
            until(lambda: all(p.taken for p in pushing), 'first frames')
            for p in pushing:
                p.before = len(p.taken)
            start(daemon, list(SHAPES), name=f'round-{number}')
            until(lambda: (session(daemon, f'round-{number}') or {}).get('frames'), 'a frame in the recording')
            begun = {p.name: len(p.taken) for p in pushing}
            pushing[0].is_over.wait(OLD_S + self.random.uniform(0.05, self.longest_s))
            cut = time.monotonic()
            kill(daemon)
        finally:
            if daemon.process.returncode is None:
                daemon.kill()
            else:
                daemon._finish()
        for p in pushing:
            p.end()
        # What came after the recording had surely begun, and longer than a second before the cut.
        self.expected.append({p.name: (begun[p.name], sum(t < cut - OLD_S for t in p.taken)) for p in pushing})

    def check(self, number, found):
        assert 'fault' not in found, f'round {number}: {found["fault"]}'
        kept = 0
        for name, (first, end) in self.expected[number].items():
            got = frames_of(found, name)
            indices = [int(a.ravel()[0]) for a in got]
            assert indices == list(range(indices[0], indices[0] + len(indices))) if indices else True, \
                f'round {number}: {name}: frames are missing in between: {indices}'
            missing = sorted(set(range(first, end)) - set(indices))
            assert not missing, f'round {number}: {name}: older than {OLD_S} s and not there: {missing} of {end}'
            for index, array in zip(indices, got):
                assert np.array_equal(array, frame(name, index)), f'round {number}: {name}: frame {index} is another'
            kept += len(got)
        return kept

    def run(self):
        for number in range(self.rounds):
            self.round(number)
        last = self.daemon()  # mends what the last round left
        mended = until(lambda: len(items := last.get('/api/v1/recordings').json()['recordings']) == self.rounds and items,
                       'all are in the library')
        last.stop()
        assert all(item['state'] == 'finished' for item in mended), mended
        paths = [self.folder / f'round-{number}.mcap' for number in range(self.rounds)]
        kept = sum(self.check(number, found) for number, found in enumerate(read_files(*paths)))
        assert kept > 0
        return kept


def mount_tmpfs(case, folder, megabytes, *options):
    """A small disk of the test's own; skips where that needs more rights."""
    words = ','.join([f'size={megabytes}m', *options])
    done = subprocess.run(['mount', '-t', 'tmpfs', '-o', words, 'tmpfs', folder], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        case.skipTest(f'a small disk needs the right to mount: {done.stderr.strip()}')
    case.addCleanup(subprocess.run, ['umount', '-l', folder], check=False)
