#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""chart.py FOLDER RESULT.json...

Draws what benches wrote by --json as bars, one FOLDER/NAME.svg for each NAME.json: docs/performance shows them. A bar is a ratio on a
logarithmic scale, the mark across it its goal: at least for how many times as fast, at most for shares and for times memcpy. Red misses it,
grey has none.
"""
import json
import math
import os
import sys
from html import escape

WIDTH, LABEL, ROW, TOP, BOTTOM = 900, 330, 20, 46, 30
GOOD, BAD, PLAIN = '#2a7f9e', '#b3261e', '#9aa3ad'


class Bar:
    def __init__(self, text, value, goal=None, at_most=False):
        self.text, self.value, self.goal, self.at_most = text, value, goal, at_most

    def colour(self):
        if self.goal is None:
            return PLAIN
        return GOOD if (self.value <= self.goal if self.at_most else self.value >= self.goal) else BAD


def bars_of(result):
    """From each form that benches write."""
    for row in result.get('rows', []):
        name = ' '.join(str(row[key]) for key in ('case', 'what') if key in row)
        if 'level' in row:
            name += f" level {row['level']}"
        if 'to_memcpy' in row:
            yield Bar(f'{name}, times memcpy', row['to_memcpy'], row.get('most'), True)
            continue
        by = f" beside {row['by']}" if 'by' in row else ''
        if 'ratio' in row and row.get('by') != 'imshow':
            yield Bar(f'{name}{by}, times as fast', row['ratio'], row.get('least_ratio', row.get('goal')))
        if 'fewer' in row:
            yield Bar(f'{name}{by}, times fewer instructions', row['fewer'], row.get('least_fewer'))
        if row.get('most_size') is not None:
            yield Bar(f'{name}{by}, bytes to theirs', row['size'], row['most_size'], True)
    for row in result.get('goals', []):
        yield Bar(row['what'], row['value'], row['bound'], True)


def ticks(low, high):
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in (1, 2, 5):
            if low <= step * 10 ** power <= high:
                yield step * 10 ** power


def scale_of(bars):
    values = [v for bar in bars for v in (bar.value, bar.goal) if v]
    low, high = min(values + [1]) / 1.3, max(values + [1]) * 1.3
    span = (WIDTH - LABEL - 60) / math.log(high / low)
    return low, high, lambda v: LABEL + span * math.log(max(v, low) / low)


def draw_bar(bar, y, place):
    start, end = sorted((place(1), place(bar.value)))
    yield f'<text x="{LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(bar.text)}</text>'
    yield f'<rect x="{start:.1f}" y="{y + 3}" width="{max(end - start, 1):.1f}" height="13" fill="{bar.colour()}"/>'
    if bar.goal:
        x = place(bar.goal)
        yield f'<path d="M{x:.1f} {y + 1}v17" stroke="#1d2430" stroke-width="2"/>'
    sign = '' if bar.goal is None else f"  ({'≤' if bar.at_most else '≥'} {bar.goal:g})"
    at = max(end, place(bar.goal) if bar.goal else 0) + 5
    yield f'<text x="{at:.1f}" y="{y + 13}">{bar.value:.3g}{sign}</text>'


def draw(title, note, bars):
    low, high, place = scale_of(bars)
    height = TOP + ROW * len(bars) + BOTTOM
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + 80}" height="{height}" '
           'font-family="sans-serif" font-size="11" fill="#1d2430">')
    yield f'<rect width="100%" height="100%" fill="#ffffff"/><text x="8" y="18" font-size="14">{escape(title)}</text>'
    yield f'<text x="8" y="34" fill="#5b6675">{escape(note)}</text>'
    for value in ticks(low, high):
        x = place(value)
        yield f'<path d="M{x:.1f} {TOP}v{ROW * len(bars)}" stroke="{"#8b95a5" if value == 1 else "#e3e7ec"}"/>'
        yield f'<text x="{x:.1f}" y="{height - 12}" text-anchor="middle" fill="#5b6675">{value:g}</text>'
    for i, bar in enumerate(bars):
        yield from draw_bar(bar, TOP + ROW * i, place)
    yield '</svg>'


def main(folder, paths):
    os.makedirs(folder, exist_ok=True)
    for path in paths:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding='utf-8') as file:
            result = json.load(file)
        bars = list(bars_of(result))
        if not bars:
            sys.exit(f'{path}: no rows and no goals; was it written by a bench with --json?')
        note = '; '.join(f'{result[key]}' for key in ('date', 'machine', 'versions') if key in result)
        load = f"; load {result['load']}" if 'load' in result else ''
        with open(os.path.join(folder, f'{name}.svg'), 'w', encoding='utf-8') as out:
            out.write('\n'.join(draw(f'./dev bench {name}', note + load, bars)) + '\n')


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
