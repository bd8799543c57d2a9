# SPDX-License-Identifier: MIT
"""A VM whose second serial line tells what happens; it ends with its runner, whatever becomes of that.

    with Machine(kernel, initrd, log, arguments) as machine:
        for line in machine.lines(silence_s=300, total_s=800):
            ...
"""
import ctypes
import functools
import math
import os
import selectors
import signal
import subprocess
import tempfile
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
END_S = 10


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


# What a VM within a VM may not set of the processor's capabilities aborts QEMU.
PROCESSOR = {'kvm': 'max,arch-capabilities=off', 'tcg,thread=multi': 'max'}
TRIAL_S = 5
# mov dx,0xf4; mov al,0; out dx,al; hlt: a boot sector that ends QEMU with status 1.
TRIAL = bytes.fromhex('baf400b000eef4').ljust(510, b'\0') + b'\x55\xaa'


def trial_s(accel):
    """How long the boot sector takes; for ever, if it does not come to its end."""
    with tempfile.NamedTemporaryFile() as disk:
        disk.write(TRIAL)
        disk.flush()
        trial = ['qemu-system-x86_64', '-machine', 'pc', '-cpu', PROCESSOR[accel], '-accel', accel,
                 '-nodefaults', '-no-user-config', '-display', 'none', '-boot', 'c',
                 '-drive', f'file={disk.name},format=raw,if=ide',
                 '-device', 'isa-debug-exit,iobase=0xf4,iosize=4']
        start = time.monotonic()
        try:
            done = subprocess.run(trial, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=TRIAL_S, preexec_fn=die_with_parent, check=False)
        except subprocess.TimeoutExpired:
            return math.inf
        return time.monotonic() - start if done.returncode == 1 else math.inf


@functools.cache
def has_kvm():
    """Tried, since within some VMs KVM is there and slower than emulation, or does not work at all."""
    return os.access('/dev/kvm', os.R_OK | os.W_OK) and trial_s('kvm') < trial_s('tcg,thread=multi')


def command(kernel, initrd, log, arguments):
    boot = ' '.join(['console=ttyS0', 'loglevel=2', 'panic=-1', 'random.trust_cpu=on',
                     'mitigations=off', 'systemd.show_status=no', *(f'vm.{k}={v}' for k, v in arguments.items())])
    accel = 'kvm' if has_kvm() else 'tcg,thread=multi'
    return ['qemu-system-x86_64', '-machine', 'q35', '-cpu', PROCESSOR[accel], '-smp', '2',
            '-m', '1536', '-accel', accel,
            '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-nic', 'none',
            '-serial', f'file:{log}', '-serial', 'stdio',
            '-kernel', str(kernel.image), '-initrd', str(initrd), '-append', boot,
            '-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,'
                       'multidevs=remap']


class Silence(Exception):
    """Nothing was heard of the VM for too long, or it takes too long altogether."""


class Machine:
    def __init__(self, kernel, initrd, log, arguments):
        self.process = subprocess.Popen(
            command(kernel, initrd, log, arguments), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=die_with_parent)

    def lines(self, silence_s, total_s):
        """Each line until the VM ends. Raises Silence."""
        end, rest = time.monotonic() + total_s, b''
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while True:
                left = min(silence_s, end - time.monotonic())
                if left <= 0 or not selector.select(left):
                    raise Silence(f'{silence_s} s without a word' if left == silence_s
                                  else f'not done within {total_s} s')
                data = os.read(self.process.stdout.fileno(), 1 << 16)
                if not data:
                    return
                *whole, rest = (rest + data).split(b'\n')
                yield from (line.decode('utf-8', 'replace').rstrip('\r') for line in whole)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.process.wait(END_S if self.process.poll() is None else 0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
