#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli.py IMSHOW SETDIR: `imshow figure` on every case that a user could type, compared as run.py does.

Each case is typed with an option for each parameter, every third one also with --params FILE. What cannot be
typed is a figure that px.imshow does not make (calls of go.Figure and make_subplots) and a nested list.
"""
import json
import os
import subprocess
import sys
import tempfile

import compare
from run import check_pixels, load

TYPED = dict(rtol=1e-9, atol=1e-12, template='presence', lossy_mae=6.0)


def plain(value):
    """The set's notation for NumPy's types as the product takes it."""
    if isinstance(value, dict) and 'ndarray' in value:
        return plain(value['ndarray'])
    if isinstance(value, dict) and 'datetime' in value:
        return value['datetime']
    if isinstance(value, dict) and set(value) == {'dtype', 'values'}:
        return {'dtype': value['dtype'], 'data': value['values']}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def labelled(given):
    """The form of to_dict(), of a DataArray or of a data frame."""
    if given['kind'] == 'xarray':
        return {'dims': given['dims'], 'name': given.get('name'), 'attrs': given.get('attrs', {}),
                'coords': plain(given.get('coords', {}))}
    return {'columns': plain(given['columns']), 'column_names': [given.get('columns_name')],
            'index': plain(given['index']), 'index_names': [given.get('index_name')]}


def option(name, value):
    """Bare text where it is no JSON by itself, so that both ways are tried."""
    text = value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, str):
        try:
            json.loads(value)
            text = json.dumps(value)
        except ValueError:
            pass
    return f'--{name.replace("_", "-")}={text}'


def change(op):
    """One op as an option."""
    kind = op['op']
    if kind == 'set':
        return f'--set={op["path"]}={json.dumps(op["value"])}'
    rest = {key: value for key, value in op.items() if key != 'op'}
    key = 'trace' if kind == 'add_trace' else 'args'
    value = rest[key] if set(rest) == {key} else rest
    return f'--{kind.replace("_", "-")}={json.dumps(value)}'


def is_typed(case):
    return case['call'] == 'imshow' and case['input']['kind'] != 'list'


def words_of(case, folder, scratch, by_file):
    given = case['input']
    words = [os.path.join(folder, given['file'])]
    params = {key: plain(value) for key, value in case['params'].items()}
    if given['kind'] in ('xarray', 'dataframe'):
        path = os.path.join(scratch, 'labelled.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(labelled(given), file)
        words.append('--labelled=' + path)
    if given['kind'] == 'masked':
        words.append('--mask=' + os.path.join(folder, given['mask']))
    if by_file:
        path = os.path.join(scratch, 'params.json')
        with open(path, 'w', encoding='utf-8') as file:
            json.dump(params, file)
        words.append('--params=' + path)
    else:
        words += [option(name, value) for name, value in params.items()]
    return words + [change(op) for op in case.get('ops', [])]


def check_error(case, done):
    lines = done.stderr.splitlines()
    if done.returncode != 1 or len(lines) != 1 or done.stdout:
        return [f'status {done.returncode} instead of one line and 1: {done.stderr!r}']
    want = 'imshow figure: ' + case['error']['message'].replace('\n', ' ')
    return [] if not case['error']['own_message'] or lines[0] == want else [lines[0]]


def check_figure(case, setdir, done):
    if done.returncode:
        return [f'status {done.returncode}: {done.stderr.strip()}']
    figure = json.loads(done.stdout)
    options = dict(TYPED, template=case.get('compare', {}).get('template', 'presence'))
    faults = compare.compare(load(setdir, case['id'], 'figure.json'), figure, **options)
    return check_pixels(case, setdir, figure) + [f'{path}: {what}' for path, what in faults[:5]]


def run_case(program, setdir, case, scratch, by_file):
    words = words_of(case, os.path.join(setdir, case['id']), scratch, by_file)
    done = subprocess.run([program, 'figure', *words, '-o', '-'], capture_output=True, text=True,
                          check=False)
    if case['expect'] == 'error':
        return check_error(case, done)
    return check_figure(case, setdir, done)


def main(program, setdir):
    failed = typed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for line in load(setdir, 'index.json')['cases']:
            case = load(setdir, line['id'], 'case.json')
            if not is_typed(case):
                continue
            typed += 1
            for by_file in (False, True) if typed % 3 == 0 else (False,):
                faults = run_case(program, setdir, case, scratch, by_file)
                failed += bool(faults)
                for fault in faults:
                    print(f'FAIL {case["id"]}{" --params" if by_file else ""}: {fault}')
    print(f'{typed} cases, {failed} failed')
    return 1 if failed or typed < 200 else 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
