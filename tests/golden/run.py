#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py IMSHOW_CASE SETDIR OUTDIR: runs every case of a set and compares what comes out.

Three things are asked of each case: the figure equals the expected one (compare.py), its pictures hold
the expected pixels (pixels.npy), and an error that px.imshow words itself has those words.
"""
import ast
import json
import os
import subprocess
import sys

import compare


def load(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return json.load(file)


def read_u8_npy(path):
    """Shape and bytes of a C-ordered u8 file of version 1."""
    with open(path, 'rb') as file:
        data = file.read()
    end = 10 + int.from_bytes(data[8:10], 'little')
    head = ast.literal_eval(data[10:end].decode('latin1'))
    assert head['descr'] == '|u1' and not head['fortran_order'], path
    return head['shape'], data[end:]


def check_pixels(case, setdir, figure):
    """Faults of the pictures of a lossless case, those of the frames behind those of the data."""
    if 'pixels' not in case or case['pixels']['lossy'] or 'data' not in figure:
        return []
    shape, want = read_u8_npy(os.path.join(setdir, case['id'], case['pixels']['file']))
    lists = [figure] + figure.get('frames', [])
    have = [compare.decode_uri(trace['source']) for part in lists for trace in part['data']
            if 'source' in trace]
    sizes = [picture[1:3] for picture in have]
    if sizes != [tuple(shape[1:3])] * shape[0]:
        return [f'pictures of {sizes}, not {shape}']
    return [] if b''.join(picture[4] for picture in have) == want else ['pixels differ']


def check_words(case, figure):
    if case['expect'] != 'error' or not case['error']['own_message']:
        return []
    want, have = case['error']['message'], figure.get('error')
    return [] if have == want else [f'error {have!r}, not {want!r}']


def run_case(program, setdir, outdir, name):
    """Faults of one case beyond what compare.py looks at."""
    out = os.path.join(outdir, name + '.json')
    done = subprocess.run([program, os.path.join(setdir, name), '-o', out],
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return [f'exit status {done.returncode}: {done.stderr.strip()}']
    case, figure = load(setdir, name, 'case.json'), load(out)
    return check_pixels(case, setdir, figure) + check_words(case, figure)


def main(program, setdir, outdir):
    os.makedirs(outdir, exist_ok=True)
    for old in os.listdir(outdir):
        os.remove(os.path.join(outdir, old))
    failed = 0
    for case in load(setdir, 'index.json')['cases']:
        faults = run_case(program, setdir, outdir, case['id'])
        failed += bool(faults)
        for fault in faults:
            print(f'FAIL {case["id"]}: {fault}')
    options = dict(rtol=1e-9, atol=1e-12, template='presence', lossy_mae=6.0)
    return 1 if compare.batch(setdir, outdir, options, False) or failed else 0


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
