# SPDX-License-Identifier: MIT
"""The first file system of the VM: busybox, `init`, and the modules that the share of the host's root needs.

    initrd_make(kernel, '/some/folder/initrd')

All other modules and programs are read from the share.
"""
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay']
FOLDERS = ['bin', 'dev', 'proc', 'sys', 'lower', 'rw', 'newroot']


def module_files(kernel):
    for module in MODULES:
        shown = subprocess.run(
            ['/sbin/modprobe', '-d', kernel.root, '-S', kernel.version, '--show-depends', module],
            check=True, capture_output=True, text=True).stdout
        yield from (Path(line.split()[1]) for line in shown.splitlines()
                    if line.startswith('insmod '))


def fill(folder, kernel):
    for name in FOLDERS:
        (folder / name).mkdir()
    (folder / 'sbin').symlink_to('bin')
    shutil.copy('/bin/busybox', folder / 'bin')
    for path in dict.fromkeys(module_files(kernel)):
        target = folder / path.relative_to(kernel.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    lists = Path('lib/modules') / kernel.version
    for name in ('modules.order', 'modules.builtin', 'modules.builtin.modinfo'):
        shutil.copy(kernel.root / lists / name, folder / lists)
    subprocess.run(['/sbin/depmod', '-b', folder, kernel.version], check=True)
    shutil.copy(HERE / 'init', folder)


def initrd_make(kernel, out):
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        fill(folder, kernel)
        names = '\n'.join(str(p.relative_to(folder)) for p in sorted(folder.rglob('*')))
        with open(out, 'wb') as file:
            subprocess.run(['cpio', '-o', '-H', 'newc', '--quiet'], cwd=folder, check=True,
                           input=names.encode(), stdout=file)
