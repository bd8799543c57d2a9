# SPDX-License-Identifier: MIT
"""`imshow record`, `imshow info` and `imshow recover`; info agrees with @mcap/core in every count."""
import json
import os
import signal
import subprocess
import unittest
from pathlib import Path

from support.daemon import BUILD, DaemonCase, die_with_parent, until
from support.recorder import call, folder, imshow, kill, pictures, read_files, start, stop, until_session


class RecordCommand(DaemonCase):
    SOURCES = ('-r', '64x48', '-f', '20', 'noise=test:noise', 'lab=test:lab')

    def imshow(self, *args, **keys):
        return imshow(*args, env={**os.environ, 'IMSHOW_SERVER': self.daemon.url}, cwd=self.folder, **keys)

    def info(self, path):
        return json.loads(self.imshow('info', '--json', path).stdout)

    def test_records_into_the_file_that_is_named_and_leaves_nothing_behind(self):
        before = set(folder(self.daemon).glob('*.mcap'))
        done = self.imshow('record', 'noise', 'lab', '-o', 'two.mcap', '--duration', '1')
        self.assertRegex(done.stdout, r'^two\.mcap: \d+ frames in \d+\.\d s, \d+\.\d MB\n$')
        self.assertEqual(os.listdir(self.folder), ['two.mcap'])
        [found] = read_files(f'{self.folder}/two.mcap')
        self.assertNotIn('fault', found)
        for name in ('noise', 'lab'):
            self.assertGreater(len(pictures(found, name)), 3, name)
        self.assertEqual(set(folder(self.daemon).glob('*.mcap')), before)

    def test_ends_with_an_interrupt_and_can_leave_it_with_the_daemon(self):
        command = [str(BUILD / 'bin/imshow'), 'record', 'noise', '--name', 'kept', '--server', self.daemon.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              preexec_fn=die_with_parent) as process:
            until_session(self.daemon, 'kept', lambda s: s['frames'] > 5, 'frames')
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=180)
        self.assertEqual((process.returncode, err), (0, ''))
        self.assertTrue(out.startswith('kept: '), out)
        self.assertTrue((folder(self.daemon) / 'kept.mcap').exists())

    def test_mistakes_are_told(self):
        for args, code, words in (([], 2, 'names of streams'), (['nothing'], 1, "no stream 'nothing'"),
                                  (['noise', '--every', 'x'], 2, 'every'), (['noise', '-o', 'there.mcap'], 2, 'there already')):
            Path(self.folder, 'there.mcap').write_text('mine', encoding='ascii')
            done = self.imshow('record', *args, check=False)
            self.assertEqual((done.returncode, words in done.stderr), (code, True), done.stderr)
        self.assertEqual(Path(self.folder, 'there.mcap').read_text(encoding='ascii'), 'mine')

    def test_info_agrees_with_mcap_core_in_every_count(self):
        start(self.daemon, ['noise', 'lab'], name='counted')
        until_session(self.daemon, 'counted', lambda s: s['frames'] > 20, 'frames')
        call(self.daemon, 'POST', '/counted/marker', {'text': 'here'})
        stop(self.daemon, 'counted')
        path = folder(self.daemon) / 'counted.mcap'
        told, [found] = self.info(path), read_files(path)
        self.assertEqual({k: told[k] for k in found['statistics']}, found['statistics'])
        self.assertEqual({t['id']: (t['topic'], t['messages']) for t in told['topics']},
                         {c['channel']: (c['topic'], c['messages']) for c in found['metadata']})
        for stream in told['streams']:
            self.assertEqual(stream['frames'], len(pictures(found, stream['name'])))
        self.assertEqual([m['text'] for m in told['markers']], ['here'])
        self.assertEqual((told['bytes'], told['is_finished']), (path.stat().st_size, True))
        table = self.imshow('info', path).stdout
        self.assertIn('marker at', table)
        self.assertRegex(table, r'(?m)^noise +\d+ +1 ')

    def test_recover_mends_a_torn_file_and_leaves_a_whole_one_alone(self):
        own = self.start('-r', '64x48', '-f', '20', 'noise=test:noise')
        start(own, ['noise'], name='torn')
        until_session(own, 'torn', lambda s: s['bytes'] > 50000, 'some chunks')
        data = (folder(own) / 'torn.mcap').read_bytes()
        kill(own)
        own._finish()
        torn = Path(self.folder, 'torn.mcap')
        torn.write_bytes(data + b'\x05\x44')
        self.assertEqual(self.info(torn)['is_finished'], False)
        self.assertIn('mended', self.imshow('recover', torn).stdout)
        told, [found] = self.info(torn), read_files(torn)
        self.assertNotIn('fault', found)
        self.assertEqual((told['is_finished'], told['messages']), (True, found['statistics']['messages']))
        whole = torn.read_bytes()
        self.assertIn('is whole', self.imshow('recover', torn).stdout)
        self.assertEqual(torn.read_bytes(), whole)

    def test_what_is_no_recording_is_told(self):
        path = Path(self.folder, 'foreign.mcap')
        for data in (b'', b'not a recording at all', bytes(5000)):
            path.write_bytes(data)
            for command in ('info', 'recover'):
                done = self.imshow(command, path, check=False)
                self.assertEqual((done.returncode, done.stderr.count('\n')), (1, 1), (command, data[:20], done.stderr))
                self.assertIn('foreign.mcap', done.stderr)
            self.assertEqual(path.read_bytes(), data)
        self.assertEqual(self.imshow('info', 'nowhere.mcap', check=False).returncode, 1)
        self.assertEqual(self.imshow('info', check=False).returncode, 2)
        self.assertEqual(self.imshow('recover', check=False).returncode, 2)

    def test_a_file_that_is_being_written_is_not_mended(self):
        start(self.daemon, ['noise'], name='busy')
        until_session(self.daemon, 'busy', lambda s: s['bytes'] > 0, 'a chunk')
        done = self.imshow('recover', folder(self.daemon) / 'busy.mcap', check=False)
        self.assertEqual(done.returncode, 1)
        stop(self.daemon, 'busy')


if __name__ == '__main__':
    unittest.main()
