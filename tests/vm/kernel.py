# SPDX-License-Identifier: MIT
"""Debian's kernel for the VM: downloaded and unpacked once into a cache, never installed.

    kernel = kernel_get(say)
    kernel.image, kernel.modules        # vmlinuz, and the folder that stands for /lib/modules

The cache is ~/.cache/imshowd-vm (or under XDG_CACHE_HOME); remove it to take a newer kernel.
"""
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGE = 'linux-image-amd64'  # the cloud kernel has no cameras
APT_S = 600


class Kernel:
    def __init__(self, root):
        self.root = Path(root)
        self.modules = self.root / 'lib/modules'
        self.version = next(self.modules.iterdir()).name
        self.image = self.root / 'boot' / f'vmlinuz-{self.version}'


def cache_folder():
    base = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    folder = Path(base) / 'imshowd-vm'
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def tool(*command, **keys):
    return subprocess.run(command, check=True, text=True, stdin=subprocess.DEVNULL,
                          timeout=APT_S, env={**os.environ, 'LC_ALL': 'C'}, **keys)


def package_name():
    """The real package behind the one that only depends on it; None where apt knows neither."""
    listed = tool('apt-cache', 'depends', PACKAGE, capture_output=True).stdout
    found = re.search(r'Depends: (linux-image-\S+)', listed)
    return found and found[1]


def download(folder, say):
    as_root = [] if os.geteuid() == 0 else ['sudo']
    try:
        name = package_name()
    except subprocess.CalledProcessError:
        name = None
    if not name:
        tool(*as_root, 'apt-get', '-q', 'update', stdout=subprocess.DEVNULL)
        name = package_name()
    say(f'downloading {name}')
    tool('apt-get', '-q', 'download', name, cwd=folder, capture_output=True)
    return next(Path(folder).glob('*.deb'))


def unpack(package, folder):
    tool('dpkg-deb', '-x', package, folder)
    kernel = Kernel(folder)
    tool('/sbin/depmod', '-b', folder, kernel.version)


def kernel_get(say):
    cache = cache_folder()
    cached = sorted(cache.glob('linux-image-*'))
    if cached:
        return Kernel(cached[-1])
    work = Path(tempfile.mkdtemp(prefix='unpacking-', dir=cache))
    try:
        package = download(work, say)
        root = work / 'root'
        root.mkdir()
        unpack(package, root)
        root.rename(cache / package.stem)  # whole or not at all
        return Kernel(cache / package.stem)
    finally:
        shutil.rmtree(work)
