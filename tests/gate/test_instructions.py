#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""IMSHOWD_RELEASE=build/release python3 -m unittest -v test_instructions

Counts, by callgrind, the instructions that the library's hot loops take in the release, and holds them to the recorded numbers, with a few
per cent of room. Instructions are no time, but they repeat whatever else the machine does. The numbers are of gcc 12 on x86-64 with AVX2: on
another machine the tests are skipped and say why. Who makes a loop better, or worse for a reason, records anew:

    IMSHOWD_RELEASE=build/release python3 tests/gate/test_instructions.py --record
"""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
BOUNDS = os.path.join(HERE, 'instructions.json')
RELEASE = os.environ.get('IMSHOWD_RELEASE', os.path.join(HERE, '../../build/release'))
ROOM = 1.05
NEEDED = {'avx2', 'bmi2', 'fma', 'movbe', 'f16c'}  # what the fast twins are compiled for


def why_not():
    """Why nothing can be counted here; None: it can."""
    if not shutil.which('valgrind'):
        return 'valgrind is not installed'
    with open('/proc/cpuinfo') as file:
        flags = set(re.search(r'^(?:flags|Features)\s*: (.*)$', file.read(), re.M)[1].split())
    if not NEEDED <= flags:
        return f'this processor lacks {", ".join(sorted(NEEDED - flags))}'
    with open(os.path.join(RELEASE, 'CMakeCache.txt')) as file:
        compiler = re.search(r'^CMAKE_C_COMPILER:\w+=(.*)$', file.read(), re.M)[1]
    version = subprocess.run([compiler, '-dumpfullversion'], capture_output=True, text=True, check=True).stdout
    if not version.startswith('12.'):
        return f'the numbers are of gcc 12, not of {os.path.basename(compiler)} {version.strip()}'
    return None


def count(name):
    done = subprocess.run(
        ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', '--toggle-collect=hot_run',
         os.path.join(RELEASE, 'bin/hot_loops'), name], check=True, capture_output=True, text=True)
    found = int(re.search(r'Collected : (\d+)', done.stderr)[1])
    assert found > 0, f'{name}: callgrind has not seen hot_run'
    return found


def bounds():
    with open(BOUNDS) as file:
        return json.load(file)


class Instructions(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        reason = why_not()
        if reason:
            raise unittest.SkipTest(reason)


def holds(name, recorded):
    def test(self):
        found = count(name)
        self.assertLessEqual(found, recorded * ROOM,
                             f'{name}: {found / recorded:.3f} times the recorded instructions; see {BOUNDS}')
        # Far fewer would leave room for a loop to become worse again unseen.
        self.assertGreaterEqual(found, recorded * (2 - ROOM) ** 2,
                                f'{name}: only {found / recorded:.3f} of the recorded instructions: record anew')
    return test


for each, number in bounds().items():
    setattr(Instructions, f'test_{each}', holds(each, number))


if __name__ == '__main__':
    if sys.argv[1:] != ['--record']:
        unittest.main()
    problem = why_not()
    if problem:
        sys.exit(problem)
    found = {name: count(name) for name in bounds()}
    with open(BOUNDS, 'w') as out:
        json.dump(found, out, indent=1)
        out.write('\n')
