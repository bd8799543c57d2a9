# SPDX-License-Identifier: MIT
"""The sum that `./dev test` closes with is right, and so are the failed tests that it names: a runner's output, and
what it holds."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import count
import failures

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
TAP = """TAP version 13
# not ok 7 - a test printed this
# Subtest: good
ok 1 - good
# a last word
# Subtest: outer
    # Subtest: bad \\# 1
    not ok 1 - bad \\# 1
      ---
      error: |-
        never
      failureType: 'testCodeFailure'
      ...
    1..1
not ok 2 - outer
  ---
  failureType: 'subtestsFailed'
  ...
not ok 3 - later # TODO
"""
SPEC = """▶ outer
  ✖ bad (3ms)
    Error: never

✖ failing tests:

test at a.test.mjs:5:38
✖ bad (3.5ms)
  Error: never
      at a.test.mjs
"""
TRACES = f"""test_b (x.T.test_b) ... FAIL

{'=' * 70}
FAIL: test_b (x.T.test_b)
{'-' * 70}
AssertionError: {'=' * 70}

{'=' * 70}
ERROR: setUpClass (x.U)
{'-' * 70}
RuntimeError: none

{'-' * 70}
Ran 1 test in 0.002s

FAILED (failures=1, errors=1)
"""
# The names, and the first line of what each says.
NAMED = [
    (CTEST, [('a', '[====] Synthesis: Tested: 5 | Passing: 2 | Failing: 1 | Crashing: 2'),
             ('c', 'no output in None s'),
             ('leaks', '[====] Synthesis: Tested: 3 | Passing: 3 | Failing: 0 | Crashing: 0')]),
    (TAP, [('bad # 1', '  ---')]),
    (SPEC, [('bad', '  Error: never')]),
    (TRACES, [('test_b (x.T.test_b)', 'AssertionError: ' + '=' * 70),
              ('setUpClass (x.U)', 'RuntimeError: none')]),
    ('ok a\nnot ok layers\n    a.c:1: upward\n10 passed, 1 failed\n', [('layers', '    a.c:1: upward')]),
    ('node: cannot find module', []),
]


def check_counts(_tree):
    faults = []
    for text, wanted in NAMED:
        got = [(name, lines[0]) for name, lines in failures.failures(text)]
        if got != wanted:
            faults.append(f'tests/support/failures.py:1: named {got} instead of {wanted}')
    for kind, text, wanted in CASES:
        got = tuple(count.COUNTERS[kind](count.ESCAPE.sub('', text)))
        if got != wanted:
            faults.append(f'tests/support/count.py:1: {kind} counted {got} instead of {wanted}')
    return faults
