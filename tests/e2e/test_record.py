# SPDX-License-Identifier: MIT
"""Recordings: what is pushed and captured comes back bit for bit; time-lapse, parts, schedules, triggers; the library."""
import base64
import io
import json
import os
import time
import unittest
from http.client import RemoteDisconnected

import numpy as np
from PIL import Image

from support.camera import Camera, bits_of
from support.daemon import DaemonCase, until
from support.pusher import Pusher
from support.recorder import (API, call, folder, frames_of, maps, pictures, read, session,
                               start, stop, until_item, until_session)

DTYPES = ('|b1', '|i1', '|u1', '<i2', '<u2', '<i4', '<u4', '<i8', '<u8', '<f2', '<f4', '<f8')
LABELLED = {'dims': ['time', 'y', 'x'], 'name': 'counts', 'attrs': {'units': 'adu'},
            'coords': {'time': {'dims': ['time'], 'data': [0.5, 1.5], 'attrs': {'units': 's'}},
                       'x': {'dims': ['x'], 'data': [10, 20, 30, 40, 50], 'attrs': {}}}}


def arrays(dtype, count, shape):
    rng = np.random.default_rng(len(dtype) + count)
    for _ in range(count):
        raw = rng.integers(0, 256, int(np.prod(shape)) * np.dtype(dtype).itemsize, 'u1')
        yield (raw & 1).astype('|b1').reshape(shape) if dtype == '|b1' else raw.view(dtype).reshape(shape)


