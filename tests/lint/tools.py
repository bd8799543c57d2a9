# SPDX-License-Identifier: MIT
"""Checks that ask a compiler or a formatter."""
import shutil
import subprocess

WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Werror', '-fsyntax-only']
COMPILERS = [
    ('gcc', ['-x', 'c', '-std=c17']),
    ('g++', ['-x', 'c++', '-std=c++17']),
    ('clang', ['-x', 'c', '-std=c17']),
    ('clang++', ['-x', 'c++', '-std=c++17']),
]


def check_headers(tree):
    """Each public header compiles alone, as C17 and as C++17."""
    faults = []
    for name, flags in COMPILERS:
        if not shutil.which(name):
            faults.append(f'lib/include:1: {name} is not installed')
            continue
        for file in tree.match('lib/include/imshow/*.h'):
            header = file.removeprefix('lib/include/')
            got = subprocess.run([name, *flags, *WARNINGS, '-Ilib/include', '-'], cwd=tree.root,
                                 input=f'#include <{header}>\n', capture_output=True, text=True)
            if got.returncode:
                first = next((l for l in got.stderr.splitlines() if 'error' in l), got.stderr)
                faults.append(f'{file}:1: does not compile alone by {name}: {first}')
    return faults


def check_format(tree):
    """clang-format would change nothing."""
    files = tree.c_files()
    if not files:
        return []
    got = subprocess.run(['clang-format', '--dry-run', '--ferror-limit=1', '-Werror', *files],
                         cwd=tree.root, capture_output=True, text=True)
    faults = [line for line in got.stderr.splitlines() if ': error:' in line]
    return faults or ([got.stderr.strip()] if got.returncode else [])
