# SPDX-License-Identifier: MIT
"""Figures beside those of Python's px.imshow, in a real browser."""
import os
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get('IMSHOWD_BUILD', os.path.join(ROOT, 'build', 'asan'))


class AgainstPython(unittest.TestCase):
    def test_figures_of_the_guide_look_as_python_draws_them(self):
        script = os.path.join(ROOT, 'tests', 'golden', 'against_python.py')
        done = subprocess.run([sys.executable, '-B', script, BUILD], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == '__main__':
    unittest.main()