class Record(DaemonCase):
    SOURCES = ('-r', '64x48', '-f', '20', 'noise=test:noise')

    def until_frames(self, name, count):
        return until_session(self.daemon, name, lambda s: s['frames'] >= count, f'{count} frames')

    def assert_same(self, got, pushed):
        self.assertEqual(len(got), len(pushed))
        for a, b in zip(got, pushed):
            self.assertEqual((a.dtype, a.shape), (b.dtype, b.shape))
            self.assertEqual(a.tobytes(), b.tobytes())

    def test_arrays_of_all_types_come_back_bit_for_bit(self):
        pushers = [Pusher(self, self.push_path, f'type-{i}') for i in range(len(DTYPES))]
        cube = Pusher(self, self.push_path, 'cube', labelled=LABELLED)
        pushed = {f'type-{i}': [*arrays(dtype, 3, (7, 5)), *arrays(dtype, 2, (4, 6, 3)), *arrays(dtype, 1, (2, 3, 4, 5))]
                  for i, dtype in enumerate(DTYPES)}
        pushed['cube'] = list(arrays('<f4', 3, (2, 4, 5)))
        until(lambda: len(self.daemon.get('/api/v1/streams').json()['streams']) >= len(pushed), 'streams')
        start(self.daemon, list(pushed), name='types')
        for name, pusher in zip(pushed, [*pushers, cube]):
            for array in pushed[name]:
                pusher.push(array, time_us=1_700_000_000_000_000, meta={'gain': 3})
        self.until_frames('types', sum(map(len, pushed.values())))
        ended = stop(self.daemon, 'types')
        self.assertEqual((ended['state'], ended['dropped'], ended['files']), ('done', 0, ['types']))
        recorded = read(self.daemon, 'types')
        for name, sent in pushed.items():
            self.assert_same(frames_of(recorded, name), sent)
        figure = maps(recorded, 'cube', 'figure')[0]
        self.assertEqual(figure['labelled']['dims'], LABELLED['dims'])

    def test_parameters_and_markers_are_recorded(self):
        pusher = Pusher(self, self.push_path, 'marked', params={'zmin': 3})
        until(lambda: self.daemon.stream('marked').get('name'), 'marked')
        start(self.daemon, ['marked'], name='marks')
        pusher.push(np.zeros((2, 3), '<u2'))
        self.until_frames('marks', 1)
        self.assertEqual(call(self.daemon, 'POST', '/marks/marker', {'text': 'the door opens'}).status, 200)
        answer = self.daemon.http('PATCH', '/api/v1/streams/marked', {'Content-Type': 'application/json'},
                                  b'{"params": {"zmax": 9}}')
        self.assertEqual(answer.status, 200)
        pusher.push(np.ones((2, 3), '<u2'))
        self.until_frames('marks', 2)
        stop(self.daemon, 'marks')
        figures = maps(read(self.daemon, 'marks'), 'marked', 'figure')
        self.assertEqual([f['params'] for f in figures], [{'zmin': 3}, {'zmin': 3, 'zmax': 9}])
        item = until_item(self.daemon, 'marks')
        self.assertEqual([m['text'] for m in item['markers']], ['the door opens'])
        self.assertEqual(item['streams'], [{'name': 'marked', 'frames': 2}])
        self.assertIsNone(item['session'])

    def test_a_source_that_nobody_watches_is_captured_while_it_is_recorded(self):
        self.assertEqual(self.daemon.stream('noise')['watchers'], 0)
        start(self.daemon, ['noise'], name='unwatched')
        self.assertEqual(self.daemon.stream('noise')['watchers'], 1)
        self.assertEqual(self.daemon.stream('noise')['recordings'],
                         [{'name': 'unwatched', 'state': 'recording', 'reason': ''}])
        self.until_frames('unwatched', 10)
        stop(self.daemon, 'unwatched')
        self.assertEqual(self.daemon.stream('noise')['watchers'], 0)
        self.assertEqual(self.daemon.stream('noise')['recordings'], [])
        recorded = pictures(read(self.daemon, 'unwatched'), 'noise')
        times = [m['log_us'] for m in recorded]
        self.assertGreaterEqual(len(times), 10)
        self.assertEqual(times, sorted(times))

    def test_a_time_lapse_keeps_its_distance_and_parts_follow_each_other(self):
        start(self.daemon, ['noise'], name='lapse', every_s=0.3)
        start(self.daemon, ['noise'], name='parts', part_s=1)
        until_session(self.daemon, 'parts', lambda s: len(s['files']) >= 3, 'three parts')
        self.until_frames('lapse', 4)
        stop(self.daemon, 'lapse')
        files = stop(self.daemon, 'parts')['files']
        self.assertEqual(files[:3], ['parts', 'parts-2', 'parts-3'])
        times = [m['log_us'] for m in pictures(read(self.daemon, 'lapse'), 'noise')]
        self.assertGreaterEqual(min(b - a for a, b in zip(times, times[1:])), 200_000)
        ends = []
        for name in files:
            found = [m['log_us'] for m in pictures(read(self.daemon, name), 'noise')]
            if not found:  # stopped as it began
                self.assertEqual(name, files[-1])
                continue
            ends += [found[0], found[-1]]
        self.assertEqual(ends, sorted(ends))

    def test_parts_by_bytes_and_an_end_by_time(self):
        pusher = Pusher(self, self.push_path, 'large')
        until(lambda: self.daemon.stream('large').get('name'), 'large')
        start(self.daemon, ['large'], name='sized', part_bytes=1 << 20)
        for array in arrays('|u1', 8, (600, 1000)):
            pusher.push(array)
        self.until_frames('sized', 8)
        self.assertGreaterEqual(len(stop(self.daemon, 'sized')['files']), 3)
        start(self.daemon, ['noise'], name='short', duration_s=0.5)
        until(lambda: session(self.daemon, 'short') is None, 'the end by itself')
        self.assertEqual(until_item(self.daemon, 'short')['state'], 'finished')

    def test_a_schedule_opens_and_closes(self):
        # As daemon and test see the same clock: a window that is open now, and one that is not.
        now = time.localtime()
        closed = f'{(now.tm_hour + 3) % 24:02}:00-{(now.tm_hour + 4) % 24:02}:00'
        started = start(self.daemon, ['noise'], name='open', schedule='00:00-24:00')
        self.assertEqual((started['state'], started['plan']), ('recording', {'schedule': '00:00-24:00'}))
        started = start(self.daemon, ['noise'], name='closed', schedule=closed)
        self.assertEqual(started['state'], 'armed')
        self.until_frames('open', 3)
        stop(self.daemon, 'open')
        self.assertEqual(session(self.daemon, 'closed')['frames'], 0)
        self.assertEqual(stop(self.daemon, 'closed')['files'], [])

    def test_a_call_records_what_was_before_it_and_after(self):
        pusher = Pusher(self, self.push_path, 'called')
        until(lambda: self.daemon.stream('called').get('name'), 'called')
        started = start(self.daemon, ['called'], name='event', trigger='call', pre_s=600, post_s=1)
        self.assertEqual(started['state'], 'armed')
        sent = list(arrays('<u2', 60, (100, 120)))
        for array in sent[:50]:  # more than a ring keeps otherwise
            pusher.push(array)
        until(lambda: self.daemon.stream('called')['published'] == 50, 'all frames before')
        self.assertEqual(session(self.daemon, 'event')['frames'], 0)
        self.assertEqual(call(self.daemon, 'POST', '/event/trigger', {}).json()['state'], 'recording')
        for array in sent[50:]:
            pusher.push(array)
        until_session(self.daemon, 'event', lambda s: s['frames'] == 60 and s['state'] == 'armed', 'the end of the event')
        self.assertEqual(stop(self.daemon, 'event')['files'], ['event'])
        self.assert_same(frames_of(read(self.daemon, 'event'), 'called'), sent)

    def test_what_is_seen_fires_a_trigger(self):
        pusher = Pusher(self, self.push_path, 'seen')
        until(lambda: self.daemon.stream('seen').get('name'), 'seen')
        dark, bright = np.zeros((20, 30), '<u2'), np.full((20, 30), 500, '<u2')
        bright[0, 0] = 4000
        for kind, limit in (('mean', 400), ('maximum', 3999), ('changed', 0.5)):
            start(self.daemon, ['seen'], name=kind, trigger=kind, limit=limit, post_s=600)

        def fired(kind):
            return session(self.daemon, kind)['frames'] > 0
        for array, kinds in ((dark, ()), (bright, ('mean', 'maximum', 'changed'))):
            # A trigger looks ten times a second, and needs two frames to see a change.
            def pushed(array=array, kinds=kinds):
                pusher.push(array)
                return all(map(fired, kinds))
            for _ in range(5):
                pushed()
                time.sleep(0.12)
            self.assertEqual([k for k in ('mean', 'maximum', 'changed') if fired(k)], list(kinds) if kinds else [])
            until(pushed, f'fired: {kinds}')
        for kind in ('mean', 'maximum', 'changed'):
            self.assertGreater(stop(self.daemon, kind)['frames'], 0)

    def test_a_stream_that_comes_back_is_recorded_again(self):
        pusher = Pusher(self, self.push_path, 'again')
        until(lambda: self.daemon.stream('again').get('name'), 'again')
        start(self.daemon, ['again'], name='twice')
        pusher.push(np.zeros((2, 2), 'u1'))
        self.until_frames('twice', 1)
        pusher.close()
        until(lambda: self.daemon.stream('again')['state'] == 'lost', 'lost')
        other = Pusher(self, self.push_path, 'again')
        other.push(np.ones((3, 3), '<f4'))
        self.until_frames('twice', 2)
        stop(self.daemon, 'twice')
        recorded = read(self.daemon, 'twice')
        self.assert_same(frames_of(recorded, 'again'), [np.zeros((2, 2), 'u1'), np.ones((3, 3), '<f4')])
        self.assertIn('lost', [m['state'] for m in maps(recorded, 'again', 'state')])

    # ---- the library ----

    def recorded(self, name, count=3):
        start(self.daemon, ['noise'], name=name)
        self.until_frames(name, count)
        stop(self.daemon, name)
        return until_item(self.daemon, name)

    def test_a_recording_is_renamed_and_deleted(self):
        self.recorded('old')
        self.recorded('other')
        self.assertEqual(call(self.daemon, 'PATCH', '/old', {'name': 'other'}).status, 409)
        for bad in ('../old', 'a/b', '', '.x', 7):
            self.assertEqual(call(self.daemon, 'PATCH', '/old', {'name': bad}).status, 400, bad)
        self.assertEqual(call(self.daemon, 'PATCH', '/old', {'name': 'new'}).json(), {'name': 'new'})
        self.assertEqual(until_item(self.daemon, 'new')['streams'][0]['name'], 'noise')
        self.assertEqual(call(self.daemon, 'PATCH', '/old', {'name': 'newer'}).status, 404)
        self.assertEqual(call(self.daemon, 'DELETE', '/new').json(), {'deleted': 'new'})
        until(lambda: call(self.daemon, 'GET', '/new').status == 404, 'gone')
        self.assertEqual(call(self.daemon, 'DELETE', '/new').status, 404)
        self.assertFalse((folder(self.daemon) / 'new.mcap').exists())

    def test_a_recording_is_downloaded_in_parts(self):
        item = self.recorded('down', 12)
        whole = (folder(self.daemon) / 'down.mcap').read_bytes()
        self.assertEqual(item['bytes'], len(whole))
        answer = self.daemon.get('/recordings/down.mcap')
        self.assertEqual((answer.status, answer.body), (200, whole))
        self.assertEqual(answer.headers['accept-ranges'], 'bytes')
        for text, part in (('bytes=0-7', whole[:8]), ('bytes=100-', whole[100:]), ('bytes=-9', whole[-9:])):
            answer = self.daemon.get('/recordings/down.mcap', Range=text)
            self.assertEqual((answer.status, answer.body), (206, part), text)
        self.assertEqual(answer.headers['content-range'], f'bytes {len(whole) - 9}-{len(whole) - 1}/{len(whole)}')
        self.assertEqual(self.daemon.get('/recordings/down.mcap', Range='bytes=99999999999-').status, 416)
        answer = self.daemon.http('HEAD', '/recordings/down.mcap')
        self.assertEqual((answer.status, answer.headers['content-length'], answer.body), (200, str(len(whole)), b''))

    def test_a_recording_has_a_picture(self):
        self.recorded('seen-1')
        answer = self.daemon.get('/recordings/seen-1.jpg')
        self.assertEqual((answer.status, answer.headers['content-type']), (200, 'image/jpeg'))
        self.assertEqual(Image.open(io.BytesIO(answer.body)).size, (64, 48))
        again = self.daemon.get('/recordings/seen-1.jpg', If_None_Match=answer.headers['etag'])
        self.assertEqual((again.status, again.body), (304, b''))
        self.assertEqual(self.daemon.get('/recordings/nothing.jpg').status, 404)

    def test_one_that_runs_can_be_listed_and_read_but_not_deleted(self):
        start(self.daemon, ['noise'], name='running')
        self.until_frames('running', 30)  # so that a chunk is written
        def listed():
            return [r['state'] for r in call(self.daemon, 'GET').json()['recordings'] if r['name'] == 'running']
        until(lambda: listed() == ['recording'], 'it is listed')
        self.assertEqual(call(self.daemon, 'DELETE', '/running').status, 409)
        self.assertEqual(call(self.daemon, 'PATCH', '/running', {'name': 'x'}).status, 409)
        until(lambda: self.daemon.get('/recordings/running.mcap').body.startswith(b'\x89MCAP0\r\n'), 'its beginning')
        stop(self.daemon, 'running')
        self.assertEqual(call(self.daemon, 'POST', '/running/stop', {}).status, 404 if not until_item(self.daemon, 'running') else 409)
        self.assertEqual(call(self.daemon, 'POST', '/running/marker', {'text': 'late'}).status, 409)

    def test_wrong_wishes_are_told(self):
        for body, status in (({}, 400), ({'streams': ['nothing']}, 404), ({'streams': ['noise'], 'speed': 1}, 400),
                             ({'streams': ['noise'], 'name': '../../etc/x'}, 400), ([], 400)):
            answer = call(self.daemon, 'POST', body=body)
            self.assertEqual(answer.status, status, body)
            self.assertTrue(answer.json()['error'])
        self.assertEqual(self.daemon.http('POST', API, {}, b'{').status, 400)
        self.recorded('taken')
        answer = call(self.daemon, 'POST', body={'streams': ['noise'], 'name': 'taken'})
        self.assertEqual((answer.status, 'already' in answer.json()['error']), (409, True))
        self.assertEqual(call(self.daemon, 'POST', '/nothing/stop', {}).status, 404)
        start(self.daemon, ['noise'], name='plain')
        self.assertEqual(call(self.daemon, 'POST', '/plain/trigger', {}).status, 409)
        self.assertEqual(call(self.daemon, 'POST', '/plain/marker', {'text': 7}).status, 400)
        self.assertEqual(call(self.daemon, 'POST', '/plain/marker', {'text': 'x' * 300}).status, 400)
        stop(self.daemon, 'plain')

    def status(self, method, path):
        """0: the path was so wrong that the connection was closed."""
        try:
            return self.daemon.http(method, path).status
        except RemoteDisconnected:
            return 0

    def test_nothing_outside_of_the_folder_is_reached(self):
        self.recorded('inside')
        home = folder(self.daemon)
        outside = home.parent / 'outside.mcap'
        outside.write_bytes((home / 'inside.mcap').read_bytes())
        os.symlink(outside, home / 'link.mcap')
        os.mkdir(home / 'sub.mcap')
        for name in ('..%2foutside', '../outside', '%2e%2e/outside', 'link', 'sub', '.lock', 'inside%00', 'a%0ab'):
            for path in (f'/recordings/{name}.mcap', f'/recordings/{name}.jpg'):
                self.assertIn(self.status('GET', path), (0, 400, 403, 404), path)
            if name != 'link':
                self.assertIn(self.status('DELETE', f'{API}/{name}'), (0, 400, 403, 404, 405), name)
        self.assertEqual(call(self.daemon, 'DELETE', '/link').status, 200)  # the link itself
        self.assertTrue(outside.exists())

    def test_another_origin_changes_nothing(self):
        answer = self.daemon.http('POST', API, {'Origin': 'http://evil.example'}, b'{"streams": ["noise"]}')
        self.assertEqual(answer.status, 403)
        self.assertEqual(self.daemon.http('DELETE', f'{API}/x', {'Origin': 'http://evil.example'}).status, 403)


