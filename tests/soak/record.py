#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""record.py [COUNT]: kills the daemon of IMSHOWD_BUILD so often (100) while it records, and reads all that is left."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'e2e'))

from support.killing import Killing  # noqa: E402


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    begun = time.monotonic()
    with Killing(count, longest_s=2.5) as killing:
        kept = killing.run()
    print(f'{count} kills, {count} whole files, {kept} frames, none lost that was older than a second;'
          f' {time.monotonic() - begun:.0f} s')


main()
