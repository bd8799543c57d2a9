# SPDX-License-Identifier: MIT
"""POST /push: npy, PNG and JPEG by HTTP."""
import io
import json
import socket
import unittest
from urllib.parse import urlencode

import numpy as np
from PIL import Image

from support.daemon import DaemonCase, until


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def image(array, kind, **keys):
    file = io.BytesIO()
    Image.fromarray(array).save(file, kind, **keys)
    return file.getvalue()


class Post(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def post(self, name, body, status=200, **query):
        path = f'/push/{name}' + ('?' + urlencode(query) if query else '')
        answer = self.daemon.http('POST', path, body=body)
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers['content-type'], 'application/json')
        if status != 200:
            self.assertEqual(list(answer.json()), ['error'])
            self.assertNotIn('\n', answer.json()['error'])
        return answer.json()

    def frame(self, name):
        answer = self.daemon.get(f'/streams/{name}/frame.npy')
        self.assertEqual((answer.status, answer.headers['content-type']),
                         (200, 'application/x-npy'))
        return np.load(io.BytesIO(answer.body))

    def raw(self, head, body=b''):
        """Sends these bytes and reads until the server closes or answers a head; its text."""
        with socket.create_connection((self.daemon.host, self.daemon.port), timeout=60) as s:
            s.sendall(head.encode() + b'\r\n\r\n' + body)
            got = b''
            while b'\r\n\r\n' not in got:
                data = s.recv(65536)
                if not data:
                    break
                got += data
        return got.decode('latin1')

    def test_a_frame_that_is_too_large_or_none_is_refused_with_its_numbers(self):
        """By the head alone: nothing is waited for, and no memory is taken."""
        for shape, dtype, status, text in (
                ((16384, 16384), '<f8', 413, 'a frame of at least 2147483776 bytes, at most 134217728'),
                ((16384, 16384), '|u1', 413, 'a frame of at least 268435584 bytes, at most 134217728'),
                ((1, 16385), '|u1', 413, '16385 x 1 pixels; a side has at most 16384'),
                ((0, 5), '|u1', 400, '5 x 0 pixels has none'),
                ((2**40, 2**40), '|u1', 413, 'overflows')):
            text_of_head = repr({'descr': dtype, 'fortran_order': False, 'shape': shape}).ljust(117) + '\n'
            head = b'\x93NUMPY\x01\x00' + len(text_of_head).to_bytes(2, 'little') + text_of_head.encode()
            answer = self.post('edge', head + bytes(20000 if shape[0] else 0), status)
            self.assertIn(text, answer['error'], shape)

    def test_npy_comes_out_as_it_went_in(self):
        base = np.arange(2 * 3 * 4).reshape(2, 3, 4)
        for number, array in enumerate((
                base.astype('<u2'), base.astype('>u2'), base[0].astype('<f8'),
                np.asfortranarray(base.astype('<i4')), np.asfortranarray(base.astype('>f4')),
                base[0] > 3, base[..., :3].astype('u1'))):
            with self.subTest(dtype=array.dtype.str, fortran=array.flags.f_contiguous):
                answer = self.post(f'npy{number}', npy(array))
                self.assertEqual(answer, {'name': f'npy{number}', 'seq': 1, 'epoch': 1, 'frames': 1})
                got = self.frame(f'npy{number}')
                np.testing.assert_array_equal(got, array)
                self.assertEqual(got.dtype, array.dtype.newbyteorder('<'))

    def test_the_sequence_rises_and_a_new_form_is_a_new_epoch(self):
        first = self.post('forms', npy(np.zeros((2, 3), 'u1')))
        second = self.post('forms', npy(np.zeros((2, 3), 'u1')))
        third = self.post('forms', npy(np.zeros((3, 3), 'u1')))
        self.assertEqual([(a['seq'], a['epoch']) for a in (first, second, third)],
                         [(1, 1), (2, 1), (3, 2)])

    def test_png_comes_out_as_its_pixels(self):
        rng = np.random.default_rng(4)
        for number, array in enumerate((
                rng.integers(0, 256, (7, 9), 'u1'), rng.integers(0, 256, (7, 9, 3), 'u1'),
                rng.integers(0, 256, (7, 9, 4), 'u1'), rng.integers(0, 65536, (7, 9), 'u2'))):
            with self.subTest(shape=array.shape, dtype=array.dtype.str):
                self.post(f'png{number}', image(array, 'PNG'))
                np.testing.assert_array_equal(self.frame(f'png{number}'), array)

    def test_jpeg_comes_out_as_others_decode_it(self):
        yy, xx = np.mgrid[0:64, 0:96]
        colour = np.stack([xx * 2, yy * 3, xx + yy], axis=-1).astype('u1')
        for name, array in (('jpeg3', colour), ('jpeg1', colour[..., 0])):
            body = image(array, 'JPEG', quality=90, subsampling=0)
            self.post(name, body)
            got = self.frame(name)
            want = np.asarray(Image.open(io.BytesIO(body)))
            self.assertEqual(got.shape[:2], want.shape[:2])
            off = np.abs(got.reshape(want.shape).astype(int) - want).max()
            self.assertLessEqual(off, 2)

    def test_parameters_of_the_query_show_in_the_figure(self):
        array = np.arange(20, dtype='<f4').reshape(4, 5)
        self.post('figure', npy(array), zmin='3', zmax='15.5', title='My frame',
                  color_continuous_scale='Viridis', labels='{"x": "along", "color": "heat"}')
        figure = self.daemon.get('/streams/figure/figure.json').json()
        layout = figure['layout']
        self.assertEqual(layout['title']['text'], 'My frame')
        self.assertEqual((layout['coloraxis']['cmin'], layout['coloraxis']['cmax']), (3, 15.5))
        self.assertEqual(layout['coloraxis']['colorscale'][0][1], '#440154')
        self.assertEqual(layout['coloraxis']['colorbar']['title']['text'], 'heat')
        self.assertEqual(layout['xaxis']['title']['text'], 'along')
        self.assertEqual(figure['data'][0]['type'], 'heatmap')

    def test_a_query_without_parameters_leaves_them(self):
        array = npy(np.zeros((2, 2), '<f4'))
        self.post('keeps', array, title='Stays')
        self.post('keeps', array)
        layout = self.daemon.get('/streams/keeps/figure.json').json()['layout']
        self.assertEqual(layout['title']['text'], 'Stays')

    def test_a_body_of_another_kind_is_refused_with_415(self):
        for body in (b'', b'x', b'GIF89a....', b'\x00' * 5000):
            self.assertIn('npy', self.post('other', body, 415)['error'])
        self.assertEqual(self.daemon.get('/streams/other/frame.npy').status, 404)

    def test_a_broken_body_is_refused_with_400(self):
        good = npy(np.zeros((30, 30), '<u2'))
        png = image(np.zeros((30, 30), 'u1'), 'PNG')
        lying = good.replace(b'(30, 30)', b'(90, 90)')
        for body in (good[:-1], good[:20], lying, png[:40], png[:8], b'\xff\xd8\xff',
                     b'\xff\xd8\xff' + b'\0' * 500):
            with self.subTest(size=len(body)):
                answer = self.daemon.http('POST', '/push/broken', body=body)
                self.assertIn(answer.status, (400, 415), answer.body)
                self.assertEqual(list(answer.json()), ['error'])

    def test_a_shape_of_gigabytes_is_refused(self):
        good = npy(np.zeros((30, 30), '<u2'))
        for shape in (b'(90000000000, 9000000000), }', b'(65536, 65536, 65536), }'):
            start = good.index(b'(30, 30), }')
            head = good[:start] + shape
            body = head + b' ' * (127 - len(head)) + b'\n' + bytes(1800)
            answer = self.daemon.http('POST', '/push/huge', body=body)
            self.assertIn(answer.status, (400, 413), answer.body)

    def test_bad_parameters_are_refused_and_publish_nothing(self):
        body = npy(np.zeros((2, 2), 'u1'))
        for key, value in (('zmim', '1'), ('facet_col', '0'), ('%00', '1')):
            with self.subTest(key=key):
                answer = self.post('refused', body, 400, **{key: value})
                self.assertTrue(answer['error'])
        self.assertEqual(self.daemon.get('/streams/refused/frame.npy').status, 404)

    def test_a_parameter_that_the_frame_does_not_fit_changes_nothing(self):
        body = npy(np.zeros((2, 2), 'u1'))
        self.post('fit', body, title='before')
        for key, value in (('zmin', 'low'), ('x', '[1,2,3]'), ('color_continuous_scale', 'Nope')):
            with self.subTest(key=key):
                answer = self.post('fit', body, status=400, **{key: value, 'title': 'after'})
                self.assertIn(key, answer['error'])
        figure = self.daemon.get('/streams/fit/figure.json').json()
        self.assertEqual(figure['layout']['title']['text'], 'before')

    def test_bad_names_are_refused(self):
        body = npy(np.zeros((2, 2), 'u1'))
        for name in ('a%20b', '-x', 'x' * 65, '..', 'lab'):
            with self.subTest(name=name):
                answer = self.daemon.http('POST', f'/push/{name}', body=body)
                self.assertIn(answer.status, (400, 404, 405), answer.body)

    def test_a_length_over_the_bound_is_refused_unread(self):
        answer = self.raw('POST /push/big HTTP/1.1\r\nHost: localhost\r\n'
                          'Content-Length: 99999999999')
        self.assertTrue(answer.startswith('HTTP/1.1 413 '), answer)

    def test_a_body_without_length_is_refused(self):
        for extra in ('', '\r\nTransfer-Encoding: chunked', '\r\nContent-Length: -5',
                      '\r\nContent-Length: ten'):
            with self.subTest(extra=extra):
                answer = self.raw(f'POST /push/len HTTP/1.1\r\nHost: localhost{extra}')
                self.assertRegex(answer, '^HTTP/1.1 4(00|11) ')

    def test_a_client_that_asks_before_it_sends_is_invited(self):
        body = npy(np.ones((5, 5), 'u1'))
        with socket.create_connection((self.daemon.host, self.daemon.port), timeout=60) as s, \
                s.makefile('rb') as file:
            s.sendall(f'POST /push/asks HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n'
                      f'Content-Length: {len(body)}\r\n\r\n'.encode())
            self.assertEqual(file.readline() + file.readline(), b'HTTP/1.1 100 Continue\r\n\r\n')
            s.sendall(body)
            self.assertEqual(file.readline(), b'HTTP/1.1 200 OK\r\n')

    def test_a_client_that_asks_in_vain_is_not_invited(self):
        answer = self.raw('POST /push/big HTTP/1.1\r\nHost: localhost\r\n'
                          'Expect: 100-continue\r\nContent-Length: 99999999999')
        self.assertTrue(answer.startswith('HTTP/1.1 413 '), answer)

    def test_a_client_that_dies_half_way_leaves_nothing(self):
        for sent in (0, 10, 900):
            with socket.create_connection((self.daemon.host, self.daemon.port)) as s:
                s.sendall(b'POST /push/half HTTP/1.1\r\nHost: localhost\r\n'
                          b'Content-Length: 1000\r\n\r\n' + bytes(sent))
        self.assertEqual(self.daemon.get('/healthz').status, 200)
        self.assertEqual(self.daemon.get('/api/v1/streams/half').status, 404)

    def test_a_client_that_dies_behind_its_body_has_pushed(self):
        body = npy(np.ones((5, 5), 'u1'))
        with socket.create_connection((self.daemon.host, self.daemon.port)) as s:
            s.sendall(f'POST /push/hasty HTTP/1.1\r\nHost: localhost\r\n'
                      f'Content-Length: {len(body)}\r\n\r\n'.encode() + body)
            s.shutdown(socket.SHUT_WR)
        until(lambda: self.daemon.get('/api/v1/streams/hasty').status in (200, 404), 'an answer')
        self.assertEqual(self.daemon.get('/healthz').status, 200)

    def test_a_connection_serves_many_posts(self):
        from http.client import HTTPConnection
        connection = HTTPConnection(self.daemon.host, self.daemon.port, timeout=60)
        body = npy(np.ones((300, 300), '<u2'))
        for seq in range(1, 20):
            connection.request('POST', '/push/kept', body=body)
            self.assertEqual(json.loads(connection.getresponse().read())['seq'], seq)
        connection.close()


if __name__ == '__main__':
    unittest.main()
