# SPDX-License-Identifier: MIT
"""A strict reader of Prometheus' text format 0.0.4: what it takes, a scraper takes.

    metrics = parse(daemon.get('/metrics').body)
    metrics.value('imshowd_frames_captured_total', stream='lab')
    metrics.families['imshowd_stage_duration_seconds'].type          # 'histogram'
    metrics.histogram('imshowd_stage_duration_seconds', stream='lab', stage='draw').count
    metrics.series                                                   # {(name, labels): value}

Anything that the format does not have raises AssertionError with the line: families in pieces or without their words,
labels that are no labels or come twice, series that come twice, counters below zero, and histograms that do not add up.
"""
import math
import re
from typing import NamedTuple

NAME = re.compile(r'[a-zA-Z_:][a-zA-Z0-9_:]*\Z')
SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)\Z')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
TYPES = ('counter', 'gauge', 'histogram')


class Histogram(NamedTuple):
    buckets: list  # (bound, how many up to it), rising
    sum: float
    count: float

    def quantile(self, q):
        """As histogram_quantile: within a bucket evenly."""
        below, before = 0.0, 0
        for bound, count in self.buckets:
            if count >= q * self.count and count > before:
                return below if math.isinf(bound) else below + (bound - below) * (q * self.count - before) / (count - before)
            below, before = bound, count
        return math.nan


class Family:
    def __init__(self, name, help_text):
        self.name, self.help, self.type, self.samples = name, help_text, None, {}


def number(text, line):
    assert re.match(r'[+-]?(\d+(\.\d+)?([eE][+-]?\d+)?|Inf)\Z|NaN\Z', text), f'no number: {line}'
    return float(text)


def labels_of(text, line):
    found, at = [], 0
    while at < len(text):
        label = LABEL.match(text, at)
        assert label, f'no label at {text[at:]!r}: {line}'
        value = re.sub(r'\\(.)', lambda m: '\n' if m[1] == 'n' else m[1], label[2])
        found.append((label[1], value))
        at = label.end()
        assert at == len(text) or text[at] == ',', f'no comma behind a label: {line}'
        at += at < len(text)
    assert text == '' or not text.endswith(','), line
    names = [name for name, _ in found]
    assert len(set(names)) == len(names), f'a label that comes twice: {line}'
    return tuple(sorted(found))


class Metrics:
    def __init__(self):
        self.families, self.series = {}, {}

    def value(self, name, **labels):
        return self.series[name, tuple(sorted(labels.items()))]

    def values(self, name, **labels):
        """All samples of the name that have these labels: {(label, value), …: sample}."""
        return {l: v for (n, l), v in self.series.items() if n == name and set(labels.items()) <= set(l)}

    def total(self, name, **labels):
        return sum(self.values(name, **labels).values())

    def streams(self):
        return {dict(labels)['stream'] for _, labels in self.series if 'stream' in dict(labels)}

    def histogram(self, name, **labels):
        buckets = [(number(dict(l)['le'], l), v) for l, v in self.values(name + '_bucket', **labels).items()]
        return Histogram(sorted(buckets), self.value(name + '_sum', **labels), self.value(name + '_count', **labels))


def parse(body):
    text = body.decode('utf-8')
    assert text.endswith('\n'), 'the last line has no end'
    metrics, family = Metrics(), None
    for line in text[:-1].split('\n'):
        if line.startswith('# HELP '):
            name, _, help_text = line[7:].partition(' ')
            assert NAME.match(name) and help_text and name not in metrics.families, line
            family = metrics.families[name] = Family(name, help_text)
        elif line.startswith('# TYPE '):
            name, _, kind = line[7:].partition(' ')
            assert family and name == family.name and family.type is None and kind in TYPES, line
            assert not family.samples, f'a type behind its samples: {line}'
            family.type = kind
        else:
            add(metrics, family, line)
    for family in metrics.families.values():
        check(metrics, family)
    return metrics


def add(metrics, family, line):
    sample = SAMPLE.match(line)
    assert sample, f'no sample: {line!r}'
    name, labels, value = sample[1], labels_of(sample[2] or '', line), number(sample[3], line)
    assert family and family.type, f'a sample before its family: {line}'
    endings = ('_bucket', '_sum', '_count') if family.type == 'histogram' else ('',)
    assert name in [family.name + ending for ending in endings], f'a sample of another family: {line}'
    assert (name, labels) not in metrics.series, f'a series that comes twice: {line}'
    family.samples[name, labels] = metrics.series[name, labels] = value


def check(metrics, family):
    assert family.type, f'{family.name} has no type'
    if family.type == 'counter':
        assert family.name.endswith('_total'), family.name
    else:
        assert not family.name.endswith('_total'), family.name
    if family.type in ('counter', 'histogram'):
        assert all(v >= 0 for v in family.samples.values()), family.name
    if family.type != 'histogram':
        return
    buckets = {}
    for (name, labels), value in family.samples.items():
        row = buckets.setdefault(tuple(l for l in labels if l[0] != 'le'), [])
        if name.endswith('_bucket'):
            row.append((number(dict(labels)['le'], labels), value))
    bounds = set()
    for labels, found in buckets.items():
        row = Histogram(sorted(found), family.samples[family.name + '_sum', labels],
                        family.samples[family.name + '_count', labels])
        counts = [count for _, count in row.buckets]
        assert counts == sorted(counts), f'buckets that fall: {labels}'
        assert math.isinf(row.buckets[-1][0]) and counts[-1] == row.count, f'+Inf is not the count: {labels}'
        assert row.count or not row.sum, f'a sum of nothing: {labels}'
        low = sum((a - b) * bound for (bound, _), a, b in zip([(0, 0), *row.buckets], counts, [0, *counts]))
        assert row.sum >= low * 0.999999, f'a sum below its buckets: {labels}'
        bounds.add(tuple(bound for bound, _ in row.buckets))
    assert len(bounds) <= 1, f'{family.name} has bounds that differ'
