# SPDX-License-Identifier: MIT
"""dir:PATH: the newest whole picture of a folder, and what else may lie there."""
import io
import os
import shutil
import subprocess
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from support.daemon import DaemonCase, program, until
from support.viewer import connect


class DirSource(DaemonCase):
    def setUp(self):
        super().setUp()
        self.shots = Path(self.folder, 'shots')
        self.shots.mkdir()

    def save(self, name, value, age_s=0):
        """A picture all of whose values are `value`, moved in when it is whole, as writers should."""
        path = self.shots / name
        hidden = self.shots / f'.{name}'
        if name.endswith('.npy'):
            with open(hidden, 'wb') as file:
                np.save(file, np.full((4, 6), value, '<u2'))
        elif name.endswith('.pfm'):
            hidden.write_bytes(b'Pf\n6 4\n-1.0\n' + np.full(24, value, '<f4').tobytes())
        else:
            image = Image.new('L', (6, 4), value)
            image.save(hidden, {'.jpg': 'JPEG', '.tif': 'TIFF', '.pgm': 'PPM'}.get(path.suffix, 'PNG'))
        if age_s:
            then = os.stat(hidden).st_mtime - age_s
            os.utime(hidden, (then, then))
        os.rename(hidden, path)
        return path

    def begin(self, query='', *options):
        self.source = f'd=dir:{self.shots}{query}'
        daemon = self.start(self.source, *options)
        return daemon, connect(self, daemon)

    def values(self, daemon):
        answer = daemon.get('/streams/d/frame.npy')
        return np.load(io.BytesIO(answer.body)) if answer.status == 200 else None

    def shows(self, daemon, value):
        def does():
            array = self.values(daemon)
            return array is not None and np.all(array == value)
        until(does, f'a picture of {value}')

    def test_every_form_shows_as_it_comes(self):
        self.save('first.png', 1)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        self.shows(daemon, 1)
        for value, name in enumerate(('b.jpg', 'c.tif', 'd.pgm', 'e.pfm', 'f.npy', 'a.png'), 10):
            self.save(name, value)
            self.shows(daemon, value)

    def test_a_watched_folder_delivers_each_new_file_to_the_viewer(self):
        self.save('0.npy', 0)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        view = viewer.watch('d', codec='raw')['view']
        picture = viewer.picture(view)
        for value in range(1, 6):
            viewer.ack(picture)
            self.save(f'{value}.npy', value * 1000)
            picture = viewer.picture(view)
            self.assertEqual(np.frombuffer(picture['data'], '<u2')[0], value * 1000)
        self.assertEqual(daemon.stream('d')['broken'], 0)

    def test_a_file_that_is_closed_is_whole_and_one_that_is_written_is_waited_for(self):
        self.save('0.png', 7)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        whole = self.save('.tmp.png', 99).read_bytes()
        with open(self.shots / 'slow.png', 'wb') as file:
            file.write(whole[:30])
            file.flush()
            self.shows(daemon, 7)
            file.write(whole[30:])
        self.shows(daemon, 99)

    def test_the_newest_of_what_is_there_is_by_time_or_by_name(self):
        for name, value, age in (('shot_9.png', 9, 5), ('shot_10.png', 10, 50), ('shot_1.png', 1, 500)):
            self.save(name, value, age)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        self.shows(daemon, 9)
        other = self.start(f'd=dir:{self.shots}?order=name')
        connect(self, other).until_state('d', 'live')
        self.shows(other, 10)
        self.save('shot_2.png', 2)
        self.save('shot_11.png', 11)
        self.shows(other, 11)
        self.shows(daemon, 11)

    def test_hidden_temporary_and_other_names_are_left_alone(self):
        self.save('good.png', 5, 100)
        for name in ('.hidden.png', 'x.png.tmp', 'x.png~', 'x.part', 'notes.txt'):
            shutil.copy(self.shots / 'good.png', self.shots / name)
        os.mkfifo(self.shots / 'pipe.png')
        (self.shots / 'folder.png').mkdir()
        (self.shots / 'empty.png').touch()
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        self.shows(daemon, 5)
        self.assertEqual(daemon.stream('d')['broken'], 0)

    def test_a_pattern_chooses(self):
        self.save('left_1.png', 1, 10)
        self.save('right_1.png', 2)
        daemon, viewer = self.begin('?pattern=left_*')
        viewer.until_state('d', 'live')
        self.shows(daemon, 1)

    def test_a_torn_file_is_named_and_counted_and_the_next_good_one_shows(self):
        good = self.save('a.png', 3, 60)
        (self.shots / 'torn.png').write_bytes(good.read_bytes()[:-20])
        (self.shots / 'foreign.png').write_text('not a picture')
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')  # the older good one
        self.shows(daemon, 3)
        self.assertRegex(daemon.log, r'stream d: torn\.png is left out: \S+')
        self.assertRegex(daemon.log, r'stream d: foreign\.png is left out: no PNG, JPEG')
        self.assertEqual(daemon.stream('d')['broken'], 2)
        viewer.watch('d')  # while nobody does, files are counted and not read
        for form, cut in (('jpg', 30), ('tif', 10), ('npy', 4), ('pgm', 3)):
            whole = self.save(f'.whole.{form}', 4).read_bytes()
            (self.shots / f'torn.{form}').write_bytes(whole[:-cut])
            daemon.logged(rf'torn\.{form} is left out')
        self.save('z.png', 8)
        self.shows(daemon, 8)

    def test_a_file_above_the_bound_is_not_read(self):
        self.save('a.png', 3)
        with open(self.shots / 'huge.npy', 'wb') as file:
            file.truncate(1 << 40)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        self.shows(daemon, 3)
        daemon.logged('huge.npy is left out: 1099511627776 bytes, at most')

    def test_a_file_that_is_written_anew_shows_again(self):
        self.save('latest.png', 1)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        for value in (2, 3):
            self.save('latest.png', value)
            self.shows(daemon, value)

    def test_a_folder_that_is_missing_comes_and_goes(self):
        self.shots.rmdir()
        daemon, viewer = self.begin()
        viewer.until_state('d', 'lost', 'is not there: make it, or mount it')
        self.shots.mkdir()
        viewer.until_state('d', 'waiting', 'has no file to show yet')
        self.save('a.npy', 300)
        viewer.until_state('d', 'live')
        shutil.rmtree(self.shots)
        viewer.until_state('d', 'lost', 'is not there')
        self.shots.write_text('a file')
        viewer.until_state('d', 'lost', 'is no folder')
        self.shots.unlink()
        self.shots.mkdir()
        self.save('b.npy', 400)
        viewer.until_state('d', 'live')
        self.shows(daemon, 400)

    def test_another_folder_at_the_path_is_watched_instead(self):
        self.save('a.npy', 1)
        daemon, viewer = self.begin()
        viewer.until_state('d', 'live')
        self.shots.rename(Path(self.folder, 'old'))
        self.shots.mkdir()
        self.save('b.npy', 2)
        self.shows(daemon, 2)
        self.save('c.npy', 3)
        self.shows(daemon, 3)

    def test_replay_plays_all_in_order_and_begins_again(self):
        for i in range(1, 5):
            self.save(f'{i}.npy', i * 100)
        (self.shots / '2x.npy').write_text('foreign')
        daemon, viewer = self.begin('?replay=1&order=name&fps=50')
        viewer.until_state('d', 'live')
        view = viewer.watch('d', codec='raw')['view']
        seen, last = [], 0
        while seen.count(100) < 3:
            picture = viewer.picture(view)
            viewer.ack(picture)
            self.assertGreater(picture['seq'], last)
            last = picture['seq']
            seen.append(int(np.frombuffer(picture['data'], '<u2')[0]))
        self.assertLessEqual(set(seen), {100, 200, 300, 400})
        self.assertGreater(daemon.stream('d')['broken'], 0)

    def test_replay_of_nothing_that_is_a_picture_says_so(self):
        (self.shots / 'a.png').write_text('foreign')
        _, viewer = self.begin('?replay=1')
        viewer.until_state('d', 'lost', 'none of the 1 files')

    def test_files_come_in_a_flood_and_the_last_one_shows(self):
        daemon, viewer = self.begin()
        for i in range(300):
            self.save(f'{i}.npy', i)
        self.shows(daemon, 299)
        self.assertEqual(daemon.stream('d')['broken'], 0)

    def test_wrong_addresses_are_usage_errors_that_name_the_remedy(self):
        for source, words in (('dir:', 'name a folder'), ('dir:/x?fps=0', 'from 1 to 1000'),
                              ('dir:/x?order=size', 'order=name'), ('dir:/x?what=1', 'pattern=')):
            ended = subprocess.run([program(), source], capture_output=True, text=True, timeout=60)
            self.assertEqual(ended.returncode, 2, source)
            self.assertIn(words, ended.stderr)


if __name__ == '__main__':
    unittest.main()
