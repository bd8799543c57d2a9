#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes colorscales_data.c from plotly's built-in scales (Debian: python3-plotly).

    /usr/bin/python3 make_colorscales.py gray Plasma RdBu Viridis > colorscales_data.c
"""

import sys
from plotly import colors

MODULES = (colors.sequential, colors.diverging, colors.cyclical)


def find(name):
    for module in MODULES:
        stops = getattr(module, name, None)
        if isinstance(stops, list):
            return stops
    sys.exit(f"make_colorscales.py: plotly has no scale named {name}")


def rows(stops):
    """The stops as C texts, filled into lines of at most 90 columns."""
    line = "   "
    for stop in stops:
        item = f' "{stop}",'
        if len(line) + len(item) > 90:
            yield line
            line = "   "
        line += item
    yield line


def main(names):
    names = sorted(names, key=str.lower)
    print("/* SPDX-License-Identifier: MIT */")
    print("/* Made by make_colorscales.py from plotly.colors: change that, not this. */")
    print("#include <imshow/colorscale.h>\n#include <stddef.h>\n")
    for name in names:
        print(f"static const char *const {name.lower()}[] = {{")
        print("\n".join(rows(find(name))), end="\n};\n\n")
    print("const struct ims_colorscale ims_colorscales[] = {")
    for name in names:
        print(f'    {{"{name}", {len(find(name))}, {name.lower()}}},')
    print("    {NULL, 0, NULL},\n};")


main(sys.argv[1:])
