/* SPDX-License-Identifier: MIT */
import { barTicks } from '../src/page/ticks.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawnFigure, figureNames, frameCells, frameEdges, patched } from '../src/page/figure.ts';
import { isColor, viewKeys } from '../src/page/keys.ts';
import {
  cellsOf, inSight, magnification, placement, toCoordinate, toPixel, toScreen, type AxisPlace,
} from '../src/page/place.ts';
import { controlsOf, hasSlider, hintOf, typedNumber, type Control } from '../src/page/control.ts';
import { META_LINES_MAX, metaLines } from '../src/page/meta.ts';
import { Newest } from '../src/page/newest.ts';
import { duration, noticeOf, type Scene } from '../src/page/notice.ts';
import { lengthText, markersText, sessionText, sizeText, sorted, type Recording, type Session } from '../src/page/recording.ts';
import { focusOf, hashOf } from '../src/page/route.ts';
import { sessionOf } from '../src/page/session.ts';
import { boundsKeys, boundsText, parseBounds, usual } from '../src/page/bounds.ts';
import { rateText, reducedText, statusOf, type Circumstances } from '../src/page/status.ts';
import { describe, formatCoordinate, formatFloat32, formatValue, plainText } from '../src/page/values.ts';
import type { Settled, ViewStats } from '../src/shared/port.ts';
import type { StreamInfo } from '../src/wire/message.ts';

const across: AxisPlace = {
  range: [-0.5, 9.5],
  lengthPx: 100,
  edges: [-0.5, 9.5],
  count: 10,
  vertical: false,
};
/** As px.imshow draws an image: row 0 on top. */
const down: AxisPlace = { ...across, range: [9.5, -0.5], vertical: true };

test('a session is read whole or not at all', () => {
  const told = { name: 'ann', is_session: true, may_view: false };
  assert.deepEqual(sessionOf(told), { name: 'ann', isSession: true, mayView: false });
  for (const bad of [null, 7, [], {}, { ...told, name: 3 }, { ...told, may_view: 'yes' }]) {
    assert.equal(sessionOf(bad), null);
  }
});

test('the whole frame fills the whole plot', () => {
  assert.deepEqual(placement(across, -0.5, 9.5, 10), { scale: 10, offset: 0 });
  assert.deepEqual(placement(down, -0.5, 9.5, 10), { scale: 10, offset: 0 });
});

test('with the origin below, row 0 is at the bottom', () => {
  const up = { ...down, range: [-0.5, 9.5] as [number, number] };
  assert.deepEqual(placement(up, -0.5, 9.5, 10), { scale: -10, offset: 100 });
  assert.equal(toPixel(up, 99), 0);
});

test('zoomed in, the canvas reaches beyond the plot', () => {
  const zoomed = { ...across, range: [4.5, 6.5] as [number, number] };
  assert.deepEqual(placement(zoomed, -0.5, 9.5, 5), { scale: 100, offset: -250 });
  assert.equal(toPixel(zoomed, 0), 5);
  assert.equal(toPixel(zoomed, 99), 6);
});

test('a reduced region lies where its edges are', () => {
  assert.deepEqual(placement(across, 1.5, 5.5, 2), { scale: 20, offset: 20 });
});

test('every pixel is found where it is shown, and none outside', () => {
  for (const axis of [across, down, { ...across, edges: [100, 300] as [number, number] }]) {
    const [e0, e1] = axis.edges;
    const shown = { ...axis, range: axis.range[0] > axis.range[1] ? [e1, e0] : [e0, e1] };
    for (let i = 0; i < 10; i += 1) {
      assert.equal(toPixel(shown as AxisPlace, toScreen(shown as AxisPlace, i)), i);
    }
  }
  assert.equal(toPixel(across, -1), null);
  assert.equal(toPixel(across, 100), null);
});

