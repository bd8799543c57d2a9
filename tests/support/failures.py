# SPDX-License-Identifier: MIT
"""failures.py FILE...: names the failed tests of runners' outputs, each with what it says of its failure.

Which runner it was, the output tells: JUnit form (ctest), python3 -m unittest, node --test in either of its
forms, or tests/lint/run.py. A file that holds no failure, or was cut short, adds nothing.
"""
import re
import sys
from xml.etree import ElementTree

from count import ESCAPE

TESTS_MAX = 5
LINES_MAX = 60
LINE_CHARS_MAX = 400
RULE = '=' * 70


def of_ctest(text):
    for case in ElementTree.fromstring(text).iter('testcase'):
        if case.get('status') == 'run' or case.find('skipped') is not None:
            continue
        said = case.findtext('system-out') or f'no output in {case.get("time")} s'
        # A program says last why it ends.
        yield case.get('name'), said.strip().split('\n')[-LINES_MAX:]


def of_unittest(text):
    for block in re.split(rf'^{RULE}\n(?=FAIL|ERROR)', text, flags=re.M)[1:]:
        body = re.split(r'^-{70}\nRan \d+ tests? in', block, flags=re.M)[0]
        name, *lines = body.strip().split('\n')
        yield name.partition(': ')[2], [line for line in lines if line != '-' * 70]


def of_spec(text):
    """What node's spec form says again at its end."""
    for block in re.split(r'^✖ (?!failing tests:)', text, flags=re.M)[1:]:
        name, *lines = re.split(r'^test at ', block, flags=re.M)[0].rstrip().split('\n')
        yield re.sub(r' \([\d.]+ms\)$', '', name), lines


def of_tap(text):
    """Also what the lint tests write. What a test printed stands before its result, behind a #."""
    said, lines = [], iter(text.split('\n') + [''])
    line = next(lines)
    for after in lines:
        found = re.match(r'( *)not ok (?:\d+ - )?(.*)', line)
        if found and not re.search(r'# (SKIP|TODO)\b', line):
            indent, told = len(found[1]), []
            while after.startswith(' ' * (indent + 2)):
                told.append(after[indent:])
                after = next(lines)
            # A test of tests tells only how many failed.
            if not any("failureType: 'subtestsFailed'" in each for each in told):
                yield re.sub(r'\\(.)', r'\1', found[2]), told + said[-(LINES_MAX // 2):]
        if re.match(r' *(not )?ok ', line):
            said = []
        elif line.startswith('# ') and not line.startswith('# Subtest: '):
            said.append(line)
        line = after


def failures(text):
    text = ESCAPE.sub('', text)
    if text.startswith('<?xml'):
        return list(of_ctest(text))
    if f'\n{RULE}\n' in text:
        return list(of_unittest(text))
    _, heading, last = text.partition('\n✖ failing tests:\n')
    return list(of_spec(last) if heading else of_tap(text))


def show(name, lines):
    print(f'FAILED: {name}')
    for line in lines[:LINES_MAX]:
        print(f'    {line[:LINE_CHARS_MAX]}'.rstrip())
    if len(lines) > LINES_MAX:
        print(f'    ({len(lines) - LINES_MAX} more lines)')


def main(paths):
    found = []
    for path in paths:
        with open(path, encoding='utf-8', errors='replace') as file:
            text = file.read()
        try:
            found += failures(text)
        except ElementTree.ParseError as error:
            print(f'{path}: {error}; see the log')
    for name, lines in found[:TESTS_MAX]:
        show(name, lines)
    if len(found) > TESTS_MAX:
        print(f'and {len(found) - TESTS_MAX} more failed:')
        for name, _ in found[TESTS_MAX:TESTS_MAX + LINES_MAX]:
            print(f'    {name}')


if __name__ == '__main__':
    main(sys.argv[1:])
