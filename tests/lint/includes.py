# SPDX-License-Identifier: MIT
"""Who includes whom, for the checks of layers, borders and cycles."""
import os
import re

from rules import ROOTS

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def resolve(tree, file, kind, name):
    """The file of ours that is meant, or None for a library's."""
    tries = [os.path.join(root, name) for root in ROOTS]
    if kind == '"':
        tries.insert(0, os.path.join(os.path.dirname(file), name))
    known = set(tree.files)
    for path in map(os.path.normpath, tries):
        if path in known:
            return path
    return None


def includes(tree, file):
    """(line number, `<` or `"`, name as written, file of ours or None) of each include."""
    found = []
    for number, line in enumerate(tree.lines(file), 1):
        match = INCLUDE.match(line)
        if match:
            kind, name = match.groups()
            found.append((number, kind, name, resolve(tree, file, kind, name)))
    return found