test('uneven pixels lie between the edges that plotly has for heatmaps, in either direction', () => {
  const up = cellsOf([0, 1, 10, 100]);
  assert.deepEqual(up.edges, [-0.5, 0.5, 5.5, 55, 145]);
  const axis = { ...across, range: [-0.5, 145], edges: [-0.5, 145], count: 4, cells: up } as AxisPlace;
  const falling = cellsOf([100, 10, 1, 0]);
  const turned = { ...axis, range: [-0.5, 145], edges: [145, -0.5], cells: falling } as AxisPlace;
  for (let i = 0; i < 4; i += 1) {
    assert.equal(toPixel(axis, toScreen(axis, i)), i);
    assert.equal(toPixel(turned, toScreen(turned, i)), i);
    assert.equal(toCoordinate(axis, i), up.coords[i]);
  }
  assert.equal(toPixel(axis, (100 * 55.4) / 145.5), 2);
  assert.equal(toPixel(axis, (100 * 55.6) / 145.5), 3);
  assert.equal(toPixel(axis, -1), null);
  assert.equal(toPixel(axis, 101), null);
  // A part of the frame lies from the first of its edges to the last.
  const { scale, offset } = placement(axis, 0.5, 2.5, 99);
  assert.ok(Math.abs(offset - 100 / 145.5) < 1e-9 && Math.abs(scale - 5450 / 145.5 / 99) < 1e-9);
});

test('what is in sight of uneven pixels is told by their positions', () => {
  const cells = cellsOf([0, 1, 10, 100]);
  const axis = { ...across, range: [0.5, 5.5], edges: [-0.5, 145], count: 4, cells } as AxisPlace;
  assert.deepEqual(inSight(axis), [0.5, 1.5]);
  assert.equal(magnification(axis), 100);
  assert.deepEqual(inSight({ ...axis, range: [-10, 200] }), [-0.5, 3.5]);
  assert.equal(inSight({ ...axis, range: [145, 200] }), null);
});

test('a figure tells the coordinates of uneven axes, as many as there are pixels', () => {
  const layout = { meta: { coords: { x: [1, 2, 4] } } };
  assert.deepEqual(frameCells(layout, 3, 2).x?.edges, [0.5, 1.5, 3, 5]);
  assert.equal(frameCells(layout, 3, 2).y, undefined);
  assert.equal(frameCells(layout, 4, 2).x, undefined);
  assert.equal(frameCells({ meta: { coords: { x: [1, 'b', 4] } } }, 3, 2).x, undefined);
});

test('a coordinate is that of the centre of its pixel', () => {
  assert.equal(toCoordinate(across, 3), 3);
  assert.equal(toCoordinate({ ...across, edges: [95, 195] }, 0), 100);
});

test('values are shown exactly and short', () => {
  assert.equal(formatFloat32(Math.fround(0.1)), '0.1');
  assert.equal(formatFloat32(Math.fround(1 / 3)), '0.33333334');
  assert.equal(formatFloat32(16777216), '16777216');
  assert.equal(formatValue(Math.fround(0.1), '<f4'), '0.1');
  assert.equal(formatValue(Math.fround(0.1), '<f8'), '0.10000000149011612');
  assert.equal(formatValue(65535, '<u2'), '65535');
  assert.equal(formatValue([1, 2, 3], 'YUYV'), '[1, 2, 3]');
  assert.equal(formatValue('NaN', '<f4'), 'NaN');
  assert.equal(formatValue('9223372036854775807', '<i8'), '9223372036854775807');
  assert.equal(formatValue(null, '<f4'), 'no value');
  assert.equal(formatCoordinate(0.1 + 0.2), '0.3');
  for (let i = 0; i < 2000; i += 1) {
    const value = Math.fround((i * 7919.77) / (i % 97 || 1));
    assert.equal(Math.fround(Number(formatFloat32(value))), value);
  }
});

test('text of a stream stays text in a label', () => {
  assert.equal(plainText('<a href="x">&'), '&lt;a href="x"&gt;&amp;');
});

test('a stream is described by what is known of it', () => {
  assert.equal(describe([480, 640], '<u2', 29.97), '480×640 · <u2 · 30 fps');
  assert.equal(describe([], '', 0), '');
});

test('names travel through the address', () => {
  for (const name of ['lab', 'test:lab', 'a/b c', 'ü?#%']) assert.equal(focusOf(hashOf(name)), name);
  assert.equal(focusOf(''), null);
  assert.equal(focusOf('#/'), null);
  assert.equal(focusOf('#/%'), '%');
});

const stream: StreamInfo = {
  name: 'a',
  state: 'live',
  reason: '',
  source: '',
  epoch: 1,
  shape: [480, 640],
  dtype: '<u2',
  fps: 30,
  watchers: 0,
  captured: 0,
  lost: 0,
  encodes: 0,
};

test('camera pictures and px.imshow colour arrays are colour', () => {
  assert.ok(isColor({ dtype: 'YUYV', shape: [480, 640, 3] }));
  assert.ok(isColor({ dtype: '|u1', shape: [480, 640, 4] }));
  assert.ok(!isColor({ dtype: '<u2', shape: [480, 640] }));
  assert.ok(!isColor({ dtype: '<f4', shape: [3, 480, 640] }));
});

