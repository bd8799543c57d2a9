# SPDX-License-Identifier: MIT
"""The page and the manual page of the configuration are what the option table makes of them."""
import importlib.util
import os
import shutil

MAKER = 'docs/config/make.py'


def maker(tree):
    spec = importlib.util.spec_from_file_location('make_config', tree.path(MAKER))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check_config(tree):
    if MAKER not in tree.files:
        return []
    if not shutil.which('cc'):
        return [f'{MAKER}:1: no C compiler, cc, is installed']
    faults = []
    for name, wanted in maker(tree).documents(tree.root).items():
        lines = tree.lines(name) if os.path.exists(tree.path(name)) else []
        wanted = wanted.splitlines()
        if lines != wanted:
            at = next((i for i, (a, b) in enumerate(zip(lines, wanted)) if a != b),
                      min(len(lines), len(wanted)))
            faults.append(f'{name}:{at + 1}: is not what the option table says: run {MAKER}')
    return faults
