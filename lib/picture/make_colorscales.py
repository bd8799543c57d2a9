#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes colorscales_data.c from plotly's built-in scales (Debian: python3-plotly).

    /usr/bin/python3 make_colorscales.py > colorscales_data.c
"""

from plotly import colors

MODULES = (colors.sequential, colors.diverging, colors.cyclical)


def all_scales():
    """By name; the reversed ones (_r) and the internals of the modules left out."""
    return {name: stops for module in MODULES for name, stops in vars(module).items()
            if isinstance(stops, list) and not name.startswith('_') and not name.endswith('_r')}


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


def main():
    scales = all_scales()
    names = sorted(scales, key=str.lower)
    print("/* SPDX-License-Identifier: MIT */")
    print("/* Made by make_colorscales.py from plotly.colors: change that, not this. */")
    print("#include <imshow/colorscale.h>\n#include <stddef.h>\n")
    for name in names:
        print(f"static const char *const {name.lower()}[] = {{")
        print("\n".join(rows(scales[name])), end="\n};\n\n")
    print("const struct ims_colorscale ims_colorscales[] = {")
    for name in names:
        print(f'    {{"{name}", {len(scales[name])}, {name.lower()}}},')
    print("    {NULL, 0, NULL},\n};")


main()