test('colour asks for the size on screen, scalars for all their values', () => {
  const size = { width: 601, height: 400 };
  assert.deepEqual(viewKeys(stream, [], size), {});
  assert.deepEqual(viewKeys({ ...stream, dtype: 'MJPG', shape: [9, 9, 3] }, [], size), {
    width: 640,
    height: 448,
  });
});

test('scalars too large to travel raw ask for the size on screen', () => {
  const size = { width: 640, height: 448 };
  assert.deepEqual(viewKeys({ ...stream, shape: [5, 2048, 2048] }, [3], size), {
    slice: [3],
    width: 640,
    height: 448,
  });
});

const stats: ViewStats = {
  picture: 1,
  seq: 1,
  timeUs: 1,
  painted: 1,
  dropped: 0,
  rate: 30,
  latencyMs: 20,
  restingMs: 20,
  still: false,
  waitingMs: 0,
  watching: true,
  limits: [],
  levels: [],
  codec: 'jpeg',
  width: 640,
  height: 480,
  region: [-0.5, -0.5, 639.5, 479.5],
  rung: 0,
  quality: 80,
};
const good: Circumstances = {
  link: 'open',
  linkReason: '',
  linkSilentMs: 0,
  stream,
  visible: true,
  refused: '',
  stats,
};
test('a picture that the link reduced says so', () => {
  assert.equal(reducedText(stats), '');
  assert.equal(reducedText({ ...stats, rung: 2, quality: 60 }), 'reduced to 640×480, quality 60');
  assert.equal(reducedText({ ...stats, rung: 2, quality: 0 }), 'reduced to 640×480');
});

const STATES: [string, Partial<Circumstances>, string, RegExp][] = [
  ['a stream that paints', {}, 'live', /^$/],
  ['pictures that come late', { stats: { ...stats, latencyMs: 501 } }, 'behind', /0\.5 s/],
  ['a still that came late', { stats: { ...stats, latencyMs: 900, restingMs: 5000 } }, 'live', /^$/],
  ['a late picture that newer frames equal', { stats: { ...stats, latencyMs: 900, still: true } }, 'live', /^$/],
  ['a stream that never changes', { stats: { ...stats, rate: 0, restingMs: 60_000, still: true } }, 'live', /^$/],
  ['a picture that hangs', { stats: { ...stats, waitingMs: 800 } }, 'behind', /0\.8 s/],
  ['a silent server', { linkSilentMs: 4000 }, 'behind', /4\.0 s/],
  ['a lost camera', { stream: { ...stream, state: 'lost', reason: 'gone' } }, 'lost', /gone/],
  ['a lost server', { link: 'lost', linkReason: 'refused' }, 'lost', /refused/],
  ['a camera that warms up', { stream: { ...stream, state: 'waiting' } }, 'waiting', /^$/],
  ['a refused view', { refused: 'too many' }, 'waiting', /too many/],
  ['a view that has no picture yet', { stats: null }, 'waiting', /^$/],
  ['a card out of sight', { visible: false }, 'paused', /^$/],
];

for (const [name, change, state, reason] of STATES) {
  test(`${name} is ${state}`, () => {
    const status = statusOf({ ...good, ...change });
    assert.equal(status.state, state);
    assert.match(status.reason, reason);
  });
}

const settled: Settled = {
  epoch: 1,
  shape: [4, 6],
  dtype: '<u2',
  frameWidth: 6,
  frameHeight: 4,
  spec: {},
  scalar: true,
  figure: {
    data: [],
    layout: {
      margin: { t: 60 },
      xaxis: { title: { text: 'column' }, range: [0, 3], showgrid: true },
      coloraxis: { colorscale: [[0, 'red']], colorbar: { title: 'counts' } },
    },
    config: { displaylogo: true },
  },
};
const theme = { text: '#111', line: '#222' };

test('the figure keeps what the stream says and is transparent above the canvas', () => {
  const { data, layout, config } = drawnFigure(settled, theme, true, {});
  const xaxis = layout.xaxis as Record<string, unknown>;
  assert.deepEqual(xaxis.range, [0, 3]);
  assert.equal(xaxis.showgrid, true);
  assert.deepEqual((layout.yaxis as Record<string, unknown>).range, [3.5, -0.5]);
  assert.equal(layout.plot_bgcolor, 'rgba(0,0,0,0)');
  assert.deepEqual((layout.coloraxis as Record<string, unknown>).colorscale, [[0, 'red']]);
  assert.equal((data[0].marker as Record<string, unknown>).coloraxis, 'coloraxis');
  assert.equal(config.showSendToCloud, false);
  assert.equal(config.plotlyServerURL, '');
});

