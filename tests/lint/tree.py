# SPDX-License-Identifier: MIT
"""The files that a check looks at: those of the repository, or of a fixture folder.

A check is a function `check(tree)` that returns a list of lines "path:line: what is wrong".
"""
import fnmatch
import os
import shutil
import subprocess

SKIPPED_FOLDERS = {'.git', 'build', 'node_modules', 'dist', 'dist-test',
                   '__pycache__'}
FIXTURE = 'tests/lint/fixture/'


class Tree:
    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.files = sorted(self._from_git() or self._from_disk())
        if not self._is_fixture():  # its faults are wanted
            self.files = [f for f in self.files if not f.startswith(FIXTURE)]
        self._texts = {}

    def _is_fixture(self):
        return not os.path.exists(os.path.join(self.root, 'CMakePresets.json'))

    def _from_git(self):
        """Tracked files, and new ones that are not ignored, so that a fault shows before the commit."""
        if not os.path.exists(os.path.join(self.root, '.git')) or not shutil.which('git'):
            return None
        got = subprocess.run(['git', 'ls-files', '-z', '-c', '-o', '--exclude-standard'],
                             cwd=self.root, capture_output=True, text=True)
        if got.returncode:  # a checkout that belongs to someone else
            return None
        names = {n for n in got.stdout.split('\0') if n}
        return [n for n in names if os.path.isfile(os.path.join(self.root, n))]

    def _from_disk(self):
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS]
            for name in names:
                found.append(os.path.relpath(os.path.join(folder, name), self.root))
        return found

    def match(self, *patterns):
        return [f for f in self.files if any(fnmatch.fnmatch(f, p) for p in patterns)]

    def c_files(self):
        return self.match('lib/*.[ch]', 'daemon/*.[ch]', 'clients/*.[ch]', 'tests/*.[ch]')

    def path(self, name):
        return os.path.join(self.root, name)

    def text(self, name):
        """The file's text, or None when it is binary."""
        if name not in self._texts:
            with open(self.path(name), 'rb') as file:
                data = file.read()
            binary = b'\0' in data[:8192]
            self._texts[name] = None if binary else data.decode('utf-8', 'replace')
        return self._texts[name]

    def lines(self, name):
        return (self.text(name) or '').splitlines()
