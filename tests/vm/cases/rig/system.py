# SPDX-License-Identifier: MIT
"""Programs and files of the VM, with a deadline each."""
import subprocess
from pathlib import Path

PROGRAM_S = 60


def run(*command):
    """The program's output; raises with all that it said when it fails."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PROGRAM_S)
    if done.returncode:
        raise AssertionError(f'{" ".join(map(str, command))} ended with {done.returncode}:\n{done.stdout}')
    return done.stdout


def write(path, text):
    Path(path).write_text(text, encoding='ascii')
