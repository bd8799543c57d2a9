#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""make_inputs.py FOLDER: the arrays and pictures of docs/guide-imshow.md, all drawn here."""
import json
import os
import sys

import numpy
from PIL import Image


def hills(height=180, width=270):
    """An evening: a sky that pales downwards, a sun, three ridges."""
    y, x = numpy.mgrid[0:height, 0:width]
    fall = (y / height)[..., None]
    sky = numpy.array([40, 60, 120]) * (1 - fall) + numpy.array([255, 170, 90]) * fall
    sun = numpy.hypot(y - 0.46 * height, x - 0.68 * width) < 0.09 * height
    sky[sun] = [255, 235, 170]
    for i, color in enumerate([(96, 80, 120), (60, 60, 90), (28, 38, 48)]):
        ridge = height * (0.6 + 0.13 * i) + 14 * numpy.sin(x / (31 - 6 * i) + 2 * i) \
            + 6 * numpy.sin(x / 7.3 + i)
        sky[y > ridge] = color
    return sky.round().astype('u1')


def elevation(height=60, width=90):
    """Metres of some hills."""
    y, x = numpy.mgrid[0:height, 0:width] / 20.0
    return (310 + 90 * numpy.sin(x) * numpy.cos(1.3 * y) + 60 * numpy.sin(2.1 * x + y)).astype('f4')


def plate(height=60, width=90):
    """A sensor's counts: a faint pattern, a hot spot and a dead pixel."""
    y, x = numpy.mgrid[0:height, 0:width]
    counts = 1000 + 40 * numpy.sin(x / 6) + 30 * numpy.cos(y / 5)
    counts += 2500 * numpy.exp(-(numpy.hypot(y - 20, x - 60) / 2.5) ** 2)
    counts[40, 20] = 0
    return counts.astype('u2')


def waves(frames=8, height=40, width=60):
    """A drop that spreads, 0 to 255."""
    y, x = numpy.mgrid[0:height, 0:width]
    r = numpy.hypot(y - height / 2, x - width / 2)
    rings = [numpy.cos(r / 2.5 - t * 0.8) * numpy.exp(-r / 18) for t in range(frames)]
    return (127.5 + 127.5 * numpy.stack(rings)).astype('u1')


def cells(height=60, width=90):
    """Bright blobs on dark ground, as under a microscope."""
    y, x = numpy.mgrid[0:height, 0:width]
    field = numpy.zeros((height, width))
    for cy, cx, size in [(15, 20, 6), (36, 34, 9), (20, 60, 7), (45, 70, 5), (50, 12, 4)]:
        field += numpy.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * size ** 2))
    return (numpy.clip(field, 0, 1) * 220 + 15).astype('u1')


def air():
    """Four days of air temperature over a small map, and what xarray would tell of it."""
    latitudes, longitudes = numpy.arange(60, 40, -2.5), numpy.arange(-10, 20, 2.5)
    day = numpy.arange(4)[:, None, None]
    kelvin = 300 - 0.6 * (latitudes[None, :, None] - 40) + 4 * numpy.sin(
        longitudes[None, None, :] / 6 + day)
    labels = {
        'name': 'air',
        'dims': ['day', 'lat', 'lon'],
        'attrs': {'long_name': 'Air temperature', 'units': 'K'},
        'coords': {
            'day': {'data': [f'2026-01-0{d + 1}' for d in range(4)], 'dtype': 'datetime64[D]'},
            'lat': {'data': latitudes.tolist(), 'attrs': {'units': 'degrees_north'}},
            'lon': {'data': longitudes.tolist(), 'attrs': {'units': 'degrees_east'}},
        },
    }
    return kelvin.astype('f4'), labels


def density(points=60000, height=60, width=90):
    """Points in bins: the logarithm of their counts, -inf where there is none."""
    random = numpy.random.default_rng(7)
    t = random.uniform(0, 12, points)
    x = t * numpy.cos(t) + random.normal(0, 0.8, points)
    y = t * numpy.sin(t) + random.normal(0, 0.8, points)
    counts, rows, columns = numpy.histogram2d(y, x, (height, width), [[-14, 14], [-14, 14]])
    with numpy.errstate(divide='ignore'):
        log = numpy.log10(counts)
    middle = [(edges[1:] + edges[:-1]) / 2 for edges in (rows, columns)]
    labels = {'dims': ['y', 'x'], 'name': 'Log10(count)', 'attrs': {},
              'coords': {'y': {'data': middle[0].tolist()}, 'x': {'data': middle[1].tolist()}}}
    return log.astype('f4'), labels


def write_all(folder):
    os.makedirs(folder, exist_ok=True)

    def save(name, array, labels=None):
        numpy.save(os.path.join(folder, name + '.npy'), array)
        if labels:
            with open(os.path.join(folder, name + '.labels.json'), 'w', encoding='utf-8') as file:
                json.dump(labels, file)

    Image.fromarray(hills()).save(os.path.join(folder, 'hills.png'))
    save('primaries', numpy.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]],
                                   [[0, 255, 0], [0, 0, 255], [255, 0, 0]]], 'u1'))
    save('table', numpy.array([[1, 20, 30], [20, 1, 60], [30, 60, 1]], 'i8'))
    save('week', numpy.array([[1, 25, 30, 50, 1], [20, 1, 60, 80, 30], [30, 60, 1, 5, 20]], 'i8'))
    save('elevation', elevation())
    save('plate', plate())
    save('waves', waves())
    save('colour-waves', numpy.stack([waves(), waves()[:, ::-1], waves()[::-1]], -1))
    save('pairs', numpy.stack([waves(6), 255 - waves(6)], 1))
    save('cells', cells())
    save('air', *air())
    save('density', *density())


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_all(sys.argv[1])
