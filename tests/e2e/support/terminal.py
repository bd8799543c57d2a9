# SPDX-License-Identifier: MIT
"""A terminal with a program in it: keys, sizes, and what stands on the screen.

    terminal = Terminal(self, [program, 'top'], columns=100, rows=30)   # ended with the test
    terminal.until(lambda screen: any('lab' in line for line in screen), 'the stream')
    terminal.resize(40, 10)
    terminal.key('q')
    terminal.wait()                     # the exit code
    terminal.text                       # all that was ever written
    terminal.settings() == before       # of the line, as stty has them

It knows what `imshow top` draws with: a screen is all between ESC[H and ESC[J, lines wiped by ESC[K.
"""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading

from .daemon import WAIT_S, die_with_parent

SCREEN = re.compile(r'\x1b\[H(.*?)\x1b\[J', re.S)
ESCAPES = re.compile(r'\x1b\[[?0-9;]*[a-zA-Z]')


class Terminal:
    def __init__(self, case, command, columns=100, rows=30, env=None):
        self.master, self.slave = pty.openpty()
        self.changed, self.text = threading.Condition(), ''
        self.resize(columns, rows)

        def become_leader():
            die_with_parent()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
                                        env={**os.environ, **(env or {})}, start_new_session=True,
                                        preexec_fn=become_leader)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        case.addCleanup(self.close)

    def _read(self):
        while data := self._some():
            with self.changed:
                self.text += data.decode('utf-8', 'replace')
                self.changed.notify_all()

    def _some(self):
        try:
            return os.read(self.master, 1 << 16)
        except OSError:
            return b''

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('4H', rows, columns, 0, 0))

    def settings(self):
        return termios.tcgetattr(self.slave)

    def key(self, keys):
        os.write(self.master, keys.encode())

    def screen(self):
        """Lines of the newest that is whole; [] before the first."""
        drawn = SCREEN.findall(self.text)
        return [ESCAPES.sub('', line).rstrip('\r') for line in drawn[-1].split('\n')] if drawn else []

    def until(self, test, what):
        """The first screen that satisfies the test."""
        with self.changed:
            found = self.changed.wait_for(lambda: test(self.screen()) or self.process.poll() is not None, WAIT_S)
            if not found or not test(self.screen()):
                raise AssertionError(f'never: {what}:\n{self.text[-2000:]!r}')
            return self.screen()

    def seen(self, pattern):
        """Waits until that has been written."""
        with self.changed:
            if not self.changed.wait_for(lambda: re.search(pattern, self.text), WAIT_S):
                raise AssertionError(f'never {pattern}:\n{self.text[-2000:]!r}')

    def wait(self):
        return self.process.wait(WAIT_S)

    def stopped(self):
        """Waits until it has stopped itself."""
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        return os.WIFSTOPPED(status)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.slave)  # the reader ends when nobody has it any more
        self.reader.join(WAIT_S)
        os.close(self.master)