test('a colour stream has no colour bar', () => {
  const { data, layout } = drawnFigure({ ...settled, scalar: false }, theme, false, {});
  assert.equal((data[0].marker as Record<string, unknown>).coloraxis, undefined);
  assert.deepEqual(layout.coloraxis, settled.figure.layout.coloraxis);
});

test('a hover calls things as the figure does', () => {
  assert.deepEqual(figureNames(settled.figure.layout), { x: 'column', y: 'y', value: 'counts' });
});

test('a hover calls things as the labels do, before the titles', () => {
  const layout = { ...settled.figure.layout, meta: { labels: { x: 'x', y: 'time', color: 'K' } } };
  assert.deepEqual(figureNames(layout), { x: 'x', y: 'time', value: 'K' });
});

test('a frame lies where its figure says, else pixel by pixel', () => {
  assert.deepEqual(frameEdges({}, 6, 4), { x: [-0.5, 5.5], y: [-0.5, 3.5] });
  const meta = { place: [10, 2, 100, -5] };
  assert.deepEqual(frameEdges({ meta }, 6, 4), { x: [9, 21], y: [102.5, 82.5] });
  assert.deepEqual(frameEdges({ meta: { place: ['a', 0] } }, 2, 2).x, [-0.5, 1.5]);
});

test('a patch sets, adds and removes, and leaves the old figure alone', () => {
  const before = JSON.stringify(settled.figure);
  const after = patched(settled.figure, [
    [['layout', 'xaxis', 'title', 'text'], 'time'],
    [['layout', 'shapes', 0, 'type'], 'rect'],
    [['layout', 'margin'], null],
  ]);
  assert.deepEqual(after.layout.xaxis, { title: { text: 'time' }, range: [0, 3], showgrid: true });
  assert.deepEqual(after.layout.shapes, [{ type: 'rect' }]);
  assert.ok(!('margin' in after.layout));
  assert.equal(JSON.stringify(settled.figure), before);
});

test('a patch reaches no prototype and makes no holes', () => {
  const after = patched(settled.figure, [
    [['layout', '__proto__', 'polluted'], true],
    [['layout', 'shapes', 1_000_000], 1],
  ]);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  assert.equal((after.layout as Record<string, unknown>).polluted, undefined);
  assert.deepEqual(after.layout.shapes ?? [], []);
});

test('the ticks of a bent colour bar stand at even places and tell the values there', () => {
  assert.equal(barTicks([]), null);
  const ticks = barTicks([1, 10, 100, 1000, 10000]);
  assert.deepEqual(ticks?.places, [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(ticks?.texts, ['1', '10', '100', '1000', '10000']);
  assert.deepEqual(barTicks([0, 0.3333333333, 1e7])?.texts, ['0', '0.333', '1e+7']);
  // Values that lie close together get the digits that tell them apart.
  const close = barTicks([28900.1, 28900.4, 28900.9])?.texts ?? [];
  assert.equal(new Set(close).size, 3);
});

test('a transform is asked for with the size of the card, since it never comes raw', () => {
  const size = { width: 600, height: 400 };
  assert.deepEqual(viewKeys(stream, [], size), {});
  assert.deepEqual(viewKeys(stream, [], size, 'log'), { transform: 'log', width: 640, height: 448 });
  assert.deepEqual(viewKeys(stream, [], size, null, 'sqrt'), { width: 640, height: 448 });
  assert.deepEqual(viewKeys(stream, [], size, 'linear', 'sqrt'), { transform: 'linear' });
  const color = { ...stream, dtype: '|u1', shape: [480, 640, 3] };
  assert.equal(viewKeys(color, [], size, 'log').transform, undefined);
});

test('what came with a frame is told line by line, in bounds', () => {
  assert.deepEqual(metaLines(undefined), []);
  assert.deepEqual(metaLines({ temperature: 21.5, lens: '50 mm', gains: [1, 2.5], dark: true }), [
    'temperature: 21.5',
    'lens: 50 mm',
    'gains: [1, 2.5]',
    'dark: true',
  ]);
  const many = metaLines(Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`k${i}`, i])));
  assert.equal(many.length, META_LINES_MAX);
  assert.equal(many.at(-1), '… and 21 more');
  assert.ok(metaLines({ long: 'ü'.repeat(4000) }).every((line) => [...line].length <= 56));
  assert.deepEqual(metaLines({ a: 'x\n\u202ey\u0000' }), ['a: x y ']);
  assert.deepEqual(metaLines({ a: '😀'.repeat(60) }), [`a: ${'😀'.repeat(52)}…`]);
});

