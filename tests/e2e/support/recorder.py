# SPDX-License-Identifier: MIT
"""Recordings of a daemon: started, watched and read back.

    start(daemon, ['photo'], name='one')                # POST; its session's map
    stop(daemon, 'one')['files']                        # the names of its files
    recorded = read(daemon, 'one')                      # what @mcap/core says of it, every CRC checked
    frames_of(recorded, 'photo')                        # its arrays, in order
"""
import base64
import json
import os
import signal
import subprocess
from pathlib import Path

import msgpack
import numpy as np

from .daemon import BUILD, die_with_parent, sanitizer_runtimes, until

DUMP = Path(__file__).with_name('mcap_dump.mjs')
API = '/api/v1/recordings'
JSON = {'Content-Type': 'application/json'}
# foxglove.RawImage's names of what is an array as well.
IMAGES = {'mono8': ('|u1', 0), '8UC1': ('|u1', 0), 'mono16': ('<u2', 0), '16UC1': ('<u2', 0), '32FC1': ('<f4', 0),
          'rgb8': ('|u1', 3), 'rgba8': ('|u1', 4)}


def call(daemon, method, path='', body=None):
    data = json.dumps(body).encode() if body is not None else None
    return daemon.http(method, API + path, JSON if data else {}, data)


def start(daemon, streams, **keys):
    """The session's map, once the folder is there."""
    answer = call(daemon, 'POST', body={'streams': streams, **keys})
    assert answer.status == 201, answer.body
    started = answer.json()
    if started['state'] == 'starting':
        return until_session(daemon, started['name'], lambda s: s['state'] != 'starting', 'it starts')
    return started


def session(daemon, name):
    answer = call(daemon, 'GET', f'/{name}')
    return answer.json().get('session') if answer.status == 200 else None


def until_session(daemon, name, test, what):
    """Waits until the session's map satisfies `test`; returns it."""
    def ask():
        found = session(daemon, name)
        return found if found and test(found) else None
    return until(ask, f'{what}; before: {session(daemon, name)}')


def stop(daemon, name):
    answer = call(daemon, 'POST', f'/{name}/stop', {})
    assert answer.status == 200, answer.body
    return answer.json()


def until_item(daemon, name):
    """The library has looked at the finished file."""
    def ask():
        answer = call(daemon, 'GET', f'/{name}')
        return answer.status == 200 and answer.json().get('state') in ('finished', 'broken') and answer.json()
    return until(ask, f'{name} in the library')


def folder(daemon):
    return Path(daemon.state) / 'recordings'


def read_files(*paths):
    done = subprocess.run(['node', str(DUMP), *map(str, paths)], capture_output=True, text=True, check=True,
                          preexec_fn=die_with_parent)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(paths), done.stderr
    return found


def read(daemon, name):
    [found] = read_files(folder(daemon) / f'{name}.mcap')
    assert 'fault' not in found, found['fault']
    return found


def of_stream(recorded, stream, kind):
    """Messages whose topic is of this stream and ends in `kind`, the data as bytes."""
    return [m | {'data': base64.b64decode(m['data'])} for m in recorded['messages']
            if m['topic'].strip('/') == f'{stream}/{kind}'.strip('/')]


def pictures(recorded, stream):
    """The messages of a stream's frames, of all its channels, in order of time."""
    topics = [f'/{stream}/{kind}' for kind in ('image', 'array', 'compressed')]
    return [m | {'data': base64.b64decode(m['data'])} for m in recorded['messages'] if m['topic'] in topics]


def maps(recorded, stream, kind):
    return [msgpack.unpackb(m['data']) for m in of_stream(recorded, stream, kind)]


def imshow(*args, check=True, **keys):
    program = str(BUILD / 'bin/imshow')
    done = subprocess.run([program, *map(str, args)], capture_output=True, text=True, preexec_fn=die_with_parent,
                          **keys)
    if check and done.returncode != 0:
        raise AssertionError(f'imshow {args}: {done.returncode}: {done.stderr}')
    return done


class Disk:
    """The disk of tests/support/diskfault, before a daemon: broken and mended while it runs."""

    def __init__(self, folder):
        self.path = Path(folder) / 'disk'
        self.mend()

    def env(self, build=BUILD):
        preload = [*sanitizer_runtimes(build), str(BUILD / 'lib/libdiskfault.so')]
        return {'DISKFAULT': str(self.path), 'LD_PRELOAD': ' '.join(preload)}

    def break_(self, *faults):
        new = self.path.with_suffix('.new')
        new.write_text('\n'.join(faults) + '\n', encoding='ascii')
        os.replace(new, self.path)

    def mend(self):
        self.break_('')


def kill(daemon):
    """At this very moment, as a power cut or the kernel would."""
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait()


def array_of(message):
    """The array of a frame that is one, whichever way it was stored."""
    if message['encoding'] == 'msgpack':
        m = msgpack.unpackb(message['data'])
        return np.frombuffer(m['data'], m['dtype']).reshape(m['shape'])
    picture = message['picture']
    dtype, channels = IMAGES[picture['encoding']]
    shape = (picture['height'], picture['width']) + ((channels,) if channels else ())
    return np.frombuffer(base64.b64decode(picture['data']), dtype).reshape(shape)


def frames_of(recorded, stream):
    """The arrays of a stream, in order."""
    return [array_of(message) for message in pictures(recorded, stream)]
