#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py: writes docs/config.md and docs/imshowd.8 from the daemon's option table and the texts beside this file.

In the texts a line `@keys SECTION@` stands for that section's keys, and `@options@` for the command line's.
tests/lint runs `documents` too and compares.
"""
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ON_LINE, IN_FILE = 1, 2


def table(root, compiler='cc'):
    """{section: (argument, help, rows)}; a row is a dict."""
    with tempfile.TemporaryDirectory() as folder:
        program = f'{folder}/rows'
        subprocess.run([compiler, '-std=c17', '-D_GNU_SOURCE', '-Ilib/include', '-Idaemon',
                        'docs/config/rows.c', 'daemon/config_table.c', '-o', program],
                       cwd=root, check=True)
        text = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    sections = {}
    for line in text.splitlines():
        kind, name, *rest = line.split('\t')
        if kind == 'section':
            rows = []
            sections[name] = (rest[0], rest[1], rows)
        else:
            letter, value, places, live, standard, told = rest
            rows.append({'name': name, 'letter': letter, 'value': value, 'places': int(places),
                         'live': live == '1', 'standard': standard, 'help': told})
    return sections


class Markdown:
    source, target = 'docs/config/config.md.in', 'docs/config.md'
    OPTIONS_HEAD = ['| option | what |', '|---|---|']

    @staticmethod
    def keys(rows):
        yield '| key | value | default | a reload | what |'
        yield '|---|---|---|---|---|'
        for row in rows:
            if row['places'] & IN_FILE:
                standard = f'`{row["standard"]}`' if row['standard'] else ''
                told = row['help'].replace('|', '\\|')
                yield (f'| `{row["name"]}` | {row["value"] or "yes, no"} | {standard} | '
                       f'{"applies it" if row["live"] else "takes a restart"} | {told} |')

    @staticmethod
    def options(rows):
        for row in rows:
            if row['places'] & ON_LINE:
                letter = f'`-{row["letter"]}`, ' if row['letter'] else ''
                value = f' {row["value"]}' if row['value'] else ''
                yield f'| {letter}`--{row["name"]}{value}` | {row["help"]} |'


class Man:
    source, target = 'docs/config/imshowd.8.in', 'docs/imshowd.8'
    OPTIONS_HEAD = []

    @staticmethod
    def plain(text):
        return text.replace('\\', '\\\\').replace('-', '\\-').replace("'", "\\(aq")

    def tail(self, row):
        standard = f' ({row["standard"]})' if row['standard'] else ''
        return self.plain(f'{row["help"]}{standard}.')

    def keys(self, rows):
        for row in rows:
            if row['places'] & IN_FILE:
                yield '.TP'
                yield (f'\\fB{self.plain(row["name"])}\\fR = '
                       f'\\fI{self.plain(row["value"] or "yes|no")}\\fR')
                yield self.tail(row) + ('' if row['live'] else ' Takes a restart.')

    def options(self, rows):
        for row in rows:
            if row['places'] & ON_LINE:
                letter = f'\\fB\\-{row["letter"]}\\fR, ' if row['letter'] else ''
                value = f' \\fI{self.plain(row["value"])}\\fR' if row['value'] else ''
                yield '.TP'
                yield f'{letter}\\fB\\-\\-{self.plain(row["name"])}\\fR{value}'
                yield self.tail(row)


def fill(text, form, sections):
    for line in text.splitlines():
        word, _, name = line.strip('@').partition(' ')
        if line.startswith('@keys '):
            yield from form.keys(sections[name][2])
        elif line == '@options@':
            yield from form.OPTIONS_HEAD
            for argument, _, rows in sections.values():
                if not argument:
                    yield from form.options(rows)
        else:
            yield line


def documents(root=ROOT):
    """{path in the tree: what it is to be}"""
    sections = table(root)
    return {form.target: '\n'.join(fill((Path(root) / form.source).read_text(encoding='utf-8'),
                                        form, sections)) + '\n'
            for form in (Markdown(), Man())}


if __name__ == '__main__':
    for target, wanted in documents().items():
        (ROOT / target).write_text(wanted, encoding='utf-8')