const brightness: Control = {
  name: 'brightness',
  title: 'Brightness',
  type: 'integer',
  class: 'User Controls',
  minimum: 0,
  maximum: 255,
  step: 1,
  default: 128,
  value: 128,
  flags: [],
};

test('a control tells its range, its default and why it is greyed', () => {
  assert.equal(hintOf(brightness), '0 to 255, default 128');
  assert.equal(hintOf({ ...brightness, step: 5 }), '0 to 255 in steps of 5, default 128');
  assert.equal(hintOf({ ...brightness, type: 'boolean', default: 1 }), 'default on');
  const menu = [{ index: 0, name: 'Disabled' }, { index: 2, name: '60 Hz' }];
  assert.equal(hintOf({ ...brightness, type: 'menu', menu, default: 2 }), 'default 60 Hz');
  assert.match(hintOf({ ...brightness, flags: ['inactive'] }), /no effect now/);
  assert.match(hintOf({ ...brightness, flags: ['read-only'] }), /only be read/);
  assert.equal(hintOf({ ...brightness, type: 'bitmask', maximum: 255, default: 16 }), 'bits of 0xff, default 0x10');
});

test('a slider needs a range that JavaScript counts exactly', () => {
  assert.ok(hasSlider(brightness));
  assert.ok(!hasSlider({ ...brightness, type: 'integer64', minimum: -(2 ** 63), maximum: 2 ** 63 }));
  assert.ok(!hasSlider({ ...brightness, maximum: 0 }));
  assert.ok(!hasSlider({ ...brightness, type: 'menu' }));
});

test('what was typed is a whole number, or none', () => {
  assert.equal(typedNumber(' 12 '), 12);
  assert.equal(typedNumber('0xff'), 255);
  for (const text of ['', 'much', '1.5', '1e300', '99999999999999999']) {
    assert.equal(typedNumber(text), null, text);
  }
});

test('a list of controls that is none has none, and disabled ones are left out', () => {
  assert.deepEqual(controlsOf(null), []);
  assert.deepEqual(controlsOf({ controls: [null, 1, { name: 'x' }] }), []);
  const off = { ...brightness, flags: ['disabled'] };
  assert.deepEqual(controlsOf({ controls: [brightness, off] }), [brightness]);
});

test('of a control that moves only the newest value waits, and one goes at a time', async () => {
  const sent: [string, number][] = [];
  const ends: (() => void)[] = [];
  const newest = new Newest<number>((name, value) => {
    sent.push([name, value]);
    return new Promise((resolve) => ends.push(resolve));
  });
  for (let i = 0; i < 50; i += 1) newest.put('a', i);
  newest.put('b', 7);
  assert.deepEqual(sent, [['a', 0]]);
  assert.ok(newest.isBusy('a') && newest.isBusy('b') && !newest.isBusy('c'));
  for (let i = 0; i < 3; i += 1) {
    ends[i]();
    await new Promise(setImmediate);
  }
  assert.deepEqual(sent, [['a', 0], ['a', 49], ['b', 7]]);
  assert.ok(newest.isIdle);
  newest.put('a', 50);
  assert.deepEqual(sent.at(-1), ['a', 50]);
});

test('times are told as people tell them', () => {
  const told = [900, 5_000, 125_000, 120_000, 11_520_000, 187_200_000, -5].map(duration);
  assert.deepEqual(told, ['0 s', '5 s', '2 min 5 s', '2 min', '3 h 12 min', '2 d 4 h', '0 s']);
});

