#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes templates_data.c from plotly's built-in templates (Debian: python3-plotly).

    /usr/bin/python3 make_templates.py > templates_data.c

Kept is what figures of images, heatmaps, histograms, contours and points use; maps, polar, ternary and
3-D plots are left out. Debian's plotly is older than the one whose figures we equal, which has
another template for points (NEWER).
"""
import json
import math
import sys

import plotly.io

NAMES = ['ggplot2', 'gridon', 'none', 'plotly', 'plotly_dark', 'plotly_white', 'presentation',
         'seaborn', 'simple_white', 'xgridoff', 'ygridoff']
BASES = {'plotly_white': 'plotly'}
LAYOUT_LEFT_OUT = ['geo', 'mapbox', 'polar', 'scene', 'ternary']
TRACES = ['bar', 'contour', 'heatmap', 'histogram', 'histogram2d', 'histogram2dcontour', 'scatter',
          'scattergl']
FULL = ['ggplot2', 'plotly', 'plotly_white', 'seaborn', 'simple_white']
NEWER = {'fillpattern': {'fillmode': 'overlay', 'size': 10, 'solidity': 0.2}, 'type': 'scatter'}


def is_scale(value):
    return (isinstance(value, list) and len(value) > 1
            and all(isinstance(v, list) and len(v) == 2 and isinstance(v[1], str) for v in value))


def steps(scale):
    """0 when the positions are spread evenly, else how many steps they are rounded up to."""
    last = len(scale) - 1
    for count in (0, 255):
        even = [i / last if not count else math.ceil(i * count / last) / count
                for i in range(len(scale))]
        if all(abs(v[0] - e) < 1e-6 for v, e in zip(scale, even)):
            return count
    sys.exit(f'make_templates.py: these positions are not even: {scale}')


def rows(path, value):
    """(path, kind, number, text) of every value in the tree."""
    if isinstance(value, dict):
        if not value:
            yield path, 'MAP', 0, None
        for key in sorted(value):
            yield from rows(f'{path}.{key}' if path else key, value[key])
    elif is_scale(value):
        yield path, 'SCALE', steps(value), ';'.join(v[1] for v in value)
    elif isinstance(value, list) and all(isinstance(v, str) for v in value):
        yield path, 'COLORS', 0, ';'.join(value)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from rows(f'{path}[{i}]', item)
    elif isinstance(value, bool):
        yield path, 'SWITCH', int(value), None
    elif isinstance(value, (int, float)):
        yield path, 'NUMBER', value, None
    else:
        yield path, 'TEXT', 0, value


def template(name):
    tree = plotly.io.templates[name].to_plotly_json()
    layout = {k: v for k, v in tree.get('layout', {}).items() if k not in LAYOUT_LEFT_OUT}
    data = {k: v for k, v in tree.get('data', {}).items() if k in TRACES}
    if name in FULL:
        data['scatter'] = [NEWER]
    return list(rows('', json.loads(json.dumps({'data': data, 'layout': layout}))))


def main():
    print('/* SPDX-License-Identifier: MIT */')
    print('/* Made by make_templates.py from plotly.io.templates: change that, not this. */')
    print('#include "template.h"\n\n#include <stddef.h>')
    for name in NAMES:
        own, base = template(name), template(BASES[name]) if name in BASES else []
        missing = {r[0] for r in base} - {r[0] for r in own}
        assert not missing, (name, missing)
        print(f'\nstatic const struct ims__template_row {name}_rows[] = {{')
        for row in own:
            path, kind, number, text = row
            if row not in base and kind != 'MAP':
                text = 'NULL' if text is None else json.dumps(text)
                print(f'    {{"{path}", IMS__ROW_{kind}, {number}, {text}}},')
        print('    {NULL, IMS__ROW_TEXT, 0, NULL},\n};')
    print('\nconst struct ims__template ims__templates[] = {')
    for name in NAMES:
        base = f'{BASES[name]}_rows' if name in BASES else 'NULL'
        print(f'    {{"{name}", {base}, {name}_rows}},')
    print('    {NULL, NULL, NULL},\n};')


main()
