# SPDX-License-Identifier: MIT
"""run.py [--report] [NAME...]: runs all checks of this folder, or those named."""
import os
import sys

import config
import counts
import docs
import layers
import selftest
import text
import tools
from tree import Tree

CHECKS = {
    'layers': layers.check_layers,
    'borders': layers.check_borders,
    'cycles': layers.check_cycles,
    'quiet': layers.check_quiet,
    'web': layers.check_web,
    'licence': text.check_licence,
    'length': text.check_length,
    'functions': text.check_functions,
    'foreign': text.check_foreign,
    'links': text.check_links,
    'routes': text.check_routes,
    'documented': docs.check_documented,
    'options': docs.check_options,
    'config': config.check_config,
    'headers': tools.check_headers,
    'format': tools.check_format,
    'itself': selftest.check_itself,
    'counts': counts.check_counts,
}


def main(names):
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
    tree = Tree(root)
    if '--report' in names:
        names.remove('--report')
        print(text.report_functions(tree))
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        sys.exit(f'run.py: no check {unknown[0]}; there are: {" ".join(CHECKS)}')
    failed = 0
    for name in names or CHECKS:
        faults = CHECKS[name](tree)
        failed += bool(faults)
        print(f'{"not ok" if faults else "ok"} {name}')
        for fault in faults:
            print(f'    {fault}')
    print(f'{len(names or CHECKS) - failed} passed, {failed} failed')
    sys.exit(failed > 0)


main(sys.argv[1:])
