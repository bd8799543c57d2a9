# SPDX-License-Identifier: MIT
"""The units, installed: systemd's own opinion of them, and the daemon under a real systemd.

That one is systemd-nspawn's on an overlay of this machine's root, with no network and nothing left behind; cases.py is
what runs in it, and its lines follow those of this file. Wants root, and a kernel that lets it; says what is missing.

    IMSHOWD_RELEASE=build/release IMSHOWD_BUILD=build/asan python3 -B -m unittest -v
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RELEASE = Path(os.environ.get('IMSHOWD_RELEASE') or ROOT / 'build/release')
LIBRARIES = Path(os.environ.get('IMSHOWD_BUILD') or ROOT / 'build/asan') / 'lib'
UNITS = 'usr/local/lib/systemd/system'
TOTAL_S = 300
EXPOSURE_MAX = 1.5

# In a mount namespace of its own: what is mounted here goes with the last process.
INNER = '''
set -e
mount -t tmpfs tmpfs {folder}/rw
mkdir {folder}/rw/upper {folder}/rw/work {folder}/rw/root
mount -t overlay -o lowerdir=/,upperdir={folder}/rw/upper,workdir={folder}/rw/work imshowd {folder}/rw/root
root={folder}/rw/root
cp -a {folder}/tree/. $root/
cp {libraries}/libfakecam.so {libraries}/libstuck.so $root/usr/local/lib/
cp {here}/imshowd-cases.* $root/etc/systemd/system/
rm -rf $root/etc/machine-id $root/etc/imshowd $root/var/lib/imshowd $root/var/log/journal
: > $root/etc/fstab
mkdir -p /run/systemd
UNIFIED_CGROUP_HIERARCHY=1 exec timeout --kill-after=10 {total} systemd-nspawn --quiet --register=no --keep-unit \\
    --private-network --machine=imshowd-cases --directory=$root \\
    --bind-ro={source}:/source --bind={folder}/out:/out --boot systemd.unit=imshowd-cases.target
'''


def install(folder):
    subprocess.run(['cmake', '--install', RELEASE, '--component', 'daemon', '--prefix', '/usr/local'],
                   env={**os.environ, 'DESTDIR': str(folder)}, check=True, stdout=subprocess.DEVNULL)


def run(*command, **keys):
    return subprocess.run(command, capture_output=True, text=True, timeout=TOTAL_S, check=False, **keys)


def obstacle():
    """Why there can be no container here; None: there can."""
    if os.getuid() != 0:
        return 'wants root'
    if not shutil.which('systemd-nspawn'):
        return 'systemd-nspawn is not installed'
    done = run('unshare', '--mount', '--propagation', 'private', 'sh', '-c',
               'mount -t tmpfs t /mnt && mkdir /mnt/u /mnt/w /mnt/r && '
               'mount -t overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w o /mnt/r')
    return f'no overlay can be mounted: {done.stderr.strip()[:200]}' if done.returncode else None


class Units(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = Path(tempfile.mkdtemp(prefix='imshowd-units-'))
        cls.addClassCleanup(shutil.rmtree, cls.tree)
        install(cls.tree)
        (cls.tree / 'etc').mkdir()

    def test_little_is_exposed(self):
        for unit in ('imshowd.service', 'imshowd@video0.service'):
            done = run('systemd-analyze', 'security', '--offline=true', f'--root={self.tree}',
                       '--no-pager', unit)
            found = re.search(r'exposure level for \S+: ([\d.]+)', done.stdout)
            self.assertTrue(found, done.stdout + done.stderr)
            self.assertLessEqual(float(found[1]), EXPOSURE_MAX, done.stdout)

    def test_all_parts_are_where_systemd_looks_and_know_their_program(self):
        for path in ('sysusers.d/imshowd.conf', 'tmpfiles.d/imshowd.conf', 'udev/rules.d/70-imshowd.rules'):
            self.assertTrue((self.tree / 'usr/local/lib' / path).is_file(), path)
        self.assertTrue((self.tree / 'usr/local/share/man/man8/imshowd.8').is_file())
        for unit in ('imshowd.service', 'imshowd@.service'):
            text = (self.tree / UNITS / unit).read_text(encoding='ascii')
            self.assertIn('ExecStart=/usr/local/bin/imshowd', text)
            self.assertNotIn('@CMAKE', text)


class Container(unittest.TestCase):
    def test_the_container_runs_to_its_end(self):
        why = obstacle()
        if why:
            self.skipTest(why)
        with tempfile.TemporaryDirectory(prefix='imshowd-systemd-') as folder:
            for name in ('tree', 'rw', 'out'):
                Path(folder, name).mkdir()
            install(Path(folder, 'tree'))
            done = run('unshare', '--mount', '--propagation', 'private', 'sh', '-c', INNER.format(
                folder=folder, libraries=LIBRARIES, here=HERE, source=ROOT, total=TOTAL_S - 20),
                stdin=subprocess.DEVNULL)
            report = Path(folder, 'out/report')
            text = report.read_text(encoding='utf-8', errors='replace') if report.exists() else ''
            sys.stderr.write(f'\n{text}\n')
            self.assertRegex(text, r'(?m)^Ran \d+ tests? in ', done.stdout[-2000:] + done.stderr[-2000:])


if __name__ == '__main__':
    unittest.main()
