# SPDX-License-Identifier: MIT
"""run.py BUILD [WORD...]: real V4L2 drivers before the unmodified daemon of BUILD, in a VM; then its units there.

Boots Debian's kernel once, on the host's own root (read-only), and runs tests/vm/cases inside; then systemd takes over
in the same VM, for tests/vm/units. With words only the cases whose names hold one of them. Prints a line a case and the
sum. Works without KVM.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from initrd import initrd_make
from kernel import kernel_get
from machine import Machine, Silence, has_kvm

HERE = Path(__file__).resolve().parent
PARTS = 2  # cases, units
SILENCE_S = 240  # a case whose own deadlines have failed
TOTAL_S = 840


def say(text):
    print(text, flush=True)


class Report:
    """The lines of cases/main.py: `case NAME`, then `ok NAME`, `not ok NAME` or `skip NAME`, `| text`; `exit CODE` at the
    end of each part."""

    def __init__(self):
        self.counts = {'ok': 0, 'not ok': 0, 'skip': 0}
        self.case = None
        self.codes = []

    def take(self, line):
        word, _, rest = line.partition(' ')
        if word == 'not':
            word, rest = 'not ok', rest.removeprefix('ok ')
        if word == 'case':
            self.case = rest
        elif word in self.counts:
            self.counts[word] += 1
            self.case = None
            say(line)
        elif word == 'exit':
            self.codes.append(int(rest))
        elif line:
            say(line)

    def close(self, fault=None):
        """The exit code."""
        if self.case:
            fault = f'{fault or "the VM ended"} in {self.case}'
        elif not fault and len(self.codes) < PARTS:
            fault = 'the VM ended before its cases did'
        if fault:
            self.counts['not ok'] += 1
            say(f'not ok {fault}')
        elif any(self.codes) and not self.counts['not ok']:
            self.counts['not ok'] += 1
        if not any(self.counts.values()):
            say('no case has such a word in its name')
        skipped = f', {self.counts["skip"]} skipped' if self.counts['skip'] else ''
        say(f'{self.counts["ok"]} passed, {self.counts["not ok"]} failed{skipped}')
        return int(bool(self.counts['not ok']) or not self.counts['ok'])


def install(build, folder):
    """The daemon and its units, as `cmake --install` puts them."""
    subprocess.run(['cmake', '--install', build, '--component', 'daemon', '--prefix', '/usr/local'],
                   env={**os.environ, 'DESTDIR': folder}, check=True, stdout=subprocess.DEVNULL)
    return folder


def run(build, words, log):
    start = time.monotonic()
    kernel, report, fault = kernel_get(say), Report(), None
    arguments = {'tests': HERE, 'modules': kernel.modules, 'build': build}
    if words:
        arguments['words'] = ','.join(words)
    say(f'booting Linux {kernel.version} {"by KVM" if has_kvm() else "without KVM"}; '
        f'its console is in {log}')
    with tempfile.NamedTemporaryFile(prefix='imshowd-initrd-') as initrd, \
            tempfile.TemporaryDirectory(prefix='imshowd-tree-') as tree:
        initrd_make(kernel, initrd.name)
        arguments['tree'] = install(build, tree)
        with Machine(kernel, initrd.name, log, arguments) as machine:
            try:
                for line in machine.lines(SILENCE_S, TOTAL_S):
                    report.take(line)
            except Silence as silence:
                fault = str(silence)
                machine.process.kill()
    say(f'in {time.monotonic() - start:.0f} s')
    return report.close(fault)


def on_term(*_):
    sys.exit(1)  # by way of everything that cleans up


def main(build, words):
    signal.signal(signal.SIGTERM, on_term)
    build = Path(build).resolve()
    log = build.parent / 'test-logs' / 'vm.console'
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.exit(run(build, words, log))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
