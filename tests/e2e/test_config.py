# SPDX-License-Identifier: MIT
"""Configuration files: what they set, what of them is refused and how, secrets."""
import os
import subprocess
import unittest
from pathlib import Path

from support.config import Config, names
from support.daemon import ALARMS, WAIT_S, DaemonCase, program
from support.http_camera import HttpCamera
from support.viewer import connect

LAB = '[stream lab]\nsource = test:lab\n'


class Files(DaemonCase):
    def run_once(self, *args, env=None):
        done = subprocess.run([program(), *map(str, args)], capture_output=True, text=True,
                              timeout=WAIT_S, check=False, env={**os.environ, **(env or {})})
        self.assertIsNone(ALARMS.search(done.stdout + done.stderr), done.stderr)
        return done

    def refused(self, text, *args):
        """It ends with 78 and one line; so does --check-config."""
        config = Config(self.folder, text)
        for more in ((), ('--check-config',)):
            done = self.run_once('--config', config.path, '--port', 0, *args, *more)
            lines = done.stderr.splitlines()
            self.assertEqual((done.returncode, len(lines), done.stdout), (78, 1, ''), done)
        return lines[0].removeprefix(f'imshowd: {config.path}:')

    def test_a_file_says_what_the_command_line_can(self):
        config = Config(self.folder, '''# a lab
[server]
quality = 33
log-level = debug
push-unix = %s/push

[stream counts]
source = test:thermal
desired-fps = 7
params = {
    "zmin": 10, "zmax": 20,
    "title": "Counts; of {today}"
}
labelled = {"dims": ["row", "column"]}
view = {"transform": "log"}

[stream photo]
source = test:lab
quality = 44
''' % self.folder)
        daemon = self.start('--config', config.path)
        self.assertEqual(names(daemon), ['counts', 'photo'])
        counts = daemon.stream('counts')
        self.assertEqual(counts['source'], 'test:thermal')
        self.assertEqual(counts['figure']['params'],
                         {'zmin': 10, 'zmax': 20, 'title': 'Counts; of {today}'})
        self.assertEqual(counts['figure']['view'], {'transform': 'log'})
        daemon.logged(f'frames are taken on unix:{self.folder}/push')
        viewer = connect(self, daemon)
        self.assertEqual(viewer.watch('photo', codec='jpeg')['spec']['quality'], 44)
        watching = viewer.watch('counts', codec='jpeg')
        self.assertEqual(watching['spec']['quality'], 33)
        self.assertEqual((watching['spec']['zmin'], watching['spec']['zmax']), (10, 20))
        self.assertEqual(watching['spec']['transform'], 'log')
        self.assertEqual(watching['figure']['layout']['xaxis']['title']['text'], 'column')

    def test_the_line_counts_more_than_drop_ins_and_those_more_than_the_file(self):
        config = Config(self.folder, '[server]\nquality = 10\n' + LAB)
        config.drop_in('10-a.conf', '[server]\nquality = 20\n[stream more]\nsource = test:bars\n')
        config.drop_in('20-b.conf', '[server]\nquality = 30\n')
        config.drop_in('30-c.conf.off', 'nonsense')
        for args, expected in (((), 30), (('--quality', 40), 40)):
            daemon = self.start('--config', config.path, *args)
            self.assertEqual(names(daemon), ['lab', 'more'])
            viewer = connect(self, daemon)
            self.assertEqual(viewer.watch('lab', codec='jpeg')['spec']['quality'], expected)
        daemon = self.start('--config', config.path, 'lab=test:stack', 'test:noise')
        self.assertEqual(names(daemon), ['lab', 'more', 'noise'])
        self.assertEqual(daemon.stream('lab')['source'], 'test:stack')

    def test_each_mistake_ends_with_78_and_its_place(self):
        for text, expected in (
                ('[server]\nprot = 1\n', '2: [server].prot: there is no such key: did you mean port?'),
                ('[server]\nport = 70000\n', '2: [server].port: 70000: give a number from 0 to 65535'),
                ('[sever]\n', '1: [sever]: there is no such section: did you mean [server]?'),
                ('\n\nport = 1\n', '3: stands before any section'),
                ('[stream a b]\nsource = test:lab\n', "1: [stream a b]: stream name 'a b'"),
                ('[stream a]\nsource = test:nothing\n', '2: [stream a].source: test:nothing: '),
                ('[stream a]\nsource = v4l2:video0\n', '2: [stream a].source: v4l2:video0: '),
                (LAB + 'params = {"zmni": 1}\n', '3: [stream lab].params: zmni'),
                (LAB + 'params = {"zmin": 1,\n', '3: the value is not closed'),
                (LAB + 'quali', '3: the line has no end: is the file whole?'),
                (LAB + '[recording]\n', '3: nothing stands in this section: is the file whole?'),
                ('[server]\nrecordings = /data\n',
                 '2: [server].recordings: stands in the wrong section: it belongs to [recording]'),
                (LAB + 'view = {"gama": 1}\n', '3: [stream lab].view: '),
                (LAB + 'ops = [1\n]\nlabelled = {"dims": 3}\n', '5: [stream lab].labelled: '),
                ('[server]\nhost = "::1"\n', '2: [server].host: "::1": give it without quotes'),
                (LAB + 'password = s3cret\n', '3: [stream lab].password: there is no such key')):
            with self.subTest(text=text):
                line = self.refused(text)
                self.assertTrue(line.startswith(expected), line)
                self.assertNotIn('s3cret', line)
        self.assertIn('gets this name too', self.refused(LAB, 'test:lab'))

    def test_files_that_cannot_be_read_end_with_78(self):
        binary = Path(self.folder) / 'binary.conf'
        binary.write_bytes(b'[server]\0\n')
        huge = Path(self.folder) / 'huge.conf'
        huge.write_bytes(b'#' * (1 << 20) + b'\n')
        empty = Path(self.folder) / 'empty.conf'
        empty.touch()
        for path, why in ((empty, 'it is empty: is it being written?'), ('/nowhere/imshowd.conf', 'No such file'), (self.folder, 'directory'),
                          (binary, 'zero byte'), (huge, 'large')):
            done = self.run_once('--config', path)
            self.assertEqual((done.returncode, done.stdout), (78, ''))
            self.assertIn(f'{path}: cannot be read: ', done.stderr)
            self.assertIn(why, done.stderr)

    def test_a_good_configuration_is_checked_without_a_word(self):
        config = Config(self.folder, LAB)
        done = self.run_once('--config', config.path, '--check-config')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))
        self.assertEqual(self.run_once('--config', config.path, '--check-config', 'x=no:').returncode, 2)

    def test_secrets_come_from_credentials_and_are_shown_nowhere(self):
        camera = HttpCamera(self)
        Path(self.folder, 'word').write_text('s3cret\n', encoding='ascii')
        Path(self.folder, 'whole').write_text(f'http://ann:s3cret@{camera.address}/digest',
                                              encoding='ascii')
        config = Config(self.folder, f'''[server]
log-level = debug
[stream basic]
source = http://ann:@credential:word@{camera.address}/basic
[stream digest]
source = @credential:whole
''')
        daemon = self.start('--config', config.path, env={'CREDENTIALS_DIRECTORY': self.folder})
        viewer = connect(self, daemon)
        viewer.watch('basic')
        viewer.watch('digest')
        shown = daemon.get('/api/v1/streams').body.decode()
        self.assertNotIn('s3cret', shown + daemon.log)
        line = self.refused('[stream a]\nsource = http://h/?key=@credential:word\n')
        self.assertIn('$CREDENTIALS_DIRECTORY is not set', line)


if __name__ == '__main__':
    unittest.main()
