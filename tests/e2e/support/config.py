# SPDX-License-Identifier: MIT
"""A configuration file of a test's own, and a daemon that reads it again.

    config = Config(self.folder, '[stream lab]\\nsource = test:lab\\n')
    daemon = self.start('--config', config.path)
    said = config.reload(daemon, '[stream bars]\\nsource = test:bars\\n')   # the log's line of it
"""
import re
import signal
from pathlib import Path

from .daemon import until

OUTCOME = re.compile(r'reload: .*(?:the configuration before stays|the configuration holds.*)')


class Config:
    def __init__(self, folder, text):
        self.path = Path(folder) / 'imshowd.conf'
        self.write(text)

    def write(self, text):
        self.path.write_text(text, encoding='utf-8')

    def drop_in(self, name, text):
        folder = self.path.parent / 'conf.d'
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding='utf-8')

    def reload(self, daemon, text=None):
        """Returns what the log says of the outcome."""
        if text is not None:
            self.write(text)
        before = len(OUTCOME.findall(daemon.log))
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: len(OUTCOME.findall(daemon.log)) > before or daemon.process.poll() is not None,
              'a reload')
        return OUTCOME.findall(daemon.log)[before]


def names(daemon):
    return [s['name'] for s in daemon.get('/api/v1/streams').json()['streams']]
