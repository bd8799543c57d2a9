# SPDX-License-Identifier: MIT
"""Each pixel format of cameras by each way out of the daemon, against conversions that are written here, in numpy.

The fake camera plays one picture of each format, with an odd size and padded rows; 16 cameras stand before a
daemon.
"""
import base64
import io
import unittest

import numpy as np
from PIL import Image

from support.camera import Cameras
from support.daemon import DaemonCase
from support.viewer import connect

WIDTH, HEIGHT = 67, 45
AT_ONCE = 16


def up(n, d):
    return -(-n // d)


# ---- what the cameras see: smooth, so that JPEG keeps it, and no two channels alike ----

def grid():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return x / (WIDTH - 1), y / (HEIGHT - 1)


def scene():
    """(h, w, 3) of 0...1."""
    x, y = grid()
    return np.stack([0.1 + 0.8 * x, 0.9 - 0.7 * y, 0.2 + 0.6 * (x + y) / 2], axis=2)


def words(samples, order='<'):
    return samples.astype(f'{order}u2').view('u1').reshape(HEIGHT, -1)


# ---- one sample a pixel, packed as V4L2 describes it ----

def pack_bits(samples):
    """Y10BPACK: all bits in a row, the highest first; rows are filled to whole groups."""
    full = np.pad(samples, ((0, 0), (0, -WIDTH % 4)))
    bits = (full[..., None] >> np.arange(9, -1, -1)) & 1
    return np.packbits(bits.reshape(HEIGHT, -1).astype('u1'), axis=1)


def pack_mipi(samples, bits):
    group = 4 if bits == 10 else 2
    full = np.pad(samples, ((0, 0), (0, -WIDTH % group))).reshape(HEIGHT, -1, group)
    low = bits - 8
    last = sum((full[..., k] & ((1 << low) - 1)) << (low * k) for k in range(group))
    return np.concatenate([full >> low, last[..., None]], axis=2).astype('u1').reshape(HEIGHT, -1)


def samples_to_rows(samples, bits, how):
    if how == 'B':
        return pack_bits(samples)
    if how == 'P':
        return pack_mipi(samples, bits)
    if how == 'BE':
        return words(samples, '>')
    return samples.astype('u1') if bits == 8 else words(samples)


class Grey:
    """An array (h, w): the samples themselves."""
    slack = 0

    def __init__(self, bits, how=''):
        self.bits = bits
        x, y = grid()
        self.samples = ((2 ** bits - 1) * (0.15 + 0.5 * x + 0.3 * y)).astype('i8')
        self.parts = [samples_to_rows(self.samples, bits, how)]
        self.npy = self.samples.astype('u1' if bits == 8 else '<u2')

    def shown(self, colors):
        index = np.floor(self.samples * (255 / (2 ** self.bits - 1)) + 0.5).astype('u1')
        return np.frombuffer(colors, 'u1').reshape(256, 3)[index].astype('i8')

    def value(self, x, y):
        return int(self.samples[y, x])


class Colour:
    """`rgb` at the camera's depth; `slack` is what rounding may differ by."""
    bits, slack = 8, 0

    def shown(self, _colors):
        return np.floor(self.rgb / (2 ** self.bits - 1) * 255)

    def value(self, x, y):
        return [int(v) for v in self.rgb[y, x]]


class Bayer(Colour):
    def __init__(self, order, bits, how=''):
        self.bits = bits
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        channel = np.array([['RGB'.index(c) for c in order[i:i + 2]] for i in (0, 2)])
        mine = channel[y % 2, x % 2]
        deep = ((2 ** bits - 1) * scene()).astype('i8')
        mosaic = np.take_along_axis(deep, mine[..., None], axis=2)[..., 0]
        self.parts = [samples_to_rows(mosaic, bits, how)]
        self.npy = mosaic.astype('u1' if bits == 8 else '<u2')
        self.rgb = np.stack([self.fill(mosaic, mine == c) for c in range(3)], axis=2)

    @staticmethod
    def fill(mosaic, known):
        """Where a colour is not known: the mean of what is known around, mirrored at the edges."""
        weights = np.pad(known, 1, mode='reflect').astype('i8')
        values = np.pad(mosaic, 1, mode='reflect') * weights
        around = [np.s_[i:i + HEIGHT, k:k + WIDTH] for i in range(3) for k in range(3)]
        total, count = (sum(a[at] for at in around) for a in (values, weights))
        return np.where(known, mosaic, np.floor(total / count + 0.5).astype('i8'))


class Rgb(Colour):
    """`order`: the channels as they lie, X between them is nothing."""

    def __init__(self, order):
        self.rgb = (255 * scene()).astype('i8')
        rows = np.full((HEIGHT, WIDTH, len(order)), 0x5a, 'u1')
        for i, c in enumerate(order):
            if c != 'X':
                rows[..., i] = self.rgb[..., 'RGB'.index(c)]
        self.parts = [rows.reshape(HEIGHT, -1)]
        self.npy = self.rgb.astype('u1')


class Rgb565(Colour):
    def __init__(self, order):
        r, g, b = ((scene() * [31, 63, 31]).astype('i8')[..., c] for c in range(3))
        self.parts = [words(r << 11 | g << 5 | b, order)]
        self.rgb = np.stack([r * 255 / 31, g * 255 / 63, b * 255 / 31], axis=2).round().astype('i8')
        self.slack = 1
        self.npy = None


class Yuv(Colour):
    """`layout`: letters of a group of four bytes, or names of what follows the luma."""
    slack = 1

    def __init__(self, layout):
        x, y = grid()
        luma = (30 + 190 * (x + y) / 2).astype('i8')
        quarter = layout[-3:] == '420'
        lines = up(HEIGHT, 2) if quarter else HEIGHT
        v, u = np.mgrid[0:lines, 0:up(WIDTH, 2)]
        u, v = (90 + 70 * u / u.max()).astype('i8'), (170 - 60 * v / v.max()).astype('i8')
        self.parts = self.lay(layout, luma, u, v)
        down = np.arange(HEIGHT) // 2 if quarter else np.arange(HEIGHT)
        across = np.arange(WIDTH) // 2
        cb, cr = (c[down][:, across] - 128.0 for c in (u, v))
        rgb = np.stack([luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr,
                        luma + 1.772 * cb], axis=2)
        self.rgb = np.clip(np.floor(rgb + 0.5), 0, 255).astype('i8')
        self.npy = None

    @staticmethod
    def lay(layout, luma, u, v):
        if layout[-3:].isdigit():
            chroma = {'u': [u], 'v': [v], 'U': [np.stack([u, v], axis=2).reshape(len(u), -1)],
                      'V': [np.stack([v, u], axis=2).reshape(len(u), -1)]}
            return [luma, *(part for c in layout[:-3] for part in chroma[c])]
        full = np.pad(luma, ((0, 0), (0, WIDTH % 2)), mode='edge')
        group = {'Y': iter((full[:, ::2], full[:, 1::2])), 'U': iter([u]), 'V': iter([v])}
        return [np.stack([next(group[c]) for c in layout], axis=2).reshape(HEIGHT, -1)]


FORMATS = {
    **{name: Yuv(name) for name in ('YUYV', 'YVYU', 'UYVY', 'VYUY')},
    'NV12': Yuv('U420'), 'NV21': Yuv('V420'), 'NV16': Yuv('U422'), 'NV61': Yuv('V422'),
    'YUV420': Yuv('uv420'), 'YVU420': Yuv('vu420'),
    'RGB24': Rgb('RGB'), 'BGR24': Rgb('BGR'),
    **{name: Rgb('BGRX') for name in ('XBGR32', 'ABGR32', 'BGR32')},
    **{name: Rgb('XRGB') for name in ('XRGB32', 'ARGB32', 'RGB32')},
    **{name: Rgb('RGBX') for name in ('RGBX32', 'RGBA32')},
    **{name: Rgb('XBGR') for name in ('BGRX32', 'BGRA32')},
    'RGB565': Rgb565('<'), 'RGB565X': Rgb565('>'),
    'GREY': Grey(8), **{f'Y{bits}': Grey(bits) for bits in (10, 12, 14, 16)},
    'Y16_BE': Grey(16, 'BE'), 'Y10BPACK': Grey(10, 'B'), 'Y10P': Grey(10, 'P'), 'Y12P': Grey(12, 'P'),
    **{f'S{order}{bits}{how}': Bayer(order, bits, how)
       for order in ('RGGB', 'GRBG', 'GBRG', 'BGGR')
       for bits, how in ((8, ''), (10, ''), (10, 'P'), (12, ''), (12, 'P'), (14, ''), (16, ''))},
}


def picture_of(form, padding):
    """The bytes of a frame: rows of luma `stride` apart, chroma as the kernel lays it behind them."""
    stride = form.parts[0].shape[1] + padding
    out = []
    for i, part in enumerate(form.parts):
        pitch = stride
        if i:
            pitch = up(stride, 2) * (1 if len(form.parts) == 3 else 2)
        rows = np.full((len(part), pitch), 0xa5, 'u1')
        rows[:, :part.shape[1]] = part
        out.append(rows.tobytes())
    return b''.join(out)


def psnr(a, b):
    error = np.mean((a.astype('f8') - b) ** 2)
    return 99 if error == 0 else 10 * np.log10(255 ** 2 / error)


def decode(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert('RGB')).astype('i8')


class CameraFormats(DaemonCase):
    def before(self, names):
        """A daemon before a camera of each format, by its name in lower case."""
        cameras = Cameras(self.folder, sizes=f'{WIDTH}x{HEIGHT}', fps=5)
        for i, name in enumerate(names):
            padding = 13 * (i % 2)
            path = f'{self.folder}/{name}.raw'
            with open(path, 'wb') as file:
                file.write(picture_of(FORMATS[name], padding))
            cameras.add(name.lower(), formats=name, padding=padding, **{name: path})
        daemon = self.start(*cameras.sources(), env=cameras.env())
        return daemon, connect(self, daemon)

    def near(self, got, want, slack, what):
        self.assertEqual(got.shape, want.shape, what)
        worst = np.abs(got - want).max()
        self.assertLessEqual(worst, slack, f'{what}: {worst} at {np.argwhere(np.abs(got - want) == worst)[0]}')

    def check_snapshots(self, daemon, stream, form, shown):
        query = f'zmin=0&zmax={2 ** form.bits - 1}' if isinstance(form, Grey) else ''
        got = daemon.get(f'/streams/{stream}/snapshot.png?{query}')
        self.near(decode(got.body), shown, form.slack, 'snapshot.png')
        got = daemon.get(f'/streams/{stream}/snapshot.jpg?quality=95&{query}')
        self.assertGreater(psnr(decode(got.body), shown), 33, 'snapshot.jpg')
        half = up(WIDTH, 2), up(HEIGHT, 2)
        got = daemon.get(f'/streams/{stream}/snapshot.jpg?quality=95&width={half[0]}&{query}')
        small = np.asarray(Image.fromarray(shown.astype('u1')).resize(half, Image.BOX))
        self.assertGreater(psnr(decode(got.body), small), 28, 'half the size')

    def check_npy(self, daemon, stream, form):
        frame = np.load(io.BytesIO(daemon.get(f'/streams/{stream}/frame.npy').body))
        want = form.rgb.astype('u1') if form.npy is None else form.npy
        self.assertEqual(frame.dtype, want.dtype)
        self.near(frame.astype('i8'), want.astype('i8'), form.slack if form.npy is None else 0, 'frame.npy')

    def check_figure(self, daemon, stream, form):
        """px.imshow's figure of colours is a PNG: white is that of the camera's bits."""
        figure = daemon.get(f'/streams/{stream}/figure.json').json()
        _, _, png = figure['data'][0]['source'].partition('base64,')
        self.near(decode(base64.b64decode(png)), form.shown(None), form.slack, 'figure.json')

    def check_viewer(self, viewer, stream, form):
        """Returns what is seen: RGB."""
        grey = isinstance(form, Grey)
        watching = viewer.watch(stream, codec='raw' if grey else 'png')
        shown = form.shown(watching.get('colors'))
        picture = viewer.picture(watching['view'])
        if grey:
            values = np.frombuffer(picture['data'], form.npy.dtype).reshape(HEIGHT, WIDTH)
            np.testing.assert_array_equal(values, form.npy)
        else:
            self.near(decode(picture['data']), shown, form.slack, 'png picture')
        for x, y in ((0, 0), (1, 0), (0, 1), (31, 22), (32, 23), (WIDTH - 1, HEIGHT - 1), (WIDTH - 1, 0)):
            got = viewer.hover(picture, x, y)['value']
            self.near(np.array(got), np.array(form.value(x, y)), form.slack, f'hover {x} {y}')
        viewer.send({'type': 'unwatch', 'view': picture['view']})
        return shown

    def check(self, part):
        names = list(FORMATS)[part * AT_ONCE:(part + 1) * AT_ONCE]
        daemon, viewer = self.before(names)
        for name in names:
            with self.subTest(format=name):
                form, stream = FORMATS[name], name.lower()
                viewer.until_state(stream, 'live')
                self.check_npy(daemon, stream, form)
                shown = self.check_viewer(viewer, stream, form)
                self.check_snapshots(daemon, stream, form, shown)
                if not isinstance(form, Grey):
                    self.check_figure(daemon, stream, form)
                told = daemon.stream(stream)
                self.assertEqual(told['camera']['format'], name)
                self.assertEqual(told['shape'], [HEIGHT, WIDTH] if isinstance(form, Grey) else [HEIGHT, WIDTH, 3])
                self.assertEqual(told['broken'], 0)

    def test_formats_of_yuv_and_rgb(self):
        self.check(0)

    def test_formats_of_rgb_and_grey(self):
        self.check(1)

    def test_formats_of_bayer(self):
        self.check(2)

    def test_formats_of_bayer_too(self):
        self.check(3)

    def test_no_format_is_left_out(self):
        self.assertLessEqual(len(FORMATS), 4 * AT_ONCE)


if __name__ == '__main__':
    unittest.main()