class RecordCamera(DaemonCase):
    def recorded(self, count=12, **settings):
        camera = Camera(self.folder, **settings)
        daemon = self.start(camera.source('cam'), env=camera.env())
        start(daemon, ['cam'], name='camera')
        until_session(daemon, 'camera', lambda s: s['frames'] >= count, 'frames')
        stop(daemon, 'camera')
        return [m['picture'] for m in pictures(read(daemon, 'camera'), 'cam')]

    def test_the_pictures_of_an_mjpeg_camera_are_stored_as_they_came(self):
        pictures = self.recorded(formats='MJPEG', sizes='320x240', fps='30')
        sequences = []
        for picture in pictures:
            self.assertEqual(picture['format'], 'jpeg')
            jpeg = base64.b64decode(picture['data'])
            self.assertEqual((jpeg[:2], jpeg.rstrip(b'\0')[-2:]), (b'\xff\xd8', b'\xff\xd9'))
            luma = np.asarray(Image.open(io.BytesIO(jpeg)).convert('L'))
            sequences.append(bits_of(luma, 320))
        self.assertEqual(sequences, sorted(set(sequences)))

    def test_the_pixels_of_a_yuyv_camera_are_stored_as_they_came(self):
        pictures = self.recorded(formats='YUYV', sizes='320x240', fps='30')
        sequences = []
        for picture in pictures:
            self.assertEqual((picture['encoding'], picture['width'], picture['height']), ('yuv422_yuy2', 320, 240))
            pixels = np.frombuffer(base64.b64decode(picture['data']), 'u1').reshape(240, -1)[:, :640]
            sequences.append(bits_of(pixels[:, ::2], 320))
        self.assertEqual(sequences, sorted(set(sequences)))

    def test_controls_that_are_turned_are_recorded(self):
        camera = Camera(self.folder, formats='GREY', sizes='64x48', fps='30')
        daemon = self.start(camera.source('cam'), env=camera.env())
        start(daemon, ['cam'], name='turned')
        until_session(daemon, 'turned', lambda s: s['frames'] >= 2, 'frames')
        daemon.http('PATCH', '/api/v1/streams/cam/controls', {}, json.dumps({'brightness': 77}).encode())
        stop(daemon, 'turned')
        controls = maps(read(daemon, 'turned'), 'cam', 'controls')
        self.assertIn(77, [c.get('brightness') for c in controls])


