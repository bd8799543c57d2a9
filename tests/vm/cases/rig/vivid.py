# SPDX-License-Identifier: MIT
"""vivid, the kernel's virtual video driver: webcams by both APIs, an HDMI and an S-Video input.

    class Formats(VividCase):
        def test_something(self):
            daemon = self.start(source('cam', WEBCAM))

Each case begins with bars of full colours without text on them, that stand still, or move where every
frame has to make a picture (MOVES).
"""
import os
from pathlib import Path

from support.daemon import DaemonCase, until

from .controls import controls_set
from .system import run, write

WEBCAM, PLANES, HDMI, SVIDEO = '/dev/video20', '/dev/video21', '/dev/video22', '/dev/video23'
BOTH = (WEBCAM, PLANES)
INPUTS = {WEBCAM: 0, PLANES: 0, HDMI: 3, SVIDEO: 2}  # as the driver's input_types
PLAIN = {'test_pattern': 1, 'osd_text_mode': 2, 'percentage_of_dropped_buffers': 0,
         'brightness': 128, 'contrast': 128, 'saturation': 128, 'hue': 0}
# The bars of test pattern 1 from the left.
BARS = [(255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0),
        (255, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 0)]
RAMP = 20
STANDS, RIGHT_FAST = 3, 6  # horizontal_movement
OPEN_S = 60
DRIVER = '/sys/bus/platform/drivers/vivid'


def vivid_load():
    if os.path.isdir(DRIVER):
        return
    def each(values):
        return ','.join(map(str, values))
    run('modprobe', 'vivid', f'n_devs={len(INPUTS)}',
        f'vid_cap_nr={each(d[-2:] for d in INPUTS)}',
        f'node_types={each("0x1" for _ in INPUTS)}',
        f'num_inputs={each(1 for _ in INPUTS)}',
        f'input_types={each(INPUTS.values())}',
        f'multiplanar={each(2 if d == PLANES else 1 for d in INPUTS)}')


def unbind():
    """Takes all of its devices away, in whatever use they are."""
    write(f'{DRIVER}/unbind', 'vivid.0')


def bind():
    write(f'{DRIVER}/bind', 'vivid.0')


def is_open(daemon, device):
    """A device that somebody holds open keeps its number after it is gone."""
    fds = Path(f'/proc/{daemon.process.pid}/fd')
    return any(os.readlink(fd).startswith(device) for fd in fds.iterdir() if fd.is_symlink())


def source(name, device):
    return f'{name}=v4l2:{device}'


class VividCase(DaemonCase):
    DEVICES = (WEBCAM,)  # those that the cases use
    MOVES = False

    @classmethod
    def setUpClass(cls):
        vivid_load()
        super().setUpClass()

    def setUp(self):
        super().setUp()
        if not os.path.exists(WEBCAM):  # a case failed between the two
            bind()
        for device in self.DEVICES:
            controls_set(device, **PLAIN, horizontal_movement=RIGHT_FAST if self.MOVES else STANDS)

    def assert_live(self, daemon, name='cam'):
        """Its camera opens at the first try; a reason to the contrary fails the case at once."""
        try:
            stream = until(lambda: (got := daemon.stream(name))['state'] != 'waiting' and got,
                           'open', OPEN_S)
        except AssertionError:
            raise AssertionError(f'{name} does not open: {daemon.stream(name)}') from None
        self.assertEqual((stream['state'], stream['reason']), ('live', ''))
