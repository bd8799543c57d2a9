# SPDX-License-Identifier: MIT
"""The installed units before a real kernel: bounds of memory, devices, cameras that come and go by udev."""
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from rig.system import run
from rig.usb import UsbCamera, jpegs
from rig.vivid import WEBCAM, vivid_load
from support.daemon import until
from support.pusher import Pusher
from support.service import (CONFIG, DAEMON, LAB, ServiceCase, live, patience, show, streams,
                             systemctl)
from support.viewer import Watcher

WAIT_S = 90
patience(WAIT_S)
CGROUP = Path('/sys/fs/cgroup/system.slice/imshowd.service')
MB = 1 << 20
PUSH = '/run/imshowd/push.sock'


def of_cgroup(name):
    return (CGROUP / name).read_text(encoding='ascii').strip()


def events():
    return dict(line.split() for line in of_cgroup('memory.events').splitlines())


class Memory(ServiceCase):
    def begin(self, limit):
        self.drop_in(f'MemoryMax={limit}\nRestartSec=100ms\n')
        systemctl('start', 'imshowd-push.socket', 'imshowd.service')
        live('lab')
        return show('MainPID')

    def flood(self, names, count, size):
        """So many frames of so many bytes into each stream, in turns; ends early when nobody takes them any more."""
        frame = np.arange(size // 4096 * 4096, dtype='u1').reshape(-1, 4096)
        try:
            pushers = [Pusher(self, PUSH, name) for name in names]
            for n in range(count):
                for pusher in pushers:
                    frame[n] += 1
                    pusher.push(frame)
        except OSError:
            pass

    def test_the_unit_may_have_three_quarters_of_the_machine(self):
        systemctl('start', 'imshowd.service')
        total = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
        self.assertAlmostEqual(int(of_cgroup('memory.max')) / total, 0.75, 2)

    def test_a_flood_of_pushes_stays_within_the_bounds_of_the_streams(self):
        pid = self.begin('40M')
        self.flood(['one'], 12, 4 * MB)
        until(lambda: streams()['one']['published'] == 12, 'the last frame', WAIT_S)
        print(f'| 48 MB were pushed; the most that the service had at once were {int(of_cgroup("memory.peak")) / MB:.0f} '
              f'of {int(of_cgroup("memory.max")) / MB:.0f} MB', flush=True)
        self.assertEqual((show('MainPID,NRestarts').split(), events()['oom_kill']), ([pid, '0'], '0'))

    def test_more_than_it_may_have_ends_it_alone_and_it_starts_again(self):
        pid = self.begin('64M')
        self.flood(['one', 'other'], 1, 64 * MB)
        until(lambda: show('MainPID') not in (pid, '0') and show('SubState') == 'running', 'another one', WAIT_S)
        self.assertIn('oom-kill', systemd_says())
        self.assertGreaterEqual(int(show('NRestarts')), 1)
        self.assertEqual(int(of_cgroup('memory.max')), 64 * MB)
        live('lab')
        self.assertEqual(show('ActiveState', 'systemd-journald.service'), 'active')


def systemd_says():
    return subprocess.run(['journalctl', '--no-pager', '-o', 'cat', '_PID=1', 'UNIT=imshowd.service'],
                          capture_output=True, text=True, check=True).stdout


class Devices(ServiceCase):
    OTHER = Path('/dev/imshowd-other')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        vivid_load()
        run('udevadm', 'trigger', '--settle', '--action=add', WEBCAM)

    def setUp(self):
        super().setUp()
        os.mknod(self.OTHER, stat.S_IFCHR | 0o666, os.makedev(10, 125))  # cpu_dma_latency
        self.OTHER.chmod(0o666)
        self.addCleanup(self.OTHER.unlink)
        CONFIG.write_text(f'[stream cam]\nsource = v4l2:{WEBCAM}\n[stream other]\nsource = v4l2:{self.OTHER}\n',
                          encoding='ascii')

    @classmethod
    def tearDownClass(cls):
        run('modprobe', '-r', 'vivid')

    def reason(self, name):
        return until(lambda: streams()[name]['state'] == 'lost' and streams()[name]['reason'],
                     f'that {name} does not open', WAIT_S)

    def test_a_camera_opens_for_its_user_and_another_node_does_not(self):
        self.assertEqual((Path(WEBCAM).group(), Path(WEBCAM).stat().st_mode & 0o7), ('video', 0))
        run('setpriv', '--reuid=imshowd', '--regid=imshowd', '--clear-groups', 'sh', '-c', f': <>{self.OTHER}')
        systemctl('start', 'imshowd.service')
        live('cam')
        self.assertIn('DeviceAllow=', self.reason('other'))

    def test_without_the_line_of_cameras_the_camera_does_not_open_either(self):
        self.drop_in('DeviceAllow=\n')
        systemctl('start', 'imshowd.service')
        self.assertIn('DeviceAllow=', self.reason('cam'))


class Plugged(ServiceCase):
    MORE_UNITS = ('imshowd@*.service',)

    def setUp(self):
        super().setUp()
        self.folder = tempfile.mkdtemp(dir='/run')
        self.addCleanup(shutil.rmtree, self.folder)
        CONFIG.unlink()
        self.footage = jpegs()

    def plug(self):
        return UsbCamera(self, self.footage)

    def come_and_go(self, unit, pid, camera, unix=None):
        """It is pulled and plugged again: the same process shows it again."""
        name = Path(camera.device).name
        for _ in range(2):
            camera.unplug()
            until(lambda: streams(unix)[name]['state'] == 'lost', 'that the camera has gone', WAIT_S)
            camera = self.plug()
            self.assertEqual(Path(camera.device).name, name)
            live(name, unix)
        self.assertEqual(show('MainPID,NRestarts', unit).split(), [pid, '0'])

    def test_a_camera_shows_up_by_the_rule_and_the_daemon_goes_on_without_it(self):
        systemctl('start', 'imshowd.service')
        until(lambda: 'lab' in streams(), 'the demo, since there is no camera', WAIT_S)
        pid = show('MainPID')
        camera = self.plug()
        name = Path(camera.device).name
        until(lambda: name in streams(), f'{name} by the rule', WAIT_S)
        live(name)
        with Watcher(DAEMON, name) as watcher:
            watcher.wait_more()
            self.come_and_go('imshowd.service', pid, camera)
            watcher.wait_more()

    def test_each_camera_gets_a_daemon_where_the_rule_says_so(self):
        text = Path('/usr/local/lib/udev/rules.d/70-imshowd.rules').read_text(encoding='ascii')
        lines = [line.removeprefix('# ') for line in text.splitlines() if 'SYSTEMD_WANTS' in line]
        own = Path('/etc/udev/rules.d/70-imshowd.rules')
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text('\n'.join(lines) + '\n', encoding='ascii')
        self.addCleanup(run, 'udevadm', 'control', '--reload')
        self.addCleanup(own.unlink)
        run('udevadm', 'control', '--reload')
        camera = self.plug()
        name = Path(camera.device).name
        unit, unix = f'imshowd@{name}.service', f'/run/imshowd/{name}.sock'
        until(lambda: show('SubState', unit) == 'running', f'{unit} by the rule', WAIT_S)
        live(name, unix)
        self.come_and_go(unit, show('MainPID', unit), camera, unix)
        self.assertEqual(show('ActiveState'), 'inactive')
