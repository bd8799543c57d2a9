# SPDX-License-Identifier: MIT
"""SIGHUP: what changes while viewers watch, what waits for a restart, and that a mistake changes nothing."""
import contextlib
import threading
import unittest
from http.client import HTTPConnection

from support.camera import Camera
from support.config import Config, names
from support.daemon import WAIT_S, DaemonCase, until
from support.pusher import Pusher
from support.viewer import Watcher, connect

STEADY = '[stream steady]\nsource = test:lab\n'


def stream(name, source='test:bars', more=''):
    return f'[stream {name}]\nsource = {source}\n{more}'


class Reload(DaemonCase):
    def begin(self, text='', *args, **keys):
        self.config = Config(self.folder, STEADY + text)
        return self.start('--config', self.config.path, *args, **keys)

    def test_streams_come_go_and_change_and_a_viewer_of_another_sees_nothing_of_it(self):
        daemon = self.begin(stream('gone') + stream('other'))
        with Watcher(daemon, 'steady') as watcher:
            watcher.wait_more()
            epoch = daemon.stream('steady')['epoch']
            said = self.config.reload(
                daemon, STEADY + stream('other', 'test:thermal') + stream('new', 'test:noise'))
            self.assertIn('1 streams added, 1 changed, 1 removed', said)
            until(lambda: names(daemon) == ['steady', 'other', 'new'], 'the new list')
            self.assertEqual(daemon.stream('other')['source'], 'test:thermal')
            until(lambda: daemon.stream('new')['state'] == 'live', 'the new stream')
            watcher.wait_more()
            self.assertEqual(daemon.stream('steady')['epoch'], epoch)
            self.assertIn('0 streams added, 0 changed, 0 removed', self.config.reload(daemon))
            watcher.wait_more()

    def test_a_mistake_changes_nothing_and_is_told(self):
        daemon = self.begin()
        with Watcher(daemon, 'steady') as watcher:
            for text, why in ((STEADY + '[stream new]\nquality = 3\n', ':3: [stream new]: a source is missing'),
                              (STEADY + stream('new', 'test:no'), 'no such pattern'),
                              (STEADY + 'params = {"zmin"\n', ':3: the value is not closed'),
                              ('[stream new]\nsource = test:bars\nquality = no\n', 'quality: no:')):
                said = self.config.reload(daemon, text)
                self.assertIn('the configuration before stays', said)
                self.assertIn(why, said)
            self.config.path.unlink()
            self.assertIn('No such file', self.config.reload(daemon))
            self.assertEqual(names(daemon), ['steady'])
            watcher.wait_more()
        self.assertIn('1 streams added', self.config.reload(daemon, STEADY + stream('new')))

    def test_a_viewer_of_a_stream_that_goes_is_told_and_stays_connected(self):
        daemon = self.begin(stream('gone', 'test:lab'))
        viewer = connect(self, daemon)
        view = viewer.watch('gone')['view']
        picture = viewer.picture(view)
        self.config.reload(daemon, STEADY)
        ended = viewer.wait(lambda m: m['type'] == 'ended', 'the end of the view')
        self.assertEqual(ended['view'], view)
        self.assertEqual(viewer.hover(picture, 1, 1)['type'], 'gone')
        viewer.wait(lambda m: m['type'] == 'streams' and
                    [s['name'] for s in m['streams']] == ['steady'], 'the shorter list')
        self.assertEqual(viewer.watch('steady')['stream'], 'steady')
        self.config.reload(daemon, STEADY + stream('gone', 'test:thermal'))
        viewer.list = None
        viewer.watch('gone')
        viewer.picture()

    def test_a_viewer_of_a_stream_with_another_source_goes_on(self):
        daemon = self.begin(stream('turned', 'test:lab'))
        viewer = connect(self, daemon)
        viewer.picture(viewer.watch('turned')['view'])
        self.config.reload(daemon, STEADY + stream('turned', 'test:thermal'))
        until(lambda: daemon.stream('turned')['epoch'] == 2, 'frames of the other source')
        viewer.list = None
        view = viewer.watch('turned')['view']
        viewer.picture(view)

    def test_figures_and_qualities_change_at_once(self):
        daemon = self.begin(stream('counts', 'test:thermal'))
        viewer = connect(self, daemon)
        viewer.watch('counts')
        self.config.reload(daemon, '[server]\nquality = 21\n' + STEADY + stream(
            'counts', 'test:thermal', 'params = {"title": "Counts", "zmax": 9}\nquality = 22\n'))
        viewer.wait(lambda m: m['type'] in ('patch', 'ended'), 'the other figure')
        self.assertEqual(daemon.stream('counts')['epoch'], 1, 'its source went on')
        watching = viewer.watch('counts', codec='jpeg')
        self.assertEqual(watching['figure']['layout']['title']['text'], 'Counts')
        self.assertEqual((watching['spec']['zmax'], watching['spec']['quality']), (9, 22))
        self.assertEqual(viewer.watch('steady', codec='jpeg')['spec']['quality'], 21)

    def test_what_a_user_has_patched_stays_unless_the_file_changes_it(self):
        daemon = self.begin(stream('counts', 'test:thermal'))
        until(lambda: daemon.stream('counts')['state'] == 'live', 'a frame')
        answer = daemon.http('PATCH', '/api/v1/streams/counts', body=b'{"params": {"zmax": 7}}')
        self.assertEqual(answer.status, 200)
        self.config.reload(daemon)
        self.assertEqual(daemon.stream('counts')['figure']['params'], {'zmax': 7})
        self.config.reload(daemon, STEADY + stream('counts', 'test:thermal', 'params = {"zmin": 1}\n'))
        self.assertEqual(daemon.stream('counts')['figure']['params'], {'zmin': 1})

    def test_what_takes_a_restart_is_told_and_goes_on(self):
        daemon = self.begin()
        said = self.config.reload(daemon, '[server]\nunix = /run/x\npush-tcp = 127.0.0.1:0\n'
                                  'workers = 3\n' + STEADY)
        self.assertIn('0 streams added, 0 changed, 0 removed', said)
        for key in ('unix', 'push-tcp', 'workers'):
            daemon.logged(rf'\[server\]\.{key} has changed: that takes a restart')
        self.assertEqual(names(daemon), ['steady'])

    def test_a_file_that_is_half_written_changes_nothing(self):
        daemon = self.begin(stream('counts', 'test:thermal'))
        whole = STEADY + stream('counts', 'test:bars', 'params = {"zmin": 1,\n "zmax": 9}\n')
        for cut, why in (('', 'it is empty'), (whole[:-1], 'the line has no end'), (whole[:-12], 'is not closed'),
                         (whole[:whole.index('source = test:bars')], 'nothing stands in this section'),
                         (whole[:whole.index(':bars')], 'the line has no end')):
            with self.subTest(why=why):
                said = self.config.reload(daemon, cut)
                self.assertRegex(said, rf'{why}.*: the configuration before stays')
                self.assertEqual(daemon.stream('counts')['source'], 'test:thermal')
        self.config.reload(daemon, whole)
        self.assertEqual(daemon.stream('counts')['source'], 'test:bars')

    def test_a_name_that_is_pushed_is_left_to_its_pusher(self):
        path = f'{self.folder}/push'
        daemon = self.begin('', '--push-unix', path)
        Pusher(self, path, 'mine')
        said = self.config.reload(daemon, STEADY + stream('mine'))
        self.assertIn('[stream mine]: is being pushed', said)
        self.assertEqual(daemon.stream('mine')['source'], 'push')

    def test_motion_jpeg_of_a_stream_that_goes_ends(self):
        daemon = self.begin(stream('gone', 'test:lab'))
        connection = HTTPConnection(daemon.host, daemon.port, timeout=WAIT_S)
        self.addCleanup(connection.close)
        connection.request('GET', '/streams/gone/stream.mjpg')
        response = connection.getresponse()
        response.read(1000)
        self.config.reload(daemon, STEADY)
        while response.read(65536):
            pass

    def test_a_camera_that_is_not_there_changes_and_goes_too(self):
        camera = Camera(self.folder, plugged=False)
        text = f'[stream cam]\nsource = v4l2:{camera.device}\n'
        daemon = self.begin(text, env=camera.env())
        until(lambda: daemon.stream('cam')['state'] == 'lost', 'that it is not there')
        self.config.reload(daemon, STEADY + text + 'desired-fps = 5\n')
        until(lambda: daemon.stream('cam')['state'] == 'lost', 'that it is still not there')
        camera.plug()
        viewer = connect(self, daemon)
        viewer.watch('cam')
        self.config.reload(daemon, STEADY)
        until(lambda: names(daemon) == ['steady'], 'that it goes')

    def test_hundreds_of_reloads_under_watchers_leave_nothing_behind(self):
        daemon = self.begin()
        texts = [STEADY + ''.join(stream(f's{i}', source) for i in chosen)
                 for source, chosen in (('test:lab', (0, 1, 2)), ('test:thermal', (1, 2)),
                                        ('test:stack', (2, 0)), ('test:bars', ()))]
        over = threading.Event()

        def watch_what_comes():
            viewer = connect(self, daemon)
            while not over.is_set():
                for name in ('s0', 's1', 's2'):
                    with contextlib.suppress(AssertionError):
                        answer = viewer.ask_watch(name)
                        if answer['type'] == 'watching':
                            viewer.hover({'view': answer['view'], 'picture': 0, 'seq': 1}, 0, 0)
                viewer.inbox.clear()

        thread = threading.Thread(target=watch_what_comes)
        with Watcher(daemon, 'steady') as watcher:
            thread.start()
            try:
                for i in range(60):
                    self.assertIn('holds', self.config.reload(daemon, texts[i % 4]))
            finally:
                over.set()
                thread.join()
            watcher.wait_more()
        self.config.reload(daemon, STEADY)
        until(lambda: names(daemon) == ['steady'], 'that all have gone')


if __name__ == '__main__':
    unittest.main()
