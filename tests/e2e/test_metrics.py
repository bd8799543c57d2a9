# SPDX-License-Identifier: MIT
"""/metrics: what it tells is what happened, in the format that Prometheus reads, and stays when a source goes."""
import re
import socket
import unittest

import numpy as np

from support.access import AccessCase, bearer
from support.camera import Camera, Cameras
from support.daemon import ROOT, DaemonCase, until
from support.prometheus import parse
from support.pusher import Pusher
from support.recorder import start, stop, until_session
from support.viewer import Viewer, Watcher

STAGES = ('capture', 'wait', 'queue', 'draw', 'encode', 'send', 'total')
STAGE = 'imshowd_stage_duration_seconds'


def scrape(daemon, headers=None):
    answer = daemon.http('GET', '/metrics', headers)
    assert answer.status == 200, answer.body
    assert answer.headers['content-type'] == 'text/plain; version=0.0.4; charset=utf-8', answer.headers
    return parse(answer.body)


class Metrics(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def push(self, name, frames, shape=(8, 8)):
        """Each another picture; they are there when this returns."""
        pusher = Pusher(self, self.push_path, name)
        for i in range(frames):
            pusher.push(np.full(shape, i, 'u1'))
        until(lambda: self.daemon.stream(name)['published'] == frames, 'all frames')
        return pusher

    def daemon_socket(self):
        return socket.create_connection((self.daemon.host, self.daemon.port))

    def test_frames_are_counted(self):
        self.push('counted', 7)
        metrics = scrape(self.daemon)
        self.assertEqual(metrics.value('imshowd_frames_captured_total', stream='counted'), 7)
        self.assertEqual(metrics.value('imshowd_frames_published_total', stream='counted'), 7)
        self.assertEqual(set(metrics.values('imshowd_frames_dropped_total', stream='counted').values()), {0})
        self.assertEqual(metrics.value('imshowd_stream_width_pixels', stream='counted'), 8)
        self.assertEqual(metrics.histogram(STAGE, stream='counted', stage='capture').count, 7)
        self.assertEqual(metrics.total('imshowd_encodes_total', stream='counted'), 0, 'nobody watches')
        self.assertGreaterEqual(metrics.value('imshowd_stream_ring_bytes', stream='counted'), 7 * 64)
        self.assertEqual(metrics.value('imshowd_stream_state', stream='counted', state='live'), 1)
        self.assertEqual(metrics.total('imshowd_stream_state', stream='counted'), 1)

    def test_pictures_are_counted_where_they_are_made_and_where_they_go(self):
        pusher = self.push('seen', 1)
        viewer = Viewer(self.daemon)
        self.addCleanup(viewer.close)
        viewer.watch('seen', codec='png')
        size = 0
        for i in range(1, 6):
            picture = viewer.picture()
            size += picture['size']
            viewer.ack(picture)
            pusher.push(np.full((8, 8), 10 * i, 'u1'))
        viewer.picture()
        metrics = until(lambda: (m := scrape(self.daemon)).value('imshowd_pictures_sent_total', stream='seen',
                                                                 via='websocket') == 6 and m, 'six pictures')
        self.assertEqual(metrics.value('imshowd_encodes_total', stream='seen', codec='png'), 6)
        self.assertEqual(metrics.total('imshowd_encodes_total', stream='seen'), 6)
        self.assertGreater(metrics.value('imshowd_encoded_bytes_total', stream='seen', codec='png'), size)
        self.assertGreater(metrics.value('imshowd_sent_bytes_total', stream='seen', via='websocket'),
                           metrics.value('imshowd_encoded_bytes_total', stream='seen', codec='png'))
        self.assertEqual(metrics.value('imshowd_stream_viewers', stream='seen'), 1)
        self.assertGreater(metrics.value('imshowd_views_bytes'), 0)
        self.assertGreaterEqual(metrics.value('imshowd_clients', kind='viewer'), 1)
        self.assertGreaterEqual(metrics.value('imshowd_clients', kind='pusher'), 1)
        # The first picture was there before the viewer: how old it was is no latency.
        counts = [metrics.histogram(STAGE, stream='seen', stage=stage).count for stage in STAGES]
        self.assertEqual(counts, [6, 5, 5, 5, 5, 5, 5])
        sums = [metrics.histogram(STAGE, stream='seen', stage=stage).sum for stage in STAGES[1:]]
        self.assertLess(abs(sums[-1] - sum(sums[:-1])), 0.5 + 0.5 * sums[-1], 'the stages are the whole')

    def test_snapshots_and_motion_jpeg_are_counted(self):
        self.push('shot', 1)
        self.assertEqual(self.daemon.http('HEAD', '/streams/shot/snapshot.jpg').status, 200)
        body = self.daemon.get('/streams/shot/snapshot.jpg').body
        connection = self.daemon.connection()
        self.addCleanup(connection.close)
        connection.request('GET', '/streams/lab/stream.mjpg')
        response = connection.getresponse()
        response.read(100_000)
        metrics = scrape(self.daemon)
        self.assertEqual(metrics.value('imshowd_pictures_sent_total', stream='shot', via='snapshot'), 1)
        self.assertEqual(metrics.value('imshowd_sent_bytes_total', stream='shot', via='snapshot'), len(body))
        self.assertGreater(metrics.value('imshowd_sent_bytes_total', stream='lab', via='mjpeg'), 0)
        self.assertEqual(metrics.value('imshowd_clients', kind='mjpeg'), 1)
        until(lambda: scrape(self.daemon).histogram(STAGE, stream='lab', stage='total').count > 2, 'latencies')

    def test_the_process_is_told(self):
        before = scrape(self.daemon)
        self.assertAlmostEqual(before.value('process_resident_memory_bytes') / 1024, self.daemon.rss_kb(),
                               delta=self.daemon.rss_kb() / 2)
        self.daemon.get('/streams/lab/snapshot.png')
        after = scrape(self.daemon)
        self.assertGreater(after.value('process_cpu_seconds_total'), before.value('process_cpu_seconds_total'))
        self.assertEqual(after.value('process_start_time_seconds'), before.value('process_start_time_seconds'))
        self.assertEqual(len(after.values('imshowd_build_info')), 1)
        self.assertGreaterEqual(after.value('imshowd_connections', state='inside'), 1, 'this one')
        with self.daemon_socket():
            until(lambda: scrape(self.daemon).value('imshowd_connections', state='waiting') == 1, 'one who says nothing')
        self.assertEqual(after.value('imshowd_connections_sent_away_total'), 0)
        threads = after.value('imshowd_pool_threads')
        self.assertLessEqual(after.value('imshowd_jobs', state='running'), threads + 8)

    def test_cpu_time_is_counted_by_what_it_is_for(self):
        def cpu(metrics, stage):
            return metrics.value('imshowd_cpu_seconds_total', stage=stage)
        before = scrape(self.daemon)
        for _ in range(3):
            body = b'P5 2000 2000 255\n' + bytes(4_000_000)
            self.assertEqual(self.daemon.http('POST', '/push/cpu-test', body=body).status, 200)
            self.assertEqual(self.daemon.get('/streams/cpu-test/snapshot.png').status, 200)
            self.assertEqual(self.daemon.get('/streams/cpu-test/figure.json').status, 200)
            self.assertEqual(self.daemon.get('/streams/lab/snapshot.jpg').status, 200)
        after = until(lambda: (m := scrape(self.daemon)).value('imshowd_jobs_done_total', kind='answer') >=
                      before.value('imshowd_jobs_done_total', kind='answer') + 3 and m, 'the jobs')
        for stage in 'loop', 'render', 'push', 'answer', 'capture':
            self.assertGreater(cpu(after, stage), cpu(before, stage), stage)
        for kind in 'render', 'push':
            self.assertGreaterEqual(after.value('imshowd_jobs_done_total', kind=kind),
                                    before.value('imshowd_jobs_done_total', kind=kind) + 3, kind)
        self.assertLessEqual(after.total('imshowd_cpu_seconds_total'), after.value('process_cpu_seconds_total') + 0.1)

    def test_series_are_there_from_the_start_and_what_is_counted_never_falls(self):
        """While everything goes on at once."""
        first = scrape(self.daemon)
        self.enterContext(Watcher(self.daemon, 'lab', codec='jpeg'))
        before = first
        for _ in range(20):
            after = scrape(self.daemon)
            self.hold(before, after)
            before = after
        until(lambda: scrape(self.daemon).histogram(STAGE, stream='lab', stage='total').count >
              first.histogram(STAGE, stream='lab', stage='total').count, 'pictures')

    def hold(self, before, after):
        mine = {key for key in before.series if dict(key[1]).get('stream', 'lab') == 'lab'}
        self.assertLessEqual(mine, set(after.series))
        for name, family in before.families.items():
            self.assertEqual(after.families[name].type, family.type)
            if family.type != 'gauge':
                for key, value in family.samples.items():
                    if key in mine:
                        self.assertGreaterEqual(after.series[key], value, key)

    def test_the_documentation_has_every_family(self):
        text = (ROOT / 'docs/metrics.md').read_text(encoding='utf-8')
        rows = [line.split('|')[1] for line in text.split('## Stages')[0].splitlines() if line.startswith('| `')]
        self.assertEqual(sorted(re.findall(r'`(\w+)`', ' '.join(rows))), sorted(scrape(self.daemon).families))


class Bounds(DaemonCase):
    SOURCES = ('lab=test:lab',)

    def test_many_streams_with_the_longest_names_are_all_told(self):
        names = [f'{"n" * 60}-{i:03}' for i in range(60)]
        for name in names:
            self.assertEqual(self.daemon.http('POST', f'/push/{name}', body=b'P5 2 2 255\n0123').status, 200)
        metrics = scrape(self.daemon)
        self.assertLessEqual(set(names), metrics.streams())
        self.assertEqual({metrics.value('imshowd_frames_captured_total', stream=n) for n in names}, {1})


class Recorded(DaemonCase):
    def test_what_was_written_stays_counted_when_the_recording_has_ended(self):
        daemon = self.start('--recordings', self.folder, 'lab=test:lab')
        self.assertEqual(scrape(daemon).value('imshowd_recorded_frames_total'), 0)
        start(daemon, ['lab'], name='one')
        until_session(daemon, 'one', lambda s: s['frames'] > 2, 'frames')
        metrics = scrape(daemon)
        self.assertEqual(metrics.value('imshowd_recordings', state='recording'), 1)
        self.assertEqual(metrics.value('imshowd_stream_recordings', stream='lab', state='recording'), 1)
        done = stop(daemon, 'one')
        metrics = scrape(daemon)
        self.assertEqual(metrics.value('imshowd_recorded_frames_total'), done['frames'])
        self.assertAlmostEqual(metrics.value('imshowd_recorded_bytes_total'), done['bytes'], delta=done['bytes'] / 10)
        self.assertEqual(metrics.total('imshowd_recordings'), 0)
        self.assertEqual(metrics.total('imshowd_recording_frames_lost_total'), done['dropped'] + done['missed'])


class FromCameras(DaemonCase):
    def test_nothing_vanishes_or_falls_when_a_camera_goes_and_comes_back(self):
        camera = Camera(self.folder, sizes='64x48', fps=30)
        daemon = self.start(camera.source('cam'), env=camera.env())
        viewer = Viewer(daemon)
        self.addCleanup(viewer.close)
        viewer.watch('cam')
        viewer.ack(viewer.picture())
        viewer.ack(viewer.picture())
        before = scrape(daemon)
        camera.unplug()
        until(lambda: daemon.stream('cam')['state'] == 'lost', 'lost')
        lost = scrape(daemon)
        Metrics.hold(self, before, lost)
        self.assertEqual(lost.value('imshowd_stream_state', stream='cam', state='lost'), 1)
        camera.plug()
        until(lambda: daemon.stream('cam')['state'] == 'live', 'live')
        until(lambda: scrape(daemon).value('imshowd_frames_captured_total', stream='cam') >
              lost.value('imshowd_frames_captured_total', stream='cam'), 'new frames')
        Metrics.hold(self, lost, scrape(daemon))

    def test_frames_that_do_not_come_are_counted_by_their_reason(self):
        cameras = Cameras(self.folder, sizes='64x48')
        faults = {'broken': 'error%2', 'lost': 'drop%2'}
        for reason, fault in faults.items():
            cameras.add(reason, fault=fault)
        daemon = self.start(*cameras.sources(), env=cameras.env())
        for reason in faults:
            until(lambda r=reason: scrape(daemon).value('imshowd_frames_dropped_total', stream=r, reason=r) > 3, reason)
        metrics = scrape(daemon)
        self.assertEqual(metrics.value('imshowd_frames_dropped_total', stream='lost', reason='broken'), 0)
        self.assertEqual(metrics.value('imshowd_frames_dropped_total', stream='broken', reason='lost'), 0)
        for name in faults:
            self.assertGreater(metrics.value('imshowd_frames_captured_total', stream=name), 0)


class Rights(AccessCase):
    def test_each_sees_his_streams_and_only_who_sees_all_sees_the_daemon(self):
        everything, one = self.rules.token('all', 'view'), self.rules.token('one', 'view', 'other')
        pusher, admin = self.rules.token('p', 'push'), self.rules.token('a', 'admin')
        daemon = self.serve()
        for token in (everything, admin):
            metrics = scrape(daemon, bearer(token))
            self.assertEqual(metrics.streams(), {'lab', 'other'})
            self.assertIn('process_resident_memory_bytes', metrics.families)
        metrics = scrape(daemon, bearer(one))
        self.assertEqual(metrics.streams(), {'other'})
        self.assertEqual({n for n in metrics.families if not n.startswith(('imshowd_stream_', 'imshowd_frames_'))},
                         {'imshowd_build_info', 'imshowd_encodes_total', 'imshowd_encoded_bytes_total',
                          'imshowd_pictures_sent_total', 'imshowd_sent_bytes_total', STAGE})
        self.assertNotIn(b'"lab"', daemon.http('GET', '/metrics', bearer(one)).body)
        self.assertEqual(daemon.http('GET', '/metrics', bearer(pusher)).status, 403)
        self.assertEqual(daemon.get('/metrics').status, 401)


class Format(unittest.TestCase):
    """The reader itself refuses what a scraper would."""

    def test_faults(self):
        head = '# HELP a_total x\n# TYPE a_total counter\n'
        parse(f'{head}a_total{{b="c\\"\\\\\\n",d=""}} 1\n'.encode())
        for bad in ('a_total 1\n', head + 'a_total 1', head + 'a_total -1\n', head + 'a_total  1\n', head + 'b 1\n',
                    head + 'a_total 1\na_total 1\n', head + 'a_total{b="c",} 1\n', head + 'a_total{b="c" d="e"} 1\n',
                    head + 'a_total{b="c",b="d"} 1\n', head + 'a_total{b="\\x"} 1\n', head + head, head + 'a_total 0x1\n',
                    '# HELP a x\n# TYPE a counter\na 1\n', '# TYPE a gauge\n', head + '\n',
                    '# HELP h x\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
                    '# HELP h x\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n'):
            with self.subTest(text=bad), self.assertRaises((AssertionError, KeyError)):
                parse(bad.encode())


if __name__ == '__main__':
    unittest.main()
