# SPDX-License-Identifier: MIT
"""main.py FOLDER [WORD...]: inside of the VM, runs the cases of that folder and tells each in a line."""
import os
import sys
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / 'e2e'))  # support: the daemon, the viewer
sys.path.append(str(HERE))  # rig

NOISE = 'schedule_timeout: wrong timeout'  # vivid itself, where a frame is late


def kernel_news(fd, most=30):
    """The last warnings of the kernel's log that nobody has read from `fd` yet."""
    found = []
    while True:
        try:
            record = os.read(fd, 8192).decode('utf-8', 'replace')
        except BlockingIOError:
            return found[-most:]
        except BrokenPipeError:  # overwritten before it was read
            continue
        head, _, text = record.partition(';')
        if int(head.split(',')[0]) & 7 <= 3 and NOISE not in text:
            found.append(text.splitlines()[0])


class Lines(unittest.TestResult):
    """`case NAME`, then `ok NAME`, `not ok NAME` or `skip NAME`; what else there is to say behind `| `."""

    def __init__(self, out):
        super().__init__()
        self.out = out
        self.start = 0
        self.kernel = os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)

    def say(self, text):
        print(text, file=self.out, flush=True)

    @staticmethod
    def name(test):
        if isinstance(test, unittest.TestCase):
            area = type(test).__module__.removeprefix('test_')
            return f'{area}: {test._testMethodName.removeprefix("test_").replace("_", " ")}'
        return str(test)

    def startTest(self, test):
        super().startTest(test)
        self.start = time.monotonic()
        self.bad = False
        kernel_news(self.kernel)
        self.say(f'case {self.name(test)}')

    def fault(self, test, error):
        self.bad = True
        for line in self._exc_info_to_string(error, test).splitlines():
            self.say(f'| {line}')

    def addError(self, test, error):
        super().addError(test, error)
        self.fault(test, error)
        if not isinstance(test, unittest.TestCase):  # a class's or module's own
            self.say(f'not ok {self.name(test)}')

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.fault(test, error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            self.say(f'| {subtest}')
            self.fault(test, error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.bad = None
        self.say(f'skip {self.name(test)}: {reason}')

    def stopTest(self, test):
        super().stopTest(test)
        if self.bad is not None:
            for line in kernel_news(self.kernel) if self.bad else []:
                self.say(f'| kernel: {line}')
            took = time.monotonic() - self.start
            self.say(f'{"not ok" if self.bad else "ok"} {self.name(test)} ({took:.1f} s)')


def tests_of(suite):
    for entry in suite:
        if isinstance(entry, unittest.TestSuite):
            yield from tests_of(entry)
        else:
            yield entry


def main(folder, words):
    found = unittest.defaultTestLoader.discover(folder, top_level_dir=folder)
    chosen = [t for t in tests_of(found)
              if not words or any(word in Lines.name(t) for word in words)]
    lines = Lines(sys.stdout)
    unittest.TestSuite(chosen).run(lines)
    sys.exit(not lines.wasSuccessful())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
