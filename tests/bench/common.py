# SPDX-License-Identifier: MIT
"""What the benches share: the machine, the photographs, the options, the table of results."""
import argparse
import datetime
import glob
import json
import os
import platform
import statistics
import subprocess

import numpy
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PHOTOS = ('astronaut', 'coffee', 'chelsea')
SIZE = (1920, 1080)
PACKAGE = 'python3-skimage'


def fetch_photos(cache):
    """The folder of scikit-image's pictures, from Debian's package."""
    found = glob.glob(os.path.join(cache, 'usr/lib/python3/dist-packages/skimage/data'))
    if not found:
        os.makedirs(cache, exist_ok=True)
        subprocess.run(['apt-get', 'download', PACKAGE], cwd=cache, check=True,
                       stdout=subprocess.DEVNULL)
        deb = glob.glob(os.path.join(cache, PACKAGE + '_*.deb'))[0]
        subprocess.run(['dpkg-deb', '-x', deb, cache], check=True)
        found = glob.glob(os.path.join(cache, 'usr/lib/python3/dist-packages/skimage/data'))
    return found[0]


def photo(folder, name, size=SIZE):
    return numpy.asarray(Image.open(os.path.join(folder, name + '.png')).convert('RGB')
                         .resize(size, Image.LANCZOS))


def mosaic(folder):
    """Three by four tiles of the photographs, with noise."""
    page = numpy.zeros((1080, 1920, 3))
    for i in range(12):
        x, y = i % 4 * 480, i // 4 * 360
        page[y:y + 360, x:x + 480] = photo(folder, PHOTOS[(i + i // 4) % 3], (480, 360))
    page += numpy.random.default_rng(1).normal(0, 1.5, page.shape)
    return numpy.clip(numpy.round(page), 0, 255).astype('u1')


def ask(command):
    """What a program prints as JSON, a list where it prints several lines."""
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    found = [json.loads(line) for line in out]
    return found[0] if len(found) == 1 else found


def instructions(command):
    """How many instructions a program takes, by callgrind, which repeats exactly; None where valgrind lacks."""
    try:
        done = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', *command],
                              check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError:
        return None
    for line in done.stderr.splitlines():
        if 'Collected :' in line:
            return int(line.split(':')[1])
    raise ValueError('valgrind tells no instructions')


def machine():
    model = platform.machine()
    with open('/proc/cpuinfo') as f:
        for line in f:
            if line.startswith('model name'):
                model = line.split(':')[1].strip()
    return f'{model}, {os.cpu_count()} cores, Linux {platform.release()}'


def versions(*names):
    from importlib.metadata import version
    return ', '.join(f'{name} {version(name)}' for name in names)


def head(*names):
    return {'date': datetime.date.today().isoformat(), 'machine': machine(),
            'versions': versions(*names), 'load': round(os.getloadavg()[0], 1)}


def parser(doc, rounds):
    build = os.environ.get('IMSHOWD_BUILD', os.path.join(ROOT, 'build', 'release'))
    p = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument('--programs', default=os.path.join(build, 'bin'))
    p.add_argument('--cache', default=os.path.join(ROOT, 'build', 'bench-photos'))
    p.add_argument('--rounds', type=int, default=rounds, help=f'turns of each ({rounds})')
    p.add_argument('--only', metavar='CASE', nargs='*', help='these cases alone')
    p.add_argument('--json', metavar='FILE', help='writes the figures there too')
    return p


def finish(arguments, top, rows, misses):
    """Says what is missed and writes the JSON: 'rows' with medians, ratios, bytes and peak memory."""
    misses = list(misses)
    for line in misses:
        print(f'missed: {line}')
    if arguments.json:
        with open(arguments.json, 'w') as f:
            json.dump({**top, 'rows': rows, 'missed': misses}, f, indent=1)
    return 0


median = statistics.median
