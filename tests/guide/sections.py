# SPDX-License-Identifier: MIT
"""The examples of docs/guide-imshow.md.

A fenced block whose first line says `sh NAME` is a command that leaves NAME.html, one that says `c NAME` a
snippet in C that leaves NAME.json: the body of a function, or a whole program.
"""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GUIDE = os.path.join(ROOT, 'docs', 'guide-imshow.md')
BLOCK = re.compile(r'^```(\w+) ([\w-]+)\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def blocks(language):
    """{name: text} in the order of the guide."""
    with open(GUIDE, encoding='utf-8') as file:
        found = [m for m in BLOCK.finditer(file.read()) if m[1] == language]
    assert len({m[2] for m in found}) == len(found), f'a {language} example stands twice'
    return {m[2]: m[3] for m in found}


def is_program(snippet):
    return 'int main(' in snippet
