# SPDX-License-Identifier: MIT
"""Licence lines, lengths of files and functions, words that belong to one machine only."""
import json
import os
import re
import statistics
import subprocess

SOURCES = ['*.c', '*.h', '*.S', '*.ts', '*.mjs', '*.js', '*.py', '*.sh', '*.css', '*.cmake',
           '*CMakeLists.txt', 'dev', '.ci/run']
MOST_FILE_LINES = 600
MOST_FUNCTION_LINES = 80


def check_licence(tree):
    faults = []
    for file in tree.match(*SOURCES):
        head = tree.lines(file)[:3]
        if file.endswith(('.c', '.h')):
            good = head[:1] == ['/* SPDX-License-Identifier: MIT */']
        else:
            good = any('SPDX-License-Identifier: MIT' in line for line in head)
        if not good:
            faults.append(f'{file}:1: no SPDX line at its top')
    return faults


def check_length(tree):
    faults = []
    for file in tree.match(*SOURCES):
        count = len(tree.lines(file))
        if count > MOST_FILE_LINES and not file.endswith('_data.c'):
            faults.append(f'{file}:1: {count} lines, at most {MOST_FILE_LINES} outside of '
                          '*_data.c: split where the idea splits')
    return faults


# Written so that this file does not find itself.
FOREIGN = [
    (re.compile(r'(?<![\w.])/(?:wor[k]|roo[t])/'), 'a path of one machine'),
    (re.compile(r'/tmp/(?:bas[h]|buil[d]-|prompt[s])'), 'a path of one machine'),
    (re.compile(r'registr[y]\.npmjs|registr[y]\.yarnpkg|files\.pythonhoste[d]|pypi\.or[g]/simple'
                r'|deb\.debia[n]\.org|proxy\.golan[g]'), 'the host of a registry'),
    (re.compile(r'"resolve[d]"\s*:\s*"http'), 'the host of a registry'),
]


def check_foreign(tree):
    faults = []
    for file in tree.files:
        for number, line in enumerate(tree.lines(file), 1):
            for pattern, what in FOREIGN:
                match = pattern.search(line)
                if match:
                    faults.append(f'{file}:{number}: {what}: {match.group()}')
    return faults


def functions(tree):
    """(lines, file, first line, name) of every C function, by universal-ctags."""
    files = tree.c_files()
    if not files:
        return []
    out = subprocess.run(['ctags', '--output-format=json', '--languages=C,C++', '--kinds-C=f',
                          '--langmap=C:.c.h', '--fields=+ne', '-o', '-', *files], cwd=tree.root,
                         check=True, capture_output=True, text=True).stdout
    tags = [json.loads(line) for line in out.splitlines()]
    return [(t['end'] - t['line'] + 1, t['path'], t['line'], t['name'])
            for t in tags if 'end' in t]


def has_reason(tree, file, first):
    """A comment with `long:` and a reason stands above the function."""
    lines = tree.lines(file)
    at = first - 2
    while at >= 0 and lines[at].strip() and not lines[at].startswith('}'):
        if re.search(r'\blong: \S', lines[at]):
            return True
        at -= 1
    return False


def check_functions(tree):
    found = functions(tree)
    return [f'{file}:{first}: {name} has {lines} lines, at most {MOST_FUNCTION_LINES} without '
            'a comment "long: why" above it'
            for lines, file, first, name in found
            if lines > MOST_FUNCTION_LINES and not has_reason(tree, file, first)]


def report_functions(tree):
    """Median, 90th percentile and the longest functions of the product, for people."""
    found = sorted(f for f in functions(tree) if not f[1].startswith('tests/'))
    if len(found) < 2:
        return 'too few functions for figures'
    sizes = [f[0] for f in found]
    tail = statistics.quantiles(sizes, n=10)[-1]
    text = [f'{len(found)} functions: median {statistics.median(sizes):g} (bar 12), '
            f'90th percentile {tail:g} (bar 40), largest {sizes[-1]}']
    text += [f'  {lines:4} {file}:{first} {name}' for lines, file, first, name in found[:-6:-1]]
    return '\n'.join(text)


LINK = re.compile(r'\[[^\]\n]*\]\(([^)\s]+)\)')


def check_links(tree):
    """Every relative link of the documents leads to a file or folder."""
    faults = []
    for file in tree.match('*.md'):
        fenced = False
        for number, line in enumerate(tree.lines(file), 1):
            fenced ^= line.lstrip().startswith('```')
            for link in [] if fenced else LINK.findall(line):
                path = link.split('#')[0]
                if not path or re.match(r'[a-z][a-z0-9+.-]*:', path):
                    continue
                target = os.path.normpath(os.path.join(os.path.dirname(file), path))
                if target.startswith('..') or not os.path.exists(tree.path(target)):
                    faults.append(f'{file}:{number}: the link {link} leads nowhere')
    return faults


ROUTE = re.compile(r'^\s*\{"(/[^"]*)", METHOD_')


def check_routes(tree):
    """README.md names every route of the daemon's table, and none that is not there."""
    table = {route: (file, number) for file in tree.match('daemon/serve/routes.c')
             for number, line in enumerate(tree.lines(file), 1) for route in ROUTE.findall(line)}
    told = {route: number for number, line in enumerate(tree.lines('README.md'), 1)
            if line.startswith('| `/') for route in re.findall(r'`(/[^`]*)`', line.split('|')[1])}
    faults = [f'{file}:{number}: the route {route} is not in README.md'
              for route, (file, number) in table.items() if route not in told]
    return faults + [f'README.md:{number}: there is no route {route}'
                     for route, number in told.items() if route not in table]
