# SPDX-License-Identifier: MIT
"""Disks that are full, read-only, broken or slow: the recording says so and goes on by itself, the live view never notices."""
import errno
import subprocess
import unittest

from support.daemon import DaemonCase, until
from support.killing import mount_tmpfs
from support.recorder import Disk, call, maps, pictures, read_files, session, start, stop, until_session

SOURCE = ('-r', '320x240', '-f', '25', 'noise=test:noise')  # 2 MB/s that no compression shortens


class RecordFaults(DaemonCase):
    def setUp(self):
        super().setUp()
        self.disk = Disk(self.folder)

    def before(self, *options):
        self.recordings = f'{self.folder}/recordings'
        self.daemon = self.start('--recordings', self.recordings, '--recordings-reserve', 0, *options, *SOURCE,
                                 env=self.disk.env())
        return self.daemon

    def until_held(self, reason):
        held = until_session(self.daemon, 'it', lambda s: s['state'] == 'held', f'held: {reason}')
        self.assertIn(reason, held['reason'])
        self.assert_live()
        [told] = self.daemon.stream('noise')['recordings']
        self.assertEqual((told['state'], told['reason']), ('held', held['reason']))
        return held

    def assert_live(self):
        """Frames go on, and are shown."""
        before = self.daemon.stream('noise')['published']
        until(lambda: self.daemon.stream('noise')['published'] > before + 3, 'the live view goes on')
        self.assertEqual(self.daemon.get('/streams/noise/snapshot.jpg?width=80').status, 200)

    def until_frames(self, more):
        now = session(self.daemon, 'it')['frames']
        return until_session(self.daemon, 'it', lambda s: s['state'] == 'recording' and s['frames'] >= now + more, 'it goes on')

    def assert_whole(self, files, parts):
        """All files are valid, and each begins behind the end of the one before."""
        self.assertGreaterEqual(len(files), parts)
        last = 0
        for found in read_files(*(f'{self.recordings}/{name}.mcap' for name in files)):
            self.assertNotIn('fault', found)
            seen = [m['log_us'] for m in pictures(found, 'noise')]
            self.assertGreater(seen[0], last)
            last = seen[-1]
        return last

    def fails_and_goes_on(self, fault, reason):
        self.before()
        start(self.daemon, ['noise'], name='it')
        self.until_frames(10)
        self.disk.break_(fault)
        self.until_held(reason)
        self.disk.mend()
        self.until_frames(10)
        ended = stop(self.daemon, 'it')
        self.assertGreater(ended['missed'], 0)
        # What could not be finished at once is finished as soon as somebody looks.
        until(lambda: all(r['state'] == 'finished' for r in call(self.daemon, 'GET').json()['recordings']), 'all are whole')
        present = {r['name'] for r in call(self.daemon, 'GET').json()['recordings']}
        self.assert_whole([name for name in ended['files'] if name in present], 2)
        self.daemon.logged('recording it: held')
        self.daemon.logged('recording it: goes on in')

    def test_a_write_that_fails(self):
        self.fails_and_goes_on(f'write {errno.EIO}', 'Input/output error')

    def test_a_sync_that_fails(self):
        self.fails_and_goes_on(f'fdatasync {errno.EIO}', 'Input/output error')

    def test_a_disk_that_is_full_in_the_middle_of_a_write(self):
        self.fails_and_goes_on(f'write {errno.ENOSPC}', 'the disk is full')

    def test_files_that_cannot_be_made(self):
        self.disk.break_(f'openat {errno.EROFS}')
        self.before()
        start(self.daemon, ['noise'], name='it')
        self.until_held('the disk can only be read')
        self.disk.mend()
        self.until_frames(5)
        self.assert_whole(stop(self.daemon, 'it')['files'], 1)

    def test_a_slow_disk_drops_what_it_must_and_says_so(self):
        self.before('--recordings-queue', 1)
        start(self.daemon, ['noise'], name='it')
        self.until_frames(5)
        self.disk.break_('slow 1500')
        until_session(self.daemon, 'it', lambda s: s['dropped'] > 5, 'dropped')
        self.assert_live()
        self.disk.mend()
        self.until_frames(5)
        ended = stop(self.daemon, 'it')
        self.assertEqual((ended['missed'], ended['state']), (0, 'done'))
        [found] = read_files(f'{self.recordings}/it.mcap')
        self.assertNotIn('fault', found)
        told = maps(found, 'noise', 'statistics')[-1]
        self.assertEqual((told['dropped'], told['recorded']), (ended['dropped'], ended['frames']))
        self.assertEqual(len(pictures(found, 'noise')), ended['frames'])

    def on_small_disk(self, megabytes, *options):
        self.recordings = f'{self.folder}/small'
        subprocess.run(['mkdir', self.recordings], check=True)
        mount_tmpfs(self, self.recordings, megabytes, *options)

    def test_a_small_disk_that_is_full(self):
        self.on_small_disk(6)
        self.daemon = self.start('--recordings', self.recordings, '--recordings-reserve', 0, *SOURCE)
        start(self.daemon, ['noise'], name='it')
        self.until_held('the disk is full')
        whole = [r for r in call(self.daemon, 'GET').json()['recordings'] if r['name'] == 'it']
        until(lambda: (call(self.daemon, 'GET', '/it').json()).get('state') == 'finished', f'it was finished: {whole}')
        self.assert_whole(['it'], 1)
        self.assertEqual(call(self.daemon, 'DELETE', '/it').status, 200)
        self.until_frames(5)
        stop(self.daemon, 'it')

    def test_a_reserve_is_kept_free(self):
        self.on_small_disk(10)
        self.daemon = self.start('--recordings', self.recordings, '--recordings-reserve', 5, *SOURCE)
        start(self.daemon, ['noise'], name='it')
        self.until_held('the disk is nearly full')
        self.assertGreater(call(self.daemon, 'GET').json()['folder']['free_bytes'], 2e6)
        subprocess.run(['mount', '-o', 'remount,size=30m', self.recordings], check=True)
        self.until_frames(5)
        self.assert_whole(stop(self.daemon, 'it')['files'], 2)

    def test_a_folder_that_can_only_be_read(self):
        self.on_small_disk(30, 'ro')
        self.daemon = self.start('--recordings', self.recordings, '--recordings-reserve', 0, *SOURCE)
        start(self.daemon, ['noise'], name='it')
        self.until_held('the disk can only be read')
        subprocess.run(['mount', '-o', 'remount,rw', self.recordings], check=True)
        self.until_frames(5)
        self.assert_whole(stop(self.daemon, 'it')['files'], 1)

    def test_a_folder_that_cannot_be_made(self):
        self.daemon = self.start('--recordings', '/dev/null/recordings', *SOURCE)
        answer = call(self.daemon, 'POST', body={'streams': ['noise']})
        if answer.status == 201:
            until_session(self.daemon, answer.json()['name'], lambda s: s['state'] == 'held', 'held')
            stop(self.daemon, answer.json()['name'])
            answer = call(self.daemon, 'POST', body={'streams': ['noise']})
        self.assertEqual(answer.status, 503)
        self.assertIn('/dev/null/recordings', answer.json()['error'])
        self.assertEqual(self.daemon.get('/streams/noise/snapshot.jpg').status, 200)


if __name__ == '__main__':
    unittest.main()
