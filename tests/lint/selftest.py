# SPDX-License-Identifier: MIT
"""The checks find what they are for: the faults that were put into the fixture, and no others."""
import os
import shutil
import tempfile

from docs import check_documented, check_options
from layers import check_borders, check_cycles, check_layers, check_quiet, check_web
from text import (check_foreign, check_functions, check_length, check_licence, check_links,
                  check_routes)
from tools import check_format, check_headers
from tree import Tree

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKS = [check_layers, check_borders, check_cycles, check_quiet, check_web, check_licence,
          check_length, check_foreign, check_functions, check_links, check_routes, check_headers,
          check_format, check_documented, check_options]


def long_file():
    """Two functions of 300 lines: the first without a reason, the second with one."""
    body = '{\n    int n = 0;\n' + '    n++;\n' * 300 + '    return n;\n}\n'
    return ('/* SPDX-License-Identifier: MIT */\n\n'
            f'int ims__long(void)\n{body}\n'
            f'/* long: one step a line, nothing to split */\nint ims__longer(void)\n{body}')


def place(fault):
    """`path:line` of a fault."""
    return ':'.join(fault.split(':')[:2])


def faults_of(tree):
    with open(os.path.join(tree.root, 'expected.txt'), encoding='utf-8') as file:
        wanted = {line.strip() for line in file if line[0] not in '#\n'}
    found = {f'{check.__name__} {place(fault)}' for check in CHECKS for fault in check(tree)}
    silent = {check.__name__ for check in CHECKS} - {line.split()[0] for line in wanted}
    return ([f'not found: {line}' for line in sorted(wanted - found)]
            + [f'found, not expected: {line}' for line in sorted(found - wanted)]
            + [f'no fault there for {name}' for name in sorted(silent)])


def check_itself(_tree):
    """fixture/expected.txt has one line a fault: the check, then path:line."""
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.join(folder, 'fixture')
        shutil.copytree(os.path.join(HERE, 'fixture'), root)
        shutil.copy(os.path.join(HERE, '..', '..', '.clang-format'), root)
        os.makedirs(os.path.join(root, 'lib/figure'))
        with open(os.path.join(root, 'lib/figure/long.c'), 'w', encoding='utf-8') as file:
            file.write(long_file())
        return [f'tests/lint/fixture:1: {fault}' for fault in faults_of(Tree(root))]