test('a notice tells the reason, what is being done and since when', () => {
  const scene: Scene = {
    status: { state: 'lost', reason: '/dev/video0: the camera is gone: plug it in again' },
    stream: { state: 'lost', source: 'v4l2:/dev/video0' },
    isBlank: false,
    isLinkLost: false,
    ageMs: 65_000,
  };
  assert.deepEqual(noticeOf(scene), {
    why: '/dev/video0: the camera is gone: plug it in again',
    doing: 'tried again by itself, lost for 1 min 5 s',
  });
  assert.match(noticeOf({ ...scene, isLinkLost: true })?.doing ?? '', /^connecting again.* 1 min 5 s$/);
  const push = { state: 'lost', source: 'push' } as const;
  assert.match(noticeOf({ ...scene, stream: push, ageMs: null })?.doing ?? '', /pusher is back, gone$/);
  const idle: Scene = {
    ...scene,
    status: { state: 'waiting', reason: 'idle' },
    stream: { state: 'waiting', source: 'v4l2:/dev/video0' },
  };
  assert.deepEqual(noticeOf(idle), { why: 'idle', doing: 'waiting for 1 min 5 s' });
  const between: Scene = { ...scene, status: { state: 'waiting', reason: '' } };
  assert.equal(noticeOf(between), null, 'a view that is asked for anew hides nothing');
  assert.equal(noticeOf({ ...between, isBlank: true })?.why, 'waiting for a picture');
  assert.equal(noticeOf({ ...scene, status: { state: 'live', reason: '' } }), null);
});

test('a picture that stands has no rate', () => {
  assert.equal(rateText({ ...stats, rate: 0, restingMs: 5000 }), 'still');
  assert.equal(rateText(stats), '30.0 fps');
  assert.equal(rateText({ ...stats, painted: 0 }), '');
});

test('sizes and lengths read as people write them', () => {
  assert.deepEqual(
    [0, 999, 1000, 9949, 10_400, 999_499, 999_600, 1.23e9, 5e13].map(sizeText),
    ['0 B', '999 B', '1.0 kB', '9.9 kB', '10 kB', '999 kB', '1.0 MB', '1.2 GB', '50 TB'],
  );
  assert.deepEqual([0, 9.54, 60, 125, 3723.9].map(lengthText), ['0.0 s', '9.5 s', '1:00', '2:05', '1:02:03']);
});

test('a session tells what was left out, and why it is held', () => {
  const session: Session = {
    name: 'door', state: 'recording', reason: '', seconds: 3, bytes: 2e6, frames: 90, dropped: 0, missed: 0, files: [],
  };
  assert.equal(sessionText(session), '3.0 s, 2.0 MB');
  assert.equal(sessionText({ ...session, dropped: 2, missed: 1 }), '3.0 s, 2.0 MB, 3 dropped');
  assert.equal(sessionText({ ...session, state: 'held', reason: 'the disk is full' }), 'held: the disk is full');
});

test('recordings stand with the newest first, their markers by text', () => {
  const one: Recording = {
    name: 'a', state: 'finished', reason: '', bytes: 1, start_us: 1, duration_s: 1, streams: [], markers: [],
  };
  assert.deepEqual(sorted([one, { ...one, name: 'b', start_us: 2 }]).map(({ name }) => name), ['b', 'a']);
  assert.equal(markersText(one), '');
  assert.equal(markersText({ ...one, markers: [{ time_us: 1, text: 'x' }, { time_us: 2, text: 'y' }] }), '2 markers: x; y');
});

test('bounds of the link are kept as text, and what is out of range or foreign does no harm', () => {
  assert.deepEqual(parseBounds(null), usual);
  for (const text of ['', '{', '7', 'null', '[]', '{"adapt":"no","quality_min":"x","scale_max":-1,"rate_max":null}']) {
    assert.deepEqual(parseBounds(text), usual, text);
  }
  const wide = parseBounds('{"adapt":false,"quality_min":1000,"scale_max":0.5,"rate_max":0.01}');
  assert.deepEqual(wide, { adapt: false, quality_min: 100, scale_max: 1, rate_max: 0.1 });
  assert.deepEqual(parseBounds(JSON.stringify(wide)), wide);
});

test('only the bounds that are not as usual are asked for', () => {
  assert.deepEqual(boundsKeys(usual), { adapt: true });
  const pinned = { adapt: true, quality_min: 70, scale_max: 1.5, rate_max: 5 };
  assert.deepEqual(boundsKeys(pinned), { adapt: true, quality_min: 70, scale_max: 1.5, rate_max: 5 });
  assert.deepEqual(boundsKeys({ ...pinned, adapt: false }), { adapt: false, rate_max: 5 });
  assert.equal(boundsText(usual), 'adapts');
  assert.equal(boundsText(pinned), 'adapts within bounds, at most 5/s');
  assert.equal(boundsText({ ...pinned, adapt: false }), 'as asked, at most 5/s');
});
