# SPDX-License-Identifier: MIT
"""The examples, in Python and in C, against the daemon."""
import os
import subprocess
import sys
import unittest
from pathlib import Path

from base import PACKAGE, ROOT, WAIT_S, ClientCase
from support.daemon import BUILD


class Examples(ClientCase):
    def run_program(self, *command, server=None):
        env = {**os.environ, 'PYTHONPATH': str(PACKAGE), 'IMSHOW_SERVER': server or self.unix}
        got = subprocess.run(command, env=env, capture_output=True, text=True, timeout=WAIT_S)
        self.assertEqual((got.returncode, got.stderr), (0, ''), got.stdout)
        return got.stdout

    def python(self, name, *args, **keys):
        return self.run_program(sys.executable, '-B', str(PACKAGE / 'examples' / name), *args, **keys)

    def test_a_camera_loop(self):
        self.assertIn('sent', self.python('camera.py', '20'))
        frame = self.read('detector')
        self.assertEqual((frame.values.shape, frame.values.dtype.str), ((480, 640), '<u2'))
        self.assertEqual(frame.meta['exposure_ms'], 10)

    def test_an_xarray_with_dates(self):
        self.python('weather.py', '10')
        array = self.read('weather').to_xarray()
        self.assertEqual((array.shape, array.dims, array.depth.attrs), ((10, 26), ('date', 'depth'), {'units': 'm'}))

    def test_a_table(self):
        self.python('table.py')
        self.assertEqual(self.read('medals').values[2, 0], 10)

    def test_points(self):
        self.assertIn('50000 points', self.python('scatter.py', '5'))
        self.assertEqual(self.read('events').values.shape, (256, 256))

    def test_a_loop_of_asyncio(self):
        self.python('loop.py', '10')
        self.assertEqual((self.read('slow').seq, self.read('fast').seq), (11, 11))

    def test_reading_back(self):
        lines = self.python('back.py', 'lab', '3', server=self.web).splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn('uint8', lines[0])

    def test_counts_in_c_by_both_sockets(self):
        for server in (self.unix, self.tcp):
            self.run_program(str(BUILD / 'bin/counts'), '30', server=server)
            self.assertEqual(self.read('detector').values.max() > 3000, True)

    def test_the_installed_library_of_c_is_found_by_pkg_config(self):
        source = ROOT / 'clients/c'
        subprocess.run(['cmake', '-S', source, '-B', f'{self.folder}/build',
                        f'-DCMAKE_INSTALL_PREFIX={self.folder}/usr'], check=True, capture_output=True)
        subprocess.run(['cmake', '--build', f'{self.folder}/build'], check=True, capture_output=True)
        subprocess.run(['cmake', '--install', f'{self.folder}/build'], check=True, capture_output=True)
        found = next(Path(self.folder, 'usr').rglob('imshowpush.pc')).parent
        flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'imshowpush'], check=True, text=True,
                               capture_output=True, env={**os.environ, 'PKG_CONFIG_PATH': str(found)})
        program = f'{self.folder}/counts'
        subprocess.run(['cc', '-std=c17', str(source / 'examples/counts.c'), *flags.stdout.split(), '-lm',
                        '-o', program], check=True)
        self.run_program(program, '5')


if __name__ == '__main__':
    unittest.main()