class RecordStart(DaemonCase):
    def test_a_plan_on_the_command_line_waits_for_its_stream(self):
        daemon = self.start('--push-unix', f'{self.folder}/push', '--record', 'later?name=planned&part_s=600')
        self.assertEqual(session(daemon, 'planned')['streams'][0]['is_there'], False)
        pusher = Pusher(self, f'{self.folder}/push', 'later')
        until_session(daemon, 'planned', lambda s: s['streams'][0]['is_there'] and s['state'] == 'recording', 'the stream')
        pusher.push(np.zeros((4, 4), 'u1'))
        until_session(daemon, 'planned', lambda s: s['frames'] == 1, 'its frame')

    def test_a_plan_that_is_none_is_a_wrong_use(self):
        with self.assertRaisesRegex(AssertionError, 'schedule'):
            self.start('--record', 'lab?schedule=often')

    def test_two_daemons_do_not_share_a_folder(self):
        shared = f'{self.folder}/shared'
        one = self.start('--recordings', shared, 'noise=test:noise')
        two = self.start('--recordings', shared, 'noise=test:noise')
        start(one, ['noise'], name='first')
        answer = call(two, 'POST', body={'streams': ['noise'], 'name': 'second'})
        if answer.status == 201:  # it has not tried the folder before: the session waits for it, and says why
            until_session(two, 'second', lambda s: s['state'] == 'held', 'held')
            stop(two, 'second')
            answer = call(two, 'POST', body={'streams': ['noise']})
        self.assertEqual(answer.status, 503)
        self.assertIn('another imshowd records there', answer.json()['error'])
        until(lambda: call(two, 'GET').json()['folder']['state'] == 'unusable', 'it has tried again')
        self.assertIn('another imshowd', call(two, 'GET').json()['folder']['reason'])
        self.assertEqual(two.get('/streams/noise/snapshot.jpg').status, 200)
        stop(one, 'first')
        one.stop()
        until(lambda: call(two, 'POST', body={'streams': ['noise'], 'name': 'third'}).status in (201, 409), 'it is free now')
        until_session(two, 'third', lambda s: s['frames'] > 0, 'frames')

    def test_old_recordings_give_way(self):
        daemon = self.start('--recordings-mb', 1, '-r', '640x480', '-f', '20', 'noise=test:noise')
        for name in ('one', 'two', 'three'):
            start(daemon, ['noise'], name=name)
            until_session(daemon, name, lambda s: s['bytes'] > 600_000, 'bytes')
            stop(daemon, name)
        until(lambda: [r['name'] for r in call(daemon, 'GET').json()['recordings']] in (['three'], []), 'the oldest went')
        daemon.logged(r'recording one: deleted: recordings take more room')


if __name__ == '__main__':
    unittest.main()
