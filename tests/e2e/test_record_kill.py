# SPDX-License-Identifier: MIT
"""kill -9 at random moments while two streams are recorded: each file is whole again at the next start, and lacks nothing
that was older than a second. `./dev soak record` does the same a hundred times."""
import unittest

from support.killing import Killing


class RecordKill(unittest.TestCase):
    def test_a_daemon_that_is_killed_loses_a_second_at_most(self):
        with Killing(rounds=10) as killing:
            killing.run()


if __name__ == '__main__':
    unittest.main()
