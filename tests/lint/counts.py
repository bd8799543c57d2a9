# SPDX-License-Identifier: MIT
"""The sum that `./dev test` closes with is right: a runner's output, and the counts that it holds."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import count

CTEST = """<?xml version="1.0"?><testsuite>
<testcase name="a" status="fail"><system-out>[====] Synthesis: Tested: 5 | Passing: 2 | Failing: 1 |
 Crashing: 2</system-out></testcase>
<testcase name="b" status="run"><system-out>no Criterion program</system-out></testcase>
<testcase name="c" status="fail"><system-out/></testcase>
<testcase name="d" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
<testcase name="leaks" status="fail"><system-out>[\x1b[0;34m====\x1b[0m] Synthesis: Tested: 3 |
 Passing: \x1b[0;32m3\x1b[0m | Failing: 0 | Crashing: 0</system-out></testcase>
</testsuite>""".replace('|\n', '|')
UNITTEST = """test_a (x.T.test_a)
A sentence. ... ok
test_b (x.T.test_b) ... FAIL
test_c (x.T.test_c) ... skipped 'no camera'
test_d (x.T.test_d) ... ERROR
"""
CASES = [
    ('ctest', CTEST, (6, 5, 1)),
    ('node', 'ok 1 - a\n# pass 7\n# fail 2\n# cancelled 1\n# skipped 1\n# todo 1\n', (7, 3, 2)),
    ('node', '\x1b[34mℹ pass 7\x1b[39m\nℹ fail 0\n', (7, 0, 0)),
    ('node', 'node: cannot find module', (0, 0, 0)),
    ('unittest', UNITTEST, (1, 2, 1)),
    ('plain', 'ok a\n11 passed, 2 failed\n', (11, 2, 0)),
    ('plain', 'Traceback', (0, 1, 0)),
]


def check_counts(_tree):
    faults = []
    for kind, text, wanted in CASES:
        got = tuple(count.COUNTERS[kind](count.ESCAPE.sub('', text)))
        if got != wanted:
            faults.append(f'tests/support/count.py:1: {kind} counted {got} instead of {wanted}')
    return faults
