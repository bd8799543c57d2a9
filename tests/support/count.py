# SPDX-License-Identifier: MIT
"""count.py KIND FILE: prints how many tests passed, failed and were skipped, from a runner's output.

ctest     JUnit form; a Criterion program counts with each of its tests, another program as one
node      node --test, in either of its forms
unittest  python3 -m unittest -v
plain     a line `N passed, M failed`
"""
import re
import sys
from xml.etree import ElementTree

SYNTHESIS = re.compile(r'Synthesis:.*?Passing: \D*(\d+).*?Failing: \D*(\d+).*?Crashing: \D*(\d+)')
ESCAPE = re.compile(r'\x1b\[[0-9;]*m')


def count_ctest(text):
    passed = failed = skipped = 0
    for case in ElementTree.fromstring(text).iter('testcase'):
        if case.find('skipped') is not None:
            skipped += 1
            continue
        good = case.get('status') == 'run'
        found = SYNTHESIS.search(case.findtext('system-out') or '')
        here, bad = (int(found[1]), int(found[2]) + int(found[3])) if found else (int(good), 0)
        passed += here
        failed += bad if good or bad else 1
    return passed, failed, skipped


def count_node(text):
    def of(word):
        return sum(map(int, re.findall(rf'^(?:#|ℹ) {word} (\d+)$', text, re.M)))
    return of('pass'), of('fail') + of('cancelled'), of('skipped') + of('todo')


def count_unittest(text):
    def of(pattern):
        return len(re.findall(rf'\.\.\. .*?{pattern}', text, re.M))
    return of('ok$'), of('(?:FAIL|ERROR|unexpected success)$'), of('(?:skipped|expected failure)')


def count_plain(text):
    found = re.findall(r'^(\d+) passed, (\d+) failed$', text, re.M)
    return (*map(int, found[-1]), 0) if found else (0, 1, 0)


COUNTERS = {'ctest': count_ctest, 'node': count_node, 'unittest': count_unittest,
            'plain': count_plain}


def main(kind, path):
    with open(path, encoding='utf-8', errors='replace') as file:
        print(*COUNTERS[kind](ESCAPE.sub('', file.read())))


if __name__ == '__main__':
    main(*sys.argv[1:])
