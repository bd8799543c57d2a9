# SPDX-License-Identifier: MIT
"""A device's controls as v4l2-ctl has them: the second opinion on the daemon's.

    controls_set('/dev/video20', test_pattern=1)
    controls_get('/dev/video20', 'brightness')          # 128
    controls_list('/dev/video20')['brightness']['max']  # 255
"""
import re

from .system import run

LINE = re.compile(r'^\s*(\w+) 0x([0-9a-f]{8}) \((\w+)\)\s*:(.*)$')
ITEM = re.compile(r'^\s+(\d+): (.*?)(?: \(0x[0-9a-f]+\))?$')
WORD = re.compile(r'(\w+)=(\'[^\']*\'|\S+)')


def controls_set(device, **values):
    run('v4l2-ctl', '-d', device, '-c', ','.join(f'{k}={v}' for k, v in values.items()))


def controls_get(device, name):
    return int(re.search(rf'^{name}: (-?\d+)', run('v4l2-ctl', '-d', device, '-C', name), re.M)[1])


def controls_list(device):
    """By name: id, type, menu (by index), and whatever stands behind the colon (min, max, step, default, value)."""
    found, last = {}, None
    for line in run('v4l2-ctl', '-d', device, '--list-ctrls-menus').splitlines():
        if match := LINE.match(line):
            name, number, kind, rest = match.groups()
            last = found[name] = {'id': int(number, 16), 'type': kind, 'menu': {},
                                  **dict(WORD.findall(rest))}
        elif last and (match := ITEM.match(line)):
            last['menu'][int(match[1])] = match[2]
    return found
