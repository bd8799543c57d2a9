# SPDX-License-Identifier: MIT
"""What runs as root under the container's systemd: see test_units.py."""
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, '/source/tests/e2e')

from support.daemon import until  # noqa: E402
from support.pusher import Pusher  # noqa: E402
from support.service import (CONFIG, DAEMON, LAB, UNITS, WAIT_S, ServiceCase, ask, hear,  # noqa: E402
                             live, patience, priorities, show, streams, systemctl)
from support.viewer import Watcher  # noqa: E402

CAMERA = Path('/run/imshowd-camera/video7')
patience(WAIT_S)


class Service(ServiceCase):
    MORE_UNITS = ('imshowd@video7.service',)

    def setUp(self):
        super().setUp()
        CAMERA.parent.mkdir(exist_ok=True)

    def tearDown(self):
        super().tearDown()
        CAMERA.unlink(missing_ok=True)
        Path('/dev/video7').unlink(missing_ok=True)

    def fake_camera(self, more=''):
        self.drop_in(f'Environment=LD_PRELOAD=/usr/local/lib/libfakecam.so FAKECAM_DEVICE={CAMERA}\n{more}')
        CONFIG.write_text(LAB + f'[stream cam]\nsource = v4l2:{CAMERA}\n', encoding='ascii')

    def test_systemd_has_nothing_to_say_about_the_units(self):
        done = subprocess.run(['systemd-analyze', 'verify', *UNITS, 'imshowd@video7.service'],
                              capture_output=True, text=True, timeout=WAIT_S, check=False)
        ours = [line for line in done.stderr.splitlines() if 'imshowd' in line and 'cases' not in line]
        self.assertEqual((done.returncode, ours), (0, []))

    def test_the_first_request_starts_it_and_the_sockets_stay(self):
        systemctl('start', 'imshowd.socket', 'imshowd-push.socket')
        self.assertEqual(show('ActiveState'), 'inactive')
        self.assertEqual(ask('/healthz'), b'ok\n')
        self.assertEqual(show('ActiveState'), 'active')
        self.assertIn('lab', streams('/run/imshowd/http.sock'))
        systemctl('stop', 'imshowd.service')
        Pusher(self, '/run/imshowd/push.sock', 'pushed')
        self.assertIn('pushed', streams())
        self.assertEqual(Path('/run/imshowd/http.sock').group(), 'imshowd')

    def test_it_is_ready_without_its_camera_which_comes_and_goes_and_never_restarts_it(self):
        self.fake_camera('WatchdogSec=1s\n')
        systemctl('start', 'imshowd.service')
        pid = show('MainPID')
        until(lambda: streams()['cam']['state'] == 'lost', 'that the camera is not there', WAIT_S)
        hear('2 streams, 1 live')
        CAMERA.touch()
        live('cam')
        with Watcher(DAEMON, 'cam') as watcher:
            watcher.wait_more()
            CAMERA.unlink()
            until(lambda: streams()['cam']['state'] == 'lost', 'that the camera has gone', WAIT_S)
            self.periods_pass()
            CAMERA.touch()
            watcher.wait_more()
        self.assertEqual((show('MainPID'), show('NRestarts')), (pid, '0'))

    def periods_pass(self):
        seen = int(show('WatchdogTimestampMonotonic'))
        until(lambda: int(show('WatchdogTimestampMonotonic')) > seen + 3_000_000,
              'three periods of the watchdog', WAIT_S)

    def test_a_camera_that_hangs_does_not_restart_it(self):
        hang = CAMERA.with_name('video7.hang')
        self.addCleanup(hang.unlink, missing_ok=True)
        self.fake_camera('Environment=FAKECAM_HANG=S_FMT\nWatchdogSec=1s\n')
        CAMERA.touch()
        hang.touch()
        systemctl('start', 'imshowd.service')
        pid = show('MainPID')
        self.periods_pass()
        self.assertEqual((show('MainPID'), show('NRestarts'), streams()['cam']['state']), (pid, '0', 'waiting'))
        hang.unlink()
        live('cam')

    def test_an_encoder_that_hangs_is_restarted_though_other_threads_go_on(self):
        stuck = CAMERA.with_name('stuck')
        self.addCleanup(stuck.unlink, missing_ok=True)
        self.drop_in(f'Environment=LD_PRELOAD=/usr/local/lib/libstuck.so STUCK={stuck}\n'
                     'WatchdogSec=1s\nRestartSec=100ms\n')
        CONFIG.write_text('[server]\nworkers = 3\n' + LAB, encoding='ascii')
        systemctl('start', 'imshowd.service')
        live('lab')
        pid = show('MainPID')
        stuck.touch()
        with self.assertRaises(ConnectionError):  # no answer, and then nobody who would give one
            ask('/streams/lab/snapshot.jpg')
        until(lambda: show('MainPID') not in (pid, '0') and show('SubState') == 'running', 'another one',
              WAIT_S)
        self.assertEqual(show('NRestarts'), '1')
        stuck.unlink()
        self.assertEqual(ask('/streams/lab/snapshot.jpg')[:2], b'\xff\xd8')

    def test_a_loop_that_hangs_is_restarted(self):
        self.drop_in('WatchdogSec=1s\nRestartSec=100ms\n')
        systemctl('start', 'imshowd.service')
        pid = show('MainPID')
        systemctl('kill', '--kill-whom=main', '--signal=SIGSTOP', 'imshowd.service')
        until(lambda: show('MainPID') not in (pid, '0') and show('SubState') == 'running', 'another one',
              WAIT_S)
        self.assertEqual(show('NRestarts'), '1')
        self.assertEqual(ask('/healthz'), b'ok\n')
        self.assertIn('lab', streams())

    def test_a_reload_keeps_viewers_and_one_with_a_mistake_changes_nothing_and_is_told(self):
        systemctl('start', 'imshowd.service')
        pid = show('MainPID')
        with Watcher(DAEMON, 'lab') as watcher:
            watcher.wait_more()
            CONFIG.write_text(LAB + '[stream bars]\nsource = test:bars\n', encoding='ascii')
            systemctl('reload', 'imshowd.service')
            until(lambda: list(streams()) == ['lab', 'bars'], 'the other stream', WAIT_S)
            watcher.wait_more()
            CONFIG.write_text(LAB + 'qualty = 3\n', encoding='ascii')
            systemctl('reload', 'imshowd.service')
            mistake = ':3: [stream lab].qualty: there is no such key: did you mean quality?'
            hear(mistake)
            self.assertEqual(priorities(mistake), {('3', False)})
            self.assertEqual(priorities('stream bars: live'), {('6', False)})
            self.assertEqual(list(streams()), ['lab', 'bars'])
            watcher.wait_more()
            hear('1 viewer')
        self.assertEqual((show('MainPID'), show('ActiveState')), (pid, 'active'))

    def test_a_wrong_configuration_is_not_tried_again(self):
        CONFIG.write_text('[server]\nport = no\n', encoding='ascii')
        self.assertNotEqual(systemctl('start', 'imshowd.service', check=False).returncode, 0)
        until(lambda: show('ActiveState') == 'failed', 'that it has failed', WAIT_S)
        self.assertEqual((show('ExecMainStatus'), show('NRestarts')), ('78', '0'))
        self.assertEqual(priorities('/etc/imshowd/imshowd.conf:2: [server].port: no: give a number'), {('3', False)})

    def test_it_runs_as_its_own_user_without_rights(self):
        systemctl('start', 'imshowd.service')
        status = Path(f'/proc/{show("MainPID")}/status').read_text(encoding='ascii')
        uid = int(subprocess.run(['id', '-u', 'imshowd'], capture_output=True, check=True).stdout)
        self.assertEqual(int(re.search(r'Uid:\s+(\d+)', status)[1]), uid)
        video = int(subprocess.run(['getent', 'group', 'video'], capture_output=True, text=True,
                                   check=True).stdout.split(':')[2])
        self.assertIn(str(video), re.search(r'Groups:(.*)', status)[1].split())
        for line in ('CapEff', 'CapPrm', 'CapBnd'):
            self.assertEqual(int(re.search(rf'{line}:\s+(\w+)', status)[1], 16), 0)
        self.assertIn('NoNewPrivs:\t1', status)
        self.assertIn('Seccomp:\t2', status)

    def test_programs_of_exec_run_within_its_bounds(self):
        CONFIG.write_text('[stream made]\nsource = exec:while :; do printf "P5\\n4 2\\n255\\n01234567"; '
                          'done\n', encoding='ascii')
        systemctl('start', 'imshowd.service')
        live('made')

    def test_secrets_come_by_credentials_at_the_start_and_at_a_reload(self):
        Path('/etc/imshowd/source.secret').write_text('test:bars', encoding='ascii')
        self.drop_in('LoadCredential=source:/etc/imshowd/source.secret\n')
        CONFIG.write_text('[stream secret]\nsource = @credential:source\n', encoding='ascii')
        systemctl('start', 'imshowd.service')
        self.assertEqual(list(streams()), ['secret'])
        CONFIG.write_text(LAB + '[stream again]\nsource = @credential:source\n', encoding='ascii')
        systemctl('reload', 'imshowd.service')
        until(lambda: list(streams()) == ['lab', 'again'], 'the other stream', WAIT_S)

    def test_a_camera_has_a_daemon_of_its_own(self):
        folder = Path('/run/systemd/system/imshowd@.service.d')
        self.addCleanup(shutil.rmtree, folder)
        folder.mkdir(parents=True)
        (folder / 'test.conf').write_text(
            '[Service]\nEnvironment=LD_PRELOAD=/usr/local/lib/libfakecam.so FAKECAM_DEVICE=/dev/video7\n',
            encoding='ascii')
        systemctl('daemon-reload')
        Path('/dev/video7').touch()
        systemctl('start', 'imshowd@video7.service')
        self.assertEqual(list(streams('/run/imshowd/video7.sock')), ['video7'])
        hear('1 stream', 'imshowd@video7.service')
        live('video7', '/run/imshowd/video7.sock')


if __name__ == '__main__':
    unittest.main()
