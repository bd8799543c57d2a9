# SPDX-License-Identifier: MIT
"""The package itself: its signature, what importing it costs, and that it can be installed."""
import inspect
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy
from base import PACKAGE, WAIT_S

import imshowd

numpy.bool = bool  # plotly 5.4 asks for the name that NumPy 1.24 took away
import plotly.express as px  # noqa: E402

# plotly 6.9.0's, in its order; Debian's plotly is older and has some less.
SIGNATURE = ('img zmin zmax origin labels x y animation_frame facet_col facet_row facet_col_wrap '
             'facet_col_spacing facet_row_spacing color_continuous_scale color_continuous_midpoint range_color '
             'title template width height aspect contrast_rescaling binary_string binary_backend '
             'binary_compression_level binary_format text_auto').split()
DEAR = ('xarray', 'pandas', 'asyncio', 'ssl', 'http.client', 'PIL', 'plotly', 'imshowd._read',
        'imshowd._websocket', 'imshowd.aio')
IMPORT = '''
import sys, time
import numpy
start = time.perf_counter()
import imshowd
print(time.perf_counter() - start, *[name for name in %r if name in sys.modules])
'''


def parameters(function):
    return {p.name: p for p in inspect.signature(function).parameters.values()}


class Package(unittest.TestCase):
    def test_imshow_has_the_parameters_of_px_imshow_in_its_order(self):
        ours = parameters(imshowd.imshow)
        names = [name for name, p in ours.items() if p.kind == p.POSITIONAL_OR_KEYWORD]
        self.assertEqual(names, SIGNATURE)
        theirs = parameters(px.imshow)
        self.assertEqual([name for name in names if name in theirs], list(theirs))
        for name, parameter in theirs.items():
            self.assertEqual(ours[name].default, parameter.default, name)

    def test_importing_it_imports_nothing_that_is_dear(self):
        got = subprocess.run([sys.executable, '-c', IMPORT % (DEAR,)], cwd=PACKAGE, check=True,
                             capture_output=True, text=True).stdout.split()
        print(f'import imshowd: {float(got[0]) * 1000:.1f} ms beside numpy', file=sys.stderr)
        self.assertEqual(got[1:], [])

    def test_every_public_name_is_there_and_documented(self):
        for name in imshowd.__all__:
            self.assertTrue(inspect.getdoc(getattr(imshowd, name)), name)
        with self.assertRaises(AttributeError):
            imshowd.nothing
        for kind in (imshowd.Live, imshowd.Points, imshowd.Frame):
            for name, value in vars(kind).items():
                if not name.startswith('_') and callable(value):
                    self.assertTrue(value.__doc__, f'{kind.__name__}.{name}')

    def test_it_installs_into_a_virtual_environment_without_a_network(self):
        folder = tempfile.mkdtemp(prefix='imshowd-')
        self.addCleanup(shutil.rmtree, folder)
        source = Path(folder) / 'source'
        shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns('__pycache__'))
        subprocess.run([sys.executable, '-m', 'venv', '--system-site-packages', '--without-pip',
                        f'{folder}/venv'], check=True, timeout=WAIT_S)
        python = f'{folder}/venv/bin/python'
        subprocess.run([python, '-m', 'pip', 'install', '--no-build-isolation', '--no-index', '--no-deps', '-q',
                        '--disable-pip-version-check', str(source)], check=True, timeout=WAIT_S)
        got = subprocess.run([python, '-c', 'import imshowd; print(imshowd.__file__, imshowd.__version__)'],
                             cwd='/', check=True, capture_output=True, text=True).stdout.split()
        self.assertTrue(got[0].startswith(f'{folder}/venv/'), got)
        self.assertEqual(got[1], imshowd.__version__)
        self.assertTrue((Path(got[0]).parent / 'py.typed').exists())

    @unittest.skipUnless(shutil.which('mypy'), 'mypy is not installed')
    def test_its_types_hold(self):
        cache = tempfile.mkdtemp(prefix='imshowd-')
        self.addCleanup(shutil.rmtree, cache)
        got = subprocess.run(['mypy', '--cache-dir', cache, 'imshowd'], cwd=PACKAGE, capture_output=True,
                             text=True, timeout=WAIT_S)
        self.assertEqual(got.returncode, 0, got.stdout)


if __name__ == '__main__':
    unittest.main()
