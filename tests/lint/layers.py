# SPDX-License-Identifier: MIT
"""Includes go down: each module sees only what stands below it."""
import fnmatch
import os
import re

from includes import includes
from rules import BORDERS, CLIENTS, LAYERS, LIB_NEVER, MODULES, ONLY_IN, SHARED

RANK = {module: rank for rank, row in enumerate(LAYERS) for module in row}


def module_of(file):
    for pattern, module in MODULES:
        if fnmatch.fnmatch(file, pattern):
            return module
    return None


def product_files(tree):
    return tree.match('lib/*.[ch]', 'daemon/*.[ch]', 'clients/*.[ch]')


def is_public(file):
    return file.startswith('lib/include/')


def why_not(file, target):
    """Why `file` may not include `target`, both ours; None when it may."""
    here, there = module_of(file), module_of(target)
    if target.startswith('tests/'):
        return 'the product includes a file of the tests'
    if target.startswith('lib/') and not file.startswith('lib/') and not is_public(target):
        return 'an internal header of lib; outside of it only <imshow/...> is seen'
    if is_public(file) and not is_public(target):
        return 'a public header includes an internal one'
    if here in CLIENTS:
        seen = there == here or is_public(target) or target in SHARED
        return None if seen else 'clients see lib only'
    if there in CLIENTS:
        return 'a client is a program of its own'
    if here is None or there is None or here == there or RANK[there] < RANK[here]:
        return None
    if RANK[there] == RANK[here]:
        return f'{here} and {there} are siblings, blind to each other'
    return f'{there} stands above {here}'


def check_layers(tree):
    faults = []
    for file in product_files(tree):
        if module_of(file) is None:
            faults.append(f'{file}:1: stands in no layer: add a row to tests/lint/rules.py')
        for number, kind, name, target in includes(tree, file):
            why = target and why_not(file, target)
            if why:
                faults.append(f'{file}:{number}: includes {name}: {why}')
            if kind == '"' and not target:
                faults.append(f'{file}:{number}: includes "{name}", which is not found')
    return faults


def check_borders(tree):
    faults = []
    for header, allowed, most in BORDERS:
        users = set()
        for file in product_files(tree):
            for number, _, name, target in includes(tree, file):
                if target or not fnmatch.fnmatch(name, header):
                    continue
                users.add(file)
                if not any(fnmatch.fnmatch(file, pattern) for pattern in allowed):
                    where = ', '.join(allowed) or 'no file'
                    faults.append(f'{file}:{number}: {name} is for {where} only')
        if most and len(users) > most:
            faults.append(f'{sorted(users)[-1]}:1: {header} is included by {len(users)} files, '
                          f'at most {most} may: {", ".join(sorted(users))}')
    return faults


def check_cycles(tree):
    """Cycles among the files of the product. A cycle is named once, by its smallest file."""
    graph = {file: sorted({t for *_, t in includes(tree, file) if t})
             for file in product_files(tree)}
    faults, done = [], set()

    def walk(file, trail):
        if file in trail:
            cycle = trail[trail.index(file):]
            faults.append(f'{min(cycle)}:1: include cycle: {" -> ".join(cycle + [file])}')
        elif file not in done:
            for target in graph.get(file, []):
                walk(target, trail + [file])
            done.add(file)

    for file in graph:
        walk(file, [])
    return sorted(set(faults))


COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
CALL = re.compile(r'(?<![\w.>])(' + '|'.join([*LIB_NEVER, *ONLY_IN]) + r')\s*\(')


def calls_watched(tree, file):
    """(line, name) of each call that a rule speaks of, comments and texts left out."""
    blank = lambda match: '\n' * match.group().count('\n')
    code = COMMENT_OR_TEXT.sub(blank, tree.text(file))
    for number, line in enumerate(code.splitlines(), 1):
        match = CALL.search(line)
        if match:
            yield number, match.group(1)


def check_quiet(tree):
    """lib has no thread of its own, never waits, aborts or prints; some calls stand in one file only."""
    faults = [f'{file}:{number}: lib never calls {name}()' for file in tree.match('lib/*.[ch]')
              for number, name in calls_watched(tree, file) if name in LIB_NEVER]
    faults += [f'{file}:{number}: only {ONLY_IN[name]} calls {name}()'
               for file in tree.match('daemon/*.[ch]') for number, name in calls_watched(tree, file)
               if file != ONLY_IN.get(name, file)]
    return faults


IMPORT = re.compile(r'''\b(?:from|import)\s*\(?\s*['"](\.{1,2}/[^'"]+)['"]''')


def check_web(tree):
    """The page's sources import packages and each other, nothing else of the repository."""
    faults = []
    for file in tree.match('clients/web/*.ts'):
        for number, line in enumerate(tree.lines(file), 1):
            for name in IMPORT.findall(line):
                target = os.path.normpath(os.path.join(os.path.dirname(file), name))
                if not target.startswith('clients/web/'):
                    faults.append(f'{file}:{number}: imports {name}, out of clients/web')
    return faults
