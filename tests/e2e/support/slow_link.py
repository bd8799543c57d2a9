# SPDX-License-Identifier: MIT
"""A slow link of our own: two network namespaces, a rate by tc, and a relay for the delay, which kernels without
netem cannot make.

    link = SlowLink(self, rate='2mbit', delay_s=0.05)     # skips the test where namespaces cannot be made
    daemon = self.start('--insecure', '--host', link.server_address, 'lab=test:lab', prefix=link.server_prefix)
    relay = link.relay(daemon.port)                       # at the far end, 50 ms each way
    viewer = link.far(lambda: Viewer(relay))              # its socket lies in the far namespace
    other = link.near(lambda: Viewer(daemon))             # beside the daemon

A socket stays in the namespace in which it was made, whichever thread uses it.
"""
import contextlib
import ctypes
import os
import queue
import shutil
import socket
import subprocess
import threading
import time
import unittest

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
WAIT_S = 180
# Data that the relay holds for its delay; the link brings 25 kB in that time.
RELAYED_CHUNKS = 1024


def run(*command):
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=WAIT_S)


def inside(namespace, make):
    """What `make` returns, called in that namespace, on a thread of its own."""
    result = []

    def call():
        try:
            with open(f'/run/netns/{namespace}', 'rb') as file:
                if LIBC.setns(file.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), 'setns')
            result.append((make(), None))
        except BaseException as error:  # raised again where it is waited for
            result.append((None, error))

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join()
    made, error = result[0]
    if error:
        raise error
    return made


class Relay:
    """Listens beside the viewer, and hands on what comes so much later, both ways."""

    def __init__(self, link, port, delay_s):
        self.host, self.delay_s, self.link, self.port_there = '127.0.0.1', delay_s, link, port
        self.sockets = []
        self.listening = inside(link.far_name, lambda: socket.create_server((self.host, 0)))
        self.port = self.listening.getsockname()[1]
        self.start(self.accept)

    def start(self, target, *args):
        threading.Thread(target=target, args=args, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                there = (self.link.server_address, self.port_there)
                far = inside(self.link.far_name, lambda: socket.create_connection(there))
                for one in (near, far):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.sockets += [near, far]
                for source, sink in ((near, far), (far, near)):
                    line = queue.Queue(RELAYED_CHUNKS)
                    self.start(self.read, source, line)
                    self.start(self.write, sink, line)

    def read(self, source, line):
        data = b'.'
        while data:
            try:
                data = source.recv(1 << 16)
            except OSError:
                data = b''
            line.put((time.monotonic() + self.delay_s, data))

    def write(self, sink, line):
        with contextlib.suppress(OSError):
            while True:
                due, data = line.get()
                time.sleep(max(due - time.monotonic(), 0))
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)

    def close(self):
        for one in [self.listening, *self.sockets]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class SlowLink:
    server_address = '10.213.7.1'  # known in the two namespaces only
    far_address = '10.213.7.2'

    def __init__(self, case, rate, delay_s):
        self.case, self.delay_s = case, delay_s
        self.near_name, self.far_name = f'imshow-near-{os.getpid()}', f'imshow-far-{os.getpid()}'
        for tool in ('ip', 'tc'):
            if not shutil.which(tool):
                raise unittest.SkipTest(f'there is no {tool}')
        try:
            for name in (self.near_name, self.far_name):
                run('ip', 'netns', 'add', name)
                case.addCleanup(run, 'ip', 'netns', 'del', name)
            self.connect(rate)
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f'no network namespaces here: {error.stderr.strip()}') from None

    def connect(self, rate):
        near, far = self.near_name, self.far_name
        run('ip', '-n', near, 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', far)
        for name, device, address in ((near, 'near', self.server_address),
                                      (far, 'far', self.far_address)):
            run('ip', '-n', name, 'address', 'add', f'{address}/24', 'dev', device)
            for each in (device, 'lo'):
                run('ip', '-n', name, 'link', 'set', each, 'up')
            # Without offloads a segment is a packet that tbf lets pass: larger ones it would cut or drop.
            run('tc', '-n', name, 'qdisc', 'add', 'dev', device, 'root', 'tbf', 'rate', rate,
                'burst', '16kb', 'latency', '400ms')

    @property
    def server_prefix(self):
        return ('ip', 'netns', 'exec', self.near_name)

    def near(self, make):
        return inside(self.near_name, make)

    def far(self, make):
        return inside(self.far_name, make)

    def relay(self, port):
        relay = Relay(self, port, self.delay_s)
        self.case.addCleanup(relay.close)
        return relay
