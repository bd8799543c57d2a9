# SPDX-License-Identifier: MIT
"""exec:COMMAND: programs whose output is frames, and what becomes of them."""
import io
import json
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

import msgpack
import numpy as np
from PIL import Image

from support.daemon import DaemonCase, program, until
from support.viewer import connect

FFMPEG = 'ffmpeg -v error -re -f lavfi -i testsrc2=s=320x240:r=20'


def alive(pid):
    """Neither gone nor a zombie."""
    try:
        return Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[0] != 'Z'
    except FileNotFoundError:
        return False


class Exec(DaemonCase):
    def script(self, name, text):
        """A Python program, as a command."""
        path = Path(self.folder, name)
        path.write_text(text)
        return f'{sys.executable} {path}'

    def live(self, *sources):
        daemon = self.start(*sources)
        viewer = connect(self, daemon)
        for source in sources:
            viewer.until_state(source.split('=')[0], 'live')
        return daemon, viewer

    def test_ffmpeg_shows_live_in_every_form_that_it_pipes(self):
        forms = {'y4m': '-f yuv4mpegpipe', 'bare': '-f mjpeg', 'parts': '-f mpjpeg',
                 'png': '-f image2pipe -c:v png', 'pgm': '-f image2pipe -c:v pgm -pix_fmt gray'}
        daemon, viewer = self.live(*(f'{name}=exec:{FFMPEG} {form} -' for name, form in forms.items()))
        for name in forms:
            view = viewer.watch(name, codec='jpeg')['view']
            first = viewer.picture(view)
            viewer.ack(first)
            second = viewer.picture(view)
            self.assertGreater(second['seq'], first['seq'])
            self.assertEqual(Image.open(io.BytesIO(second['data'])).size, (320, 240))
            viewer.send({'type': 'unwatch', 'view': view})
        self.assertEqual(daemon.stream('bare')['dtype'], 'MJPG')
        self.assertEqual(daemon.stream('pgm')['shape'], [240, 320])

    def test_npy_files_come_with_their_exact_values(self):
        command = self.script('npy.py', 'import numpy as np, sys, time\n'
                              'np.save(sys.stdout.buffer, np.arange(12, dtype=">u2").reshape(3, 4))\n'
                              'sys.stdout.flush(); time.sleep(1000)\n')
        daemon, _ = self.live(f'n=exec:{command}')
        array = np.load(io.BytesIO(daemon.get('/streams/n/frame.npy').body))
        np.testing.assert_array_equal(array, np.arange(12).reshape(3, 4))

    def test_frames_of_the_push_protocol_come_with_time_and_meta_behind_a_hello_or_none(self):
        program = ('import msgpack, numpy as np, sys, time\n'
                   'def say(**m): sys.stdout.buffer.write(msgpack.packb(m)); sys.stdout.flush()\n'
                   'if {hello}: say(type="hello", version=1, name="mine")\n'
                   'a = np.arange({size} * 2, dtype=">u2").reshape(40, -1)\n'
                   'say(data=a.tobytes(), dtype=">u2", shape=list(a.shape), time_us=7000000, meta={{"lamp": "on"}})\n'
                   'time.sleep(1000)\n')
        sizes = {'bare': (False, 20), 'greeted': (True, 200_000)}
        daemon, _ = self.live(*(
            f'{name}=exec:{self.script(name, program.format(hello=hello, size=size))}'
            for name, (hello, size) in sizes.items()))
        for name, (_, size) in sizes.items():
            answer = daemon.get(f'/streams/{name}/frame.npy')
            np.testing.assert_array_equal(
                np.load(io.BytesIO(answer.body)), np.arange(size * 2, dtype="u2").reshape(40, -1))
            self.assertEqual(answer.headers['x-source-timestamp'], '7.000000')
            self.assertEqual(json.loads(answer.headers['x-meta']), {'lamp': 'on'})

    def test_a_hello_may_describe_raw_frames(self):
        command = self.script('raw.py', 'import msgpack, sys, time\n'
                              'sys.stdout.buffer.write(msgpack.packb({"type": "hello", "raw": '
                              '{"dtype": "<u2", "shape": [2, 3]}}) + bytes(range(12)))\n'
                              'sys.stdout.flush(); time.sleep(1000)\n')
        daemon, _ = self.live(f'r=exec:{command}')
        array = np.load(io.BytesIO(daemon.get('/streams/r/frame.npy').body))
        self.assertEqual(array.tobytes(), bytes(range(12)))

    def test_messages_that_cannot_be_are_the_reason(self):
        for name, (message, reason) in {
                'slot': ({'slot': 0, 'dtype': '|u1', 'shape': [1, 1]}, 'no memory is shared'),
                'short': ({'data': b'1', 'dtype': '<u2', 'shape': [1, 1]}, 'data has 1'),
                'params': ({'type': 'hello', 'params': {'zmin': 1}}, 'PATCH'),
                'paced': ({'type': 'hello', 'pace': 'credit'}, 'credits')}.items():
            with self.subTest(name=name):
                path = Path(self.folder, name)
                path.write_bytes(msgpack.packb(message))
                daemon = self.start(f'm=exec:cat {path}; sleep 1000')
                connect(self, daemon).until_state('m', 'lost', reason)
                daemon.stop()

    def test_a_program_that_ends_is_started_again_and_its_last_words_are_the_reason(self):
        daemon = self.start('d=exec:echo the lens cap is on >&2; exit 3')
        viewer = connect(self, daemon)
        reason = viewer.until_state('d', 'lost', 'status 3')['reason']
        self.assertIn('the lens cap is on', reason)
        until(lambda: daemon.log.count('stream d: the lens cap is on') > 1, 'a second start')

    def test_a_program_that_writes_no_frames_is_ended_and_says_so(self):
        daemon = self.start('d=exec:echo $$ >' + f'{self.folder}/pid; echo hello; sleep 1000')
        viewer = connect(self, daemon)
        viewer.until_state('d', 'lost', 'begins no form')
        pid = int(Path(self.folder, 'pid').read_text())
        until(lambda: not alive(pid) or int(Path(self.folder, 'pid').read_text() or 0) != pid,
              'the first program ended')

    def test_a_frame_that_is_no_picture_is_the_reason(self):
        command = self.script('flat.py', 'import numpy as np, sys, time\n'
                              'np.save(sys.stdout.buffer, np.arange(12)); sys.stdout.flush()\n'
                              'time.sleep(1000)\n')
        viewer = connect(self, self.start(f'd=exec:{command}'))
        viewer.until_state('d', 'lost', 'rows and columns')

    def test_a_stream_cut_within_a_frame_says_so(self):
        viewer = connect(self, self.start("d=exec:printf 'P5 100 100 255\\nabc'"))
        viewer.until_state('d', 'lost', 'ends within a frame')

    def test_nothing_of_a_pipeline_outlives_the_daemon(self):
        pids = Path(self.folder, 'pids')
        command = (f'trap "" TERM; sleep 1000 & echo $! >>{pids}; echo $$ >>{pids}; '
                   f'{FFMPEG} -f mjpeg - | cat')
        daemon, _ = self.live(f'p=exec:{command}')
        found = [int(pid) for pid in pids.read_text().split()]
        self.assertEqual(len(found), 2)
        daemon.stop()
        until(lambda: not any(alive(pid) for pid in found), 'all of the group ended')

    def test_a_daemon_that_is_killed_takes_its_program_along(self):
        pids = Path(self.folder, 'pids')
        daemon, _ = self.live(f'p=exec:echo $$ >{pids}; exec {FFMPEG} -f mjpeg -')
        pid = int(pids.read_text())
        limits = Path(f'/proc/{pid}/limits').read_text()
        self.assertRegex(limits, r'Max core file size +0 +0 ')
        os.kill(pid, signal.SIGSTOP)  # nor may it have to write to find out
        daemon.kill()
        os.kill(pid, signal.SIGCONT)
        until(lambda: not alive(pid), 'the program ended')

    def test_a_program_that_is_killed_comes_back(self):
        command = f'echo $$ >{self.folder}/pid; {FFMPEG} -f mjpeg - '
        daemon, viewer = self.live(f'k=exec:exec sh -c "{command}"')
        os.kill(int(Path(self.folder, 'pid').read_text()), signal.SIGKILL)
        viewer.until_state('k', 'lost', 'signal 9')
        viewer.until_state('k', 'live')

    def test_the_child_has_no_descriptor_of_the_daemon(self):
        command = f'ls -l /proc/self/fd >{self.folder}/fds; {FFMPEG} -f mjpeg -'
        self.live(f'f=exec:{command}')
        lines = Path(self.folder, 'fds').read_text().splitlines()
        open_fds = {line.split()[8] for line in lines[1:] if '->' in line}
        self.assertLessEqual(open_fds, {'0', '1', '2', '3'}, lines)  # 3 is the folder that ls reads

    def test_standard_error_is_logged_within_bounds(self):
        command = 'i=0; while [ $i -lt 500 ]; do echo line $i >&2; i=$((i+1)); done; sleep 1000'
        daemon = self.start(f'e=exec:{command}', 'lab=test:lab')
        daemon.logged('stream e: line 19')
        connect(self, daemon).watch('lab')
        self.assertLessEqual(daemon.log.count('stream e: line'), 20)

    def test_an_empty_command_is_a_usage_error(self):
        ended = subprocess.run([program(), 'exec:'], capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 2)
        self.assertIn('give a command', ended.stderr)


if __name__ == '__main__':
    unittest.main()
