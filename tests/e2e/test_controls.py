# SPDX-License-Identifier: MIT
"""A camera's controls: listed, set, refused, kept over a replug and a restart, told to viewers."""
import json
import stat
import subprocess
import unittest
from pathlib import Path

from support.camera import Camera
from support.daemon import BUILD, DaemonCase
from support.viewer import connect

PATH = '/api/v1/streams/cam/controls'


class Controls(DaemonCase):
    def before(self, *options, **settings):
        self.camera = Camera(self.folder, **{'sizes': '160x120', 'formats': 'GREY', **settings})
        return self.again(*options)

    def again(self, *options):
        daemon = self.start(*options, self.camera.source('cam'), env=self.camera.env())
        self.viewer = connect(self, daemon)
        self.viewer.watch('cam', codec='raw')
        return daemon

    @staticmethod
    def controls(daemon):
        answer = daemon.get(PATH)
        assert answer.status == 200, answer.body
        return {c['name']: c for c in answer.json()['controls']}

    @staticmethod
    def patch(daemon, body):
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return daemon.http('PATCH', PATH, {'Content-Type': 'application/json'}, text)

    def value(self, daemon, name):
        return self.controls(daemon)[name]['value']

    def test_the_list_has_ranges_menus_and_names_as_v4l2_ctl_spells_them(self):
        daemon = self.before()
        controls = self.controls(daemon)
        self.assertEqual(controls['brightness'] | {'id': 0}, {
            'id': 0, 'name': 'brightness', 'title': 'Brightness', 'type': 'integer',
            'class': 'User Controls', 'minimum': 0, 'maximum': 255, 'step': 1, 'default': 128,
            'value': 128, 'flags': []})
        self.assertEqual(controls['power_line_frequency']['menu'], [
            {'index': 0, 'name': 'Disabled'}, {'index': 1, 'name': '50 Hz'},
            {'index': 2, 'name': '60 Hz'}])
        self.assertEqual(controls['horizontal_flip']['type'], 'boolean')

    def test_what_is_set_is_answered_and_stays_set(self):
        daemon = self.before()
        answer = self.patch(daemon, {'brightness': 100, 'power_line_frequency': '60 Hz',
                                     'horizontal_flip': True})
        self.assertEqual(answer.status, 200, answer.body)
        now = {c['name']: c['value'] for c in answer.json()['controls']}
        self.assertEqual((now['brightness'], now['power_line_frequency'], now['horizontal_flip']),
                         (100, 2, 1))
        self.assertEqual(self.value(daemon, 'brightness'), 100)
        self.assertEqual(self.patch(daemon, {'brightness': None}).status, 200)
        self.assertEqual(self.value(daemon, 'brightness'), 128)

    def test_a_driver_that_knows_only_the_old_calls_is_turned_as_well(self):
        calls = 'QUERY_EXT_CTRL', 'G_EXT_CTRLS', 'TRY_EXT_CTRLS', 'S_EXT_CTRLS'
        daemon = self.before(fail=','.join(f'{call}=25' for call in calls))  # ENOTTY
        self.assertEqual(self.controls(daemon)['contrast']['maximum'], 100)
        answer = self.patch(daemon, {'brightness': 100, 'contrast': 60})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(self.value(daemon, 'brightness'), 100)
        self.assertEqual(self.value(daemon, 'contrast'), 60)

    def test_what_cannot_be_is_refused_in_words_and_changes_nothing(self):
        daemon = self.before()
        for body, words in (
                ({'brightness': 256}, ('brightness', '256', '0 to 255')),
                ({'brightness': 'much'}, ('brightness', 'much')),
                ({'brightness': 1.5}, ('1.5',)),
                ({'contrast': 51}, ('contrast', 'steps of 5')),
                ({'power_line_frequency': '70 Hz'}, ('70 Hz', '50 Hz')),
                ({'no_such': 1}, ('no_such',)),
                ({'horizontal_flip': 2}, ('horizontal_flip',)),
                ([1], ('map',)),
                (b'{', ('',)),
                ({'contrast': 75, 'brightness': 300}, ('brightness',))):
            with self.subTest(body=body):
                answer = self.patch(daemon, body)
                self.assertEqual(answer.status, 400, answer.body)
                for word in words:
                    self.assertIn(word, answer.json()['error'])
        self.assertEqual(self.value(daemon, 'contrast'), 50)
        self.assertEqual(self.value(daemon, 'brightness'), 128)

    def test_viewers_hear_of_what_others_set(self):
        daemon = self.before()
        self.patch(daemon, {'brightness': 7})
        told = self.viewer.wait(lambda m: m['type'] == 'controls')
        self.assertEqual((told['stream'], told['changed']), ('cam', {'brightness': 7}))

    def test_what_was_set_is_set_again_after_a_replug_and_in_the_next_daemon(self):
        state = f'{self.folder}/state'
        daemon = self.before('--state-dir', state)
        self.assertEqual(self.patch(daemon, {'brightness': 33, 'contrast': 60}).status, 200)
        file, = Path(state, 'controls').iterdir()
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(json.loads(file.read_text())['controls'], {'brightness': 33, 'contrast': 60})
        daemon.stop()  # the fake camera's values end with the process that had it
        daemon = self.again('--state-dir', state)
        self.assertEqual(self.value(daemon, 'brightness'), 33)
        self.patch(daemon, {'contrast': None})
        self.assertEqual(json.loads(file.read_text())['controls'], {'brightness': 33})
        self.camera.unplug()
        self.viewer.until_state('cam', 'lost')
        self.camera.plug()
        self.viewer.until_state('cam', 'live')
        self.assertEqual(self.value(daemon, 'brightness'), 33)

    def test_a_damaged_file_costs_a_warning(self):
        state = Path(self.folder, 'state')
        daemon = self.before('--state-dir', state)
        self.patch(daemon, {'brightness': 33})
        daemon.stop()
        file, = Path(state, 'controls').iterdir()
        file.write_text('{"controls": {')
        daemon = self.again('--state-dir', state)
        daemon.logged(r'its own settings')
        self.assertEqual(self.value(daemon, 'brightness'), 128)

    def test_a_folder_that_cannot_be_written_costs_a_warning_and_not_the_control(self):
        Path(self.folder, 'state').write_text('a file')
        daemon = self.before('--state-dir', f'{self.folder}/state')
        self.assertEqual(self.patch(daemon, {'brightness': 9}).status, 200)
        self.assertEqual(self.value(daemon, 'brightness'), 9)
        daemon.logged(r'cannot be written.*--state-dir')

    def test_a_lost_camera_says_why_it_has_no_controls(self):
        daemon = self.before()
        self.camera.unplug()
        self.viewer.until_state('cam', 'lost')
        for answer in daemon.get(PATH), self.patch(daemon, {'brightness': 1}):
            self.assertEqual(answer.status, 503)
            self.assertIn('plug it in', answer.json()['error'])

    def test_a_stream_without_controls_has_an_empty_list(self):
        daemon = self.start('lab=test:lab')
        self.assertEqual(daemon.get('/api/v1/streams/lab/controls').json(), {'controls': []})
        answer = daemon.http('PATCH', '/api/v1/streams/lab/controls', {}, b'{"gain": 1}')
        self.assertEqual(answer.status, 404)

    def run_cli(self, daemon, *args):
        return subprocess.run([BUILD / 'bin/imshow', 'controls', '--server', daemon.url, *args],
                              capture_output=True, text=True, check=False, timeout=60)

    def test_the_command_lists_sets_resets_and_shows_errors(self):
        daemon = self.before()
        listed = self.run_cli(daemon, 'cam')
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertRegex(listed.stdout, r'brightness +integer +128  0\.\.255 step 1 default 128')
        self.assertIn('2: 60 Hz', listed.stdout)
        done = self.run_cli(daemon, 'cam', 'brightness=5', 'power_line_frequency=60 Hz', '--json')
        self.assertEqual({c['name']: c['value'] for c in json.loads(done.stdout)['controls']},
                         {'brightness': 5, 'contrast': 50, 'horizontal_flip': 0,
                          'power_line_frequency': 2})
        refused = self.run_cli(daemon, 'cam', 'brightness=999')
        self.assertEqual(refused.returncode, 1)
        self.assertIn('0 to 255', refused.stderr)
        self.assertEqual(self.run_cli(daemon, 'cam', 'brightness').returncode, 2)
        self.assertEqual(self.run_cli(daemon, 'cam', '--reset').returncode, 0)
        self.assertEqual(self.value(daemon, 'brightness'), 128)


if __name__ == '__main__':
    unittest.main()
