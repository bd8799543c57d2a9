#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""run.py [--commands] BUILD FOLDER: runs every example of the guide in FOLDER, which is emptied before.

The commands leave FOLDER/NAME.html, and once more NAME.json; the snippets leave snippets/NAME.json, which must
be the same figure. Each picture that the guide shows has to be there. --commands: only those.
"""
import json
import os
import re
import shutil
import subprocess
import sys

from sections import GUIDE, ROOT, blocks, is_program

sys.path.insert(0, os.path.join(ROOT, 'docs', 'guide'))
import make_inputs


def run(command, folder, path=None):
    """What went wrong, or nothing."""
    environment = dict(os.environ, PATH=f'{path}:{os.environ["PATH"]}') if path else None
    done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    if done.returncode or 'runtime error' in done.stdout or 'Sanitizer' in done.stdout:
        return [f'exit status {done.returncode}: {done.stdout.strip()}']
    return []


def run_command(name, text, folder, build):
    """The command as it stands, then for JSON."""
    html = f'-o {name}.html'
    if text.count(html) != 1:
        return [f'the command does not end in {html}']
    faults = []
    for command in text, text.replace(html, f'-o {name}.json'):
        faults += run(['bash', '-ec', command], folder, os.path.join(build, 'bin'))
    return faults


def run_snippet(name, text, folder, build):
    program = 'guide_program' if is_program(text) else 'guide_snippets'
    return run([os.path.join(build, 'bin', program), name], folder)


def load(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return json.load(file)


def compare(name, folder):
    by_command, by_snippet = (load(f, name + '.json') for f in
                              (folder, os.path.join(folder, 'snippets')))
    if by_command == by_snippet:
        return []
    parts = [k for k in {**by_command, **by_snippet} if by_command.get(k) != by_snippet.get(k)]
    return [f'command and snippet give other figures: {", ".join(parts)}']


def check_pictures(names):
    with open(GUIDE, encoding='utf-8') as file:
        shown = re.findall(r'^!\[.+\]\(guide/([\w-]+)\.png\)$', file.read(), re.MULTILINE)
    return [f'{name}: no picture of it, or two' for name in names if shown.count(name) != 1]


def run_commands(build, folder):
    """Stops at the first that fails."""
    shutil.rmtree(folder, ignore_errors=True)
    make_inputs.write_all(folder)
    for name, text in blocks('sh').items():
        for fault in run_command(name, text, folder, build):
            sys.exit(f'{name}: {fault}')
    return 0


def run_section(name, commands, snippets, folder, build):
    if name not in commands or name not in snippets:
        return ['a command and a snippet are wanted']
    faults = run_command(name, commands[name], folder, build)
    faults += run_snippet(name, snippets[name], os.path.join(folder, 'snippets'), build)
    return faults or compare(name, folder)


def main(build, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for each in folder, os.path.join(folder, 'snippets'):
        make_inputs.write_all(each)
    commands, snippets = blocks('sh'), blocks('c')
    names = list({**commands, **snippets})
    faults = check_pictures(names)
    for name in names:
        found = run_section(name, commands, snippets, folder, build)
        print('not ok' if found else 'ok', name)
        faults += [f'{name}: {fault}' for fault in found]
    for fault in faults:
        print(f'FAIL {fault}')
    print(f'{len(names)} examples, {len(faults)} faults')
    return 1 if faults or not names else 0


if __name__ == '__main__':
    if len(sys.argv) not in (3, 4) or len(sys.argv) == 4 and sys.argv[1] != '--commands':
        sys.exit(__doc__)
    todo = run_commands if len(sys.argv) == 4 else main
    sys.exit(todo(*map(os.path.abspath, sys.argv[-2:])))
