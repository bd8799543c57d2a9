#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli_files.py IMSHOW SETDIR: what `imshow figure` reads and writes, by files of every form, good and hostile.

Debian's python3-numpy and python3-pil write and read the files.
"""
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

import numpy
from PIL import Image

PROGRAM = SETDIR = ''
RNG = numpy.random.default_rng(7)
GREY = RNG.integers(0, 256, (12, 17), dtype=numpy.uint8)
RGB = RNG.integers(0, 256, (12, 17, 3), dtype=numpy.uint8)
DEEP = RNG.integers(0, 65536, (12, 17), dtype=numpy.uint16)
MIB = 1 << 20


def npy(array):
    out = io.BytesIO()
    numpy.save(out, array)
    return out.getvalue()


def coded(array, form, **options):
    out = io.BytesIO()
    Image.fromarray(array).save(out, form, **options)
    return out.getvalue()


def items(z):
    """A figure's typed array, or list, as an array."""
    if isinstance(z, list):
        return numpy.array(z)
    import base64
    flat = numpy.frombuffer(base64.b64decode(z['bdata']), z['dtype'])
    return flat.reshape([int(n) for n in z['shape'].split(',')]) if 'shape' in z else flat


class Case(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = self.scratch.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), 'wb') as file:
            file.write(data)
        return self.path(name)

    def run_it(self, *words, stdin=b''):
        return subprocess.run([PROGRAM, 'figure', *words], input=stdin, capture_output=True,
                              check=False)

    def figure(self, *words, stdin=b''):
        done = self.run_it(*words, '-o', '-', stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def values(self, *words, stdin=b''):
        trace = self.figure(*words, '--binary-string', 'false', stdin=stdin)['data'][0]
        return items(trace['z'])

    def refuse(self, words, *remarks, stdin=b'', status=1):
        """One line, the status, nothing left behind. Returns the line."""
        before = sorted(os.listdir(self.folder))
        done = self.run_it(*words, '-o', self.path('out.json'), stdin=stdin)
        line = done.stderr.decode()
        self.assertEqual((done.returncode, line.count('\n')), (status, 1), line)
        for remark in remarks:
            self.assertIn(remark, line)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        return line


class Inputs(Case):
    def same(self, data, want):
        have = self.values('-', stdin=data)
        self.assertEqual(have.dtype.kind in 'iu', want.dtype.kind in 'iu')
        numpy.testing.assert_array_equal(have, want)

    def test_npy_of_either_order_and_endianness(self):
        for array in (GREY, DEEP, DEEP.astype('>u2'), numpy.asfortranarray(DEEP), GREY.astype('f4')):
            self.same(npy(array), array)

    def test_png(self):
        self.same(coded(GREY, 'png'), GREY)
        self.same(coded(RGB, 'png'), RGB)
        self.same(coded(DEEP, 'png'), DEEP)
        alpha = numpy.dstack([RGB, GREY])
        self.same(coded(alpha, 'png'), alpha)
        palette = Image.fromarray(RGB).quantize(16)
        out = io.BytesIO()
        palette.save(out, 'png')
        self.same(out.getvalue(), numpy.asarray(palette.convert('RGB')))

    def test_jpeg(self):
        data = coded(RGB, 'jpeg', quality=95, subsampling=0)
        want = numpy.asarray(Image.open(io.BytesIO(data))).astype(int)
        self.assertLess(abs(self.values('-', stdin=data) - want).max(), 4)

    def test_netpbm(self):
        self.same(coded(GREY, 'ppm'), GREY)
        self.same(coded(RGB, 'ppm'), RGB)
        self.same(b'P5 17 12 65535\n' + DEEP.astype('>u2').tobytes(), DEEP)
        self.same(b'P2 17 12 255\n' + b' '.join(b'%d' % v for v in GREY.flat), GREY)
        self.same(b'P4 16 2\n\x0f\xf0\xff\x00',
                  255 * numpy.unpackbits(~numpy.array([[15, 240], [255, 0]], 'u1'), axis=1))
        pam = b'P7\nWIDTH 17\nHEIGHT 12\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n'
        self.same(pam + RGB.tobytes(), RGB)
        floats = GREY.astype('f4') / 3
        self.same(b'Pf\n17 12\n-1.0\n' + floats[::-1].tobytes(), floats)

    def test_tiff_stacks(self):
        out = io.BytesIO()
        pages = [Image.fromarray(DEEP + i) for i in range(3)]
        pages[0].save(out, 'tiff', save_all=True, append_images=pages[1:])
        figure = self.figure('-', '--facet-col', '0', stdin=out.getvalue())
        for i in range(3):
            numpy.testing.assert_array_equal(items(figure['data'][i]['z']), DEEP + i)
        self.same(coded(GREY.astype('f4'), 'tiff'), GREY.astype('f4'))
        self.same(coded(RGB, 'tiff', compression='tiff_lzw'), RGB)

    def test_films(self):
        luma = numpy.stack([GREY // 2 + 40 * i for i in range(3)])
        head = b'YUV4MPEG2 W17 H12 F25:1 '
        chroma = {'C420jpeg': 9 * 6, 'C422': 9 * 12, 'C444': 17 * 12}
        want = numpy.clip(numpy.floor((luma.astype(int) - 16) * 255 / 219 + 0.5), 0, 255)
        for space, size in chroma.items():
            film = head + space.encode() + b'\n'
            film += b''.join(b'FRAME\n' + frame.tobytes() + bytes([128]) * 2 * size for frame in luma)
            frames = self.figure('-', '--animation-frame', '0', '--binary-string', 'false',
                                 stdin=film)['frames']
            for i in range(3):
                have = items(frames[i]['data'][0]['z'])
                self.assertLessEqual(abs(have - want[i][:, :, None]).max(), 1)
        mono = head + b'Cmono\n' + b'FRAME\n' + luma[1].tobytes() + b'FRAME\n' + luma[2].tobytes()
        have = self.values('-', '--frames', '1', stdin=mono)
        self.assertLessEqual(abs(have - want[1]).max(), 1)

    def test_several_inputs_are_a_first_axis(self):
        paths = [self.write(f'{i}.npy', npy(DEEP + i)) for i in range(3)]
        traces = self.figure(*paths, '--facet-col=0')['data']
        for i in range(3):
            numpy.testing.assert_array_equal(items(traces[i]['z']), DEEP + i)
        odd = self.write('odd.npy', npy(GREY))
        self.refuse([*paths, odd], 'odd.npy is (12, 17) uint8, those before it are (12, 17) uint16')

    def test_raw(self):
        have = self.values('-', '--dtype', '>u2', '--shape', '12,17', stdin=DEEP.astype('>u2').tobytes())
        numpy.testing.assert_array_equal(have, DEEP)

    def test_the_sets_own_files(self):
        for name in sorted(os.listdir(SETDIR)):
            also = os.path.join(SETDIR, name, 'case.json')
            if not os.path.exists(also):
                continue
            with open(also, encoding='utf-8') as file:
                case = json.load(file)
            for other in case['input'].get('also', []) if not case['params'] else []:
                with self.subTest(name, file=other):
                    have = self.figure(os.path.join(SETDIR, name, other))
                    want = self.figure(os.path.join(SETDIR, name, 'input.npy'))
                    if not other.endswith('.jpg'):
                        self.assertEqual(have, want)


class Hostile(Case):
    MOST = 160 * MIB  # of memory, the sanitizer's included

    def refuse_small(self, data, *remarks):
        path = self.write('input', data)
        process = subprocess.Popen([PROGRAM, 'figure', path, '-o', self.path('out.json')],
                                   stderr=subprocess.PIPE)
        line = process.stderr.read().decode()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual((process.returncode, line.count('\n')), (1, 1), line)
        self.assertLess(usage.ru_maxrss * 1024, self.MOST, line)
        for remark in remarks:
            self.assertIn(remark, line)
        self.assertFalse(os.path.exists(self.path('out.json')))

    def head(self, shape):
        text = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }" % shape
        return b'\x93NUMPY\1\0' + struct.pack('<H', len(text)) + text.encode()

    def test_absurd_npy(self):
        self.refuse_small(self.head('(1000000, 1000000)') + bytes(64), 'at most')
        self.refuse_small(self.head('(18446744073709551615, 18446744073709551615)'), 'npy')
        self.refuse_small(self.head('(100, 100)') + bytes(64), 'ends within a frame')

    def test_a_png_bomb(self):
        data = bytearray(coded(GREY, 'png'))
        data[16:24] = struct.pack('>II', 1 << 23, 1 << 23)
        import zlib
        data[29:33] = struct.pack('>I', zlib.crc32(data[12:29]))
        self.refuse_small(bytes(data), 'PNG')

    def test_cut_pictures(self):
        for form in ('jpeg', 'png', 'ppm', 'tiff'):
            data = coded(RGB, form)
            self.refuse_small(data[:len(data) // 2])

    def test_absurd_heads(self):
        self.refuse_small(b'P6 16000000 16000000 65535\n' + bytes(99), 'at most')
        self.refuse_small(b'P5 20000 10000 255\n' + bytes(99), 'ends within a frame')
        self.refuse_small(b'YUV4MPEG2 W32768 H32768 C444\nFRAME\n' + bytes(99), 'at most')
        self.refuse_small(b'YUV4MPEG2 W4 H4 C420p12\nFRAME\n' + bytes(99), "'420p12'")
        tiff = struct.pack('<2sHIH', b'II', 42, 8, 8)
        for tag, value in ((256, 1 << 20), (257, 1 << 20), (258, 8), (259, 1), (262, 1), (273, 200),
                           (278, 1 << 20), (279, 64)):
            tiff += struct.pack('<HHII', tag, 4, 1, value)
        self.refuse_small(tiff + bytes(300), 'TIFF')

    def test_nothing_and_nonsense(self):
        self.refuse_small(b'', 'is empty')
        self.refuse_small(b'GIF89a' + bytes(64), 'an unknown form')

    def test_a_film_without_an_end(self):
        process = subprocess.Popen([PROGRAM, 'figure', '-', '-o', self.path('out.json')],
                                   stdin=subprocess.PIPE, stderr=subprocess.PIPE)

        def feed():
            frame = b'FRAME\n' + bytes(8192 * 4096)
            try:
                process.stdin.write(b'YUV4MPEG2 W8192 H4096 Cmono\n')
                while True:
                    process.stdin.write(frame)
            except BrokenPipeError:
                pass

        feeder = threading.Thread(target=feed)
        feeder.start()
        line = process.stderr.read().decode()
        self.assertEqual(process.wait(), 1)
        feeder.join()
        process.stderr.close()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        self.assertIn('more than 512 MiB in all; take fewer frames with --frames N', line)
        self.assertEqual(os.listdir(self.folder), [])


class Outputs(Case):
    def picture(self, *words, name='out.png'):
        done = self.run_it(*words, '-o', self.path(name))
        self.assertEqual(done.returncode, 0, done.stderr)
        return numpy.asarray(Image.open(self.path(name)))

    def test_the_picture_of_an_image_is_its_pixels(self):
        path = self.write('a.npy', npy(RGB))
        numpy.testing.assert_array_equal(self.picture(path), RGB)
        numpy.testing.assert_array_equal(self.picture(path, '--origin=lower'), RGB[::-1])
        grey = self.write('g.npy', npy(GREY))
        numpy.testing.assert_array_equal(
            self.picture(grey, '--binary-string=true', '--zmin=0', '--zmax=255'), GREY)
        smooth = numpy.add.outer(numpy.arange(16) * 9, numpy.arange(24) * 4)[:, :, None] // [1, 2, 3]
        path = self.write('s.npy', npy(smooth.astype('u1')))
        have = self.picture(path, '--quality=95', name='out.jpg').astype(int)
        self.assertLess(abs(have - smooth).mean(), 6)

    def test_the_pictures_of_the_set(self):
        seen = 0
        for name in sorted(os.listdir(SETDIR)):
            folder = os.path.join(SETDIR, name)
            if not os.path.exists(os.path.join(folder, 'pixels.npy')):
                continue
            with open(os.path.join(folder, 'case.json'), encoding='utf-8') as file:
                case = json.load(file)
            plain = case['input']['kind'] == 'ndarray' and case['call'] == 'imshow'
            turned = {'x', 'y', 'origin', 'facet_col', 'facet_row', 'animation_frame'}
            if not plain or case['pixels']['lossy'] or turned & set(case['params']):
                continue
            seen += 1
            with self.subTest(name):
                params = self.write('params.json', json.dumps(case['params']).encode())
                have = self.picture(os.path.join(folder, 'input.npy'), '--params', params)
                want = numpy.load(os.path.join(folder, 'pixels.npy'))[0]
                numpy.testing.assert_array_equal(have, want)
        self.assertGreater(seen, 30)

    def test_a_slice_has_the_limits_of_all(self):
        stack = numpy.stack([RGB.astype('u2') * 100, RGB.astype('u2') * 200])
        path = self.write('s.npy', npy(stack))
        have = self.picture(path, '--animation-frame=0', '--contrast-rescaling=minmax', '--slice=1')
        figure = self.figure(path, '--animation-frame=0', '--contrast-rescaling=minmax')
        import base64
        source = figure['frames'][1]['data'][0]['source'].split(',')[1]
        want = numpy.asarray(Image.open(io.BytesIO(base64.b64decode(source))))
        numpy.testing.assert_array_equal(have, want)

    def test_a_heatmap_goes_through_its_scale(self):
        values = numpy.array([[0, 5, 10]], 'f8')
        path = self.write('h.npy', npy(values))
        scale = '--color-continuous-scale=["#000000", "rgb(200, 100, 0)"]'
        have = self.picture(path, scale)
        numpy.testing.assert_array_equal(have[0, [0, 2]], [[0, 0, 0], [200, 100, 0]])
        self.assertLess(abs(have[0, 1].astype(int) - [100, 50, 0]).max(), 2)
        numpy.testing.assert_array_equal(self.picture(path, scale, '--zmin=10', '--zmax=20')[0, 2], [0, 0, 0])
        values[0, 1] = numpy.nan
        gap = self.picture(self.write('n.npy', npy(values)), scale)
        numpy.testing.assert_array_equal(gap[0, :, 3], [255, 0, 255])
        tall = self.write('t.npy', npy(numpy.array([[0.0], [10.0]])))
        numpy.testing.assert_array_equal(self.picture(tall, scale, '--origin=lower')[0, 0], [200, 100, 0])
        numpy.testing.assert_array_equal(self.picture(tall, scale, '--y=[9,1]')[0, 0], [200, 100, 0])

    def test_a_stack_without_a_slice_says_which_it_takes(self):
        path = self.write('s.npy', npy(numpy.stack([GREY, GREY // 2])))
        done = self.run_it(path, '-o', self.path('a.png'))
        self.assertEqual(done.returncode, 0)
        self.assertIn(b'choose another one with --slice', done.stderr)
        self.assertEqual(self.run_it(path, '--slice=1', '-o', self.path('b.png')).stderr, b'')
        self.refuse_picture(path, '--slice=2')
        self.refuse_picture(path, '--slice=0,0')

    def refuse_picture(self, *words):
        done = self.run_it(*words, '-o', self.path('c.png'))
        self.assertEqual((done.returncode, done.stderr.count(b'\n')), (1, 1))
        self.assertFalse(os.path.exists(self.path('c.png')))

    def page(self, *words):
        path = self.write('a.npy', npy(GREY))
        done = self.run_it(path, *words, '-o', self.path('out.html'))
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path('out.html'), encoding='utf-8') as file:
            return file.read()

    def test_a_page_opens_by_itself(self):
        text = self.page('--title=A & B', '--config={"displayModeBar": false}')
        self.assertIn('window.Plotly = Plotly', text)
        self.assertIn('"displayModeBar":false', text)
        self.assertIn(self.figure(self.path('a.npy'))['data'][0]['z']['bdata'], text)
        own = re.sub(r'<script>.*?</script>', '', text, flags=re.S)
        self.assertNotRegex(own, r'(?i)(src|href)\s*=|url\(|@import|//')

    def test_a_page_names_the_script_beside_it(self):
        text = self.page('--plotlyjs=beside')
        self.assertEqual(re.findall(r'src="([^"]*)"', text), ['plotly.min.js'])
        self.assertLess(len(text), 20000)
        with open(self.path('plotly.min.js'), encoding='utf-8') as file:
            self.assertIn('window.Plotly = Plotly', file.read())

    def test_an_old_file_stays_when_the_new_one_fails(self):
        path = self.write('out.json', b'old')
        bad = self.write('bad.npy', b'\x93NUMPY')
        self.assertEqual(self.run_it(bad, '-o', path).returncode, 1)
        with open(path, 'rb') as file:
            self.assertEqual(file.read(), b'old')
        self.assertEqual(sorted(os.listdir(self.folder)), ['bad.npy', 'out.json'])

    def test_what_cannot_be_written(self):
        path = self.write('a.npy', npy(GREY))
        done = self.run_it(path, '-o', '/nowhere/out.json')
        self.assertEqual((done.returncode, done.stderr.decode()),
                         (1, 'imshow figure: /nowhere/out.json: No such file or directory\n'))


class Options(Case):
    def setUp(self):
        super().setUp()
        self.npy = self.write('a.npy', npy(RGB))

    def test_wrong_use_is_status_2(self):
        for words, remark in (([], 'give an input'), ([self.npy, '--zmim=1'], 'no such option'),
                              ([self.npy, '--update-layout={'], '--update-layout'),
                              ([self.npy, '--add-trace=[]'], 'give a JSON object'),
                              ([self.npy, '--set=title'], 'PATH=VALUE'),
                              ([self.npy, '--plotlyjs=cdn'], 'inline or beside'),
                              (['-', '-'], 'twice')):
            self.refuse(words, remark, status=2)
        self.assertEqual(self.run_it(self.npy).returncode, 2)
        self.assertEqual(self.run_it(self.npy, '-o', 'x.gif').returncode, 2)

    def test_changes_are_made_in_order(self):
        figure = self.figure(self.npy, '--update-layout={"width": 300}', '--set=layout.width=400',
                             '--update-layout', '@' + self.write('l.json', b'{"height": 200}'))
        self.assertEqual((figure['layout']['width'], figure['layout']['height']), (400, 200))

    def test_the_input_is_named_in_traces(self):
        trace = '{"type": "histogram", "x": "$input[...,1].ravel"}'
        figure = self.figure(self.npy, '--add-trace', trace,
                             '--add-trace={"type": "image", "source": "$input:png"}')
        numpy.testing.assert_array_equal(items(figure['data'][1]['x']), RGB[..., 1].ravel())
        self.assertTrue(figure['data'][2]['source'].startswith('data:image/png;base64,'))
        self.refuse([self.npy, '--add-trace={"z": "$input[0]"}'], '--add-trace:', '$input[0]')
        self.refuse([self.npy, '--add-trace={"x": "$input[...,3].ravel"}'], '--add-trace:')

    def test_a_figure_begins_empty(self):
        trace = '{"trace": {"type": "image", "z": "$input"}, "row": 1, "col": 2}'
        figure = self.figure(self.npy, '--subplots={"rows": 1, "cols": 2}', '--add-trace', trace)
        self.assertEqual([t['xaxis'] for t in figure['data']], ['x2'])
        numpy.testing.assert_array_equal(items(figure['data'][0]['z']), RGB)
        figure = self.figure(self.npy, '--plain', '--template=plotly_dark')
        self.assertEqual(figure['data'], [])
        self.assertNotIn('xaxis', figure['layout'])
        self.assertEqual(figure['layout']['template']['layout']['paper_bgcolor'], 'rgb(17,17,17)')

    def test_an_empty_figure_takes_no_parameters(self):
        self.refuse([self.npy, '--plain', '--zmin=3'], '--plain:', 'but template')
        self.refuse([self.npy, '--subplots={}', '--title=x'], '--subplots:', 'no parameter')
        self.refuse([self.npy, '--subplots=[]'], '--subplots', 'give a JSON object', status=2)
        self.refuse([self.npy, '--subplots={"rows": 1000000}'], 'rows')
        done = self.run_it(self.npy, '--plain', '-o', self.path('x.png'))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'.json or .html', done.stderr)

    def test_help_has_every_group_with_an_example(self):
        text = self.run_it('--help').stdout.decode()
        self.assertGreaterEqual(text.count('example: imshow figure'), 11)


if __name__ == '__main__':
    PROGRAM, SETDIR = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
