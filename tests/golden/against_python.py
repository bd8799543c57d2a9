#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""against_python.py BUILD: sections of the guide beside the figures that Python makes of the same calls.

Both figures are drawn by the same plotly.js in Chromium at the same size with their text hidden, since it is
figures that are compared and not renderers. Prints for each section the share of pixels that differ at all;
ends with status 1 when one is above 2 %, and when figures that should differ do not.

Python's are those of Debian's python3-plotly, px.imshow where there is such a call.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'docs', 'guide'))
import make_inputs

numpy.bool = bool  # plotly 5.4 asks for the name that NumPy 1.24 took away
import plotly.express as px
import plotly.graph_objects as go
from plotly.subplots import make_subplots

MOST = 0.02
TOWNS = numpy.array([[1, 20, 30], [20, 1, 60], [30, 60, 1]])
PRIMARIES = numpy.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]],
                         [[0, 255, 0], [0, 0, 255], [255, 0, 0]]], 'u1')
WEEK = numpy.array([[1, 25, 30, 50, 1], [20, 1, 60, 80, 30], [30, 60, 1, 5, 20]])
PAIRS = numpy.stack([make_inputs.waves(6), 255 - make_inputs.waves(6)], 1)


def bare():
    figure = px.imshow(make_inputs.elevation())
    figure.update_layout(coloraxis_showscale=False)
    figure.update_xaxes(showticklabels=False)
    figure.update_yaxes(showticklabels=False)
    return figure


def week():
    figure = px.imshow(WEEK, labels=dict(x='Day of week', y='Time of day', color='Visitors'),
                       x=['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], y=['Morning', 'Noon', 'Evening'])
    figure.update_xaxes(side='top')
    return figure


def overlay():
    metres = make_inputs.elevation()
    figure = px.imshow(metres, color_continuous_scale='gray')
    figure.add_trace(go.Contour(z=metres, showscale=False, line_width=2, contours=dict(
        start=200, end=420, size=55, coloring='lines')))
    figure.add_trace(go.Scatter(x=[32], y=[5], marker=dict(color='red', size=12)))
    return figure


def shapes():
    figure = px.imshow(make_inputs.cells(), color_continuous_scale='gray')
    figure.add_shape(type='rect', x0=24, x1=44, y0=26, y1=46, xref='x', yref='y', line_color='cyan')
    figure.add_shape(type='circle', x0=52, x1=68, y0=12, y1=28, xref='x', yref='y',
                     line_color='yellow')
    figure.add_annotation(text='two cells', x=0.5, y=0.95, xref='paper', yref='paper',
                          showarrow=False, font=dict(size=20, color='cyan'))
    figure.update_layout(dragmode='drawrect', newshape=dict(line_color='cyan'))
    return figure


def histograms():
    picture = make_inputs.hills()
    figure = make_subplots(1, 2)
    figure.add_trace(go.Image(source=px.imshow(picture).data[0].source), 1, 1)
    for channel, color in (0, 'red'), (2, 'blue'):
        figure.add_trace(go.Histogram(x=picture[..., channel].ravel(), opacity=0.5,
                                      marker_color=color, name=color), 1, 2)
    figure.update_layout(height=400)
    return figure


SECTIONS = {
    'pixels': lambda: px.imshow(PRIMARIES),
    'hills': lambda: px.imshow(make_inputs.hills(), title='An evening'),
    'grey': lambda: px.imshow(make_inputs.plate(), binary_string=True, zmax=1200),
    'heatmap': lambda: px.imshow(make_inputs.elevation()),
    'colours': lambda: px.imshow(make_inputs.elevation(), color_continuous_scale='Viridis'),
    'midpoint': lambda: px.imshow(
        make_inputs.elevation(), color_continuous_midpoint=310,
        color_continuous_scale=['royalblue', 'white', 'firebrick']),
    'bare': bare,
    'week': week,
    'limits': lambda: px.imshow(make_inputs.plate(), zmin=900, zmax=1100),
    'channels': lambda: px.imshow(make_inputs.hills(), zmin=[20, 30, 40], zmax=[230, 180, 130]),
    'contrast': lambda: px.imshow(make_inputs.hills(), contrast_rescaling='minmax'),
    'origin': lambda: px.imshow(make_inputs.elevation(), aspect='auto', origin='lower', width=500,
                                height=300),
    'facets': lambda: px.imshow(
        make_inputs.waves(), facet_col=0, facet_col_wrap=4, facet_col_spacing=0.03,
        facet_row_spacing=0.12, labels={'facet_col': 'step'}),
    'animation': lambda: px.imshow(make_inputs.waves(), animation_frame=0,
                                   labels={'animation_frame': 'step'}),
    'both': lambda: px.imshow(PAIRS, animation_frame=0, facet_col=1),
    'overlay': overlay,
    'shapes': shapes,
    'histograms': histograms,
    'dark': lambda: px.imshow(make_inputs.elevation(), template='plotly_dark'),
}


def load(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def gather(guide, shots):
    """Ours as the guide's commands wrote them, and Python's."""
    for name, make in SECTIONS.items():
        with open(os.path.join(shots, name + '.ours.json'), 'w', encoding='utf-8') as file:
            json.dump(load(os.path.join(guide, name + '.json')), file)
        with open(os.path.join(shots, name + '.theirs.json'), 'w', encoding='utf-8') as file:
            file.write(make().to_json())


def share(first, second):
    """Of pixels that differ."""
    pictures = [numpy.asarray(Image.open(path).convert('RGB')) for path in (first, second)]
    return float((pictures[0] != pictures[1]).any(axis=-1).mean())


def compare(shots):
    faults = []
    for name in SECTIONS:
        differ = share(*(os.path.join(shots, f'{name}.{by}.png') for by in ('ours', 'theirs')))
        print(f'{name:12} {100 * differ:7.3f} %')
        if not differ <= MOST:
            faults.append(f'{name}: {100 * differ:.2f} % of pixels differ, at most {100 * MOST:g} %')
    for one, other in ('heatmap', 'colours'), ('pixels', 'hills'), ('bare', 'heatmap'):
        differ = share(os.path.join(shots, one + '.ours.png'),
                       os.path.join(shots, other + '.theirs.png'))
        if differ <= MOST:
            faults.append(f'{one} and {other} cannot be told apart: {100 * differ:.2f} %')
    return faults


def main(build, keep=None):
    with tempfile.TemporaryDirectory() as folder:
        guide, shots = os.path.join(folder, 'guide'), keep or os.path.join(folder, 'shots')
        os.makedirs(shots, exist_ok=True)
        subprocess.run([sys.executable, '-B', os.path.join(ROOT, 'tests', 'guide', 'run.py'),
                        '--commands', build, guide], check=True, stdout=subprocess.DEVNULL)
        gather(guide, shots)
        subprocess.run(['node', os.path.join(HERE, 'shots.mjs'),
                        os.path.join(guide, 'heatmap.html'), shots], check=True)
        faults = compare(shots)
    for fault in faults:
        print(f'FAIL {fault}')
    return 1 if faults else 0


if __name__ == '__main__':
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
