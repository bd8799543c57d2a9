# SPDX-License-Identifier: MIT
"""points: a stream that the daemon makes of points, as a picture of how many (or of what value) lie where."""
from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import numpy as np

from . import _link, _values, _wire
from ._errors import Error
from ._live import DEFAULTS
from ._session import Session

BATCH_BYTES_MAX = 32 << 20 # of one message; a larger batch goes in several
AGGREGATES = ('count', 'sum', 'mean', 'min', 'max', 'last')
OF_VALUES = AGGREGATES[1:]


class Points:
    """A stream of points; made by :func:`points`. All methods may be called from any thread.

    Attributes
    ----------
    sent, dropped : int
        Points that went to the daemon, and those that did not.
    """

    def __init__(self, session: Session, has_values: bool):
        self._session = session
        self._has_values = has_values
        self.sent = self.dropped = 0

    def add(self, x: Any, y: Any, value: Any = None) -> bool:
        """Adds a batch.

        Parameters
        ----------
        x, y : array-like
            As many of each; points outside of the ranges and NaN are counted as ``outside``.
        value : array-like, optional
            For an `agg` other than ``'count'``.

        Returns
        -------
        bool
            Whether all of it was sent.
        """
        columns = read_columns(x, y, value if self._has_values else None)
        if self._has_values and value is None:
            raise ValueError('points: this agg is of a value: give x, y and value')
        session, done = self._session, True
        with session.lock:
            for batch in cut(columns):
                size = len(batch[0])
                try:
                    went = done and self._push(batch, _link.now() + session.timeout)
                except Error as error:
                    session.failed(error)
                    went = False
                self.sent += size * went
                self.dropped += size * (not went)
                done = done and went
        return done

    def _start(self, columns: Sequence[np.ndarray]) -> None:
        session = self._session
        with session.lock:
            try:
                for batch in cut(columns):
                    deadline = _link.now() + session.timeout
                    self.sent += len(batch[0]) * self._push(batch, deadline)
                    session.wait_taken(deadline)
            except Error as error:
                session.failed_at_start(error)

    def _push(self, batch: Sequence[np.ndarray], deadline: float) -> bool:
        session = self._session
        if not session.has_link(deadline) or not session.wait_room(deadline):
            return False
        names = ('x', 'y', 'value')
        bins = {name: column.data.cast('B') for name, column in zip(names, batch)}
        session.send(_wire.pack_with_bins({'dtype': batch[0].dtype.str}, bins), deadline)
        return True

    @property
    def name(self) -> str:
        """The stream's name."""
        return self._session.name

    @property
    def url(self) -> str:
        """Where the page shows the stream; over ``unix:`` and ``tcp:`` with the daemon's default port."""
        return self._session.url

    @property
    def error(self) -> Optional[Error]:
        """Why the last batch was not sent, or None."""
        return self._session.error

    def close(self) -> None:
        """Ends it. What has been sent is shown. May be called again."""
        self._session.close()

    def __enter__(self) -> 'Points':
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_columns(*columns: Any) -> list[np.ndarray]:
    """Little-endian, one type for all: float32 where that loses nothing that float32 had."""
    arrays = [np.ravel(np.asarray(column)) for column in columns if column is not None]
    if len({len(a) for a in arrays}) > 1:
        raise ValueError(f'points: x, y and value have {", ".join(str(len(a)) for a in arrays)} items')
    if any(a.dtype.kind not in 'biuf' for a in arrays):
        raise TypeError('points: x, y and value are numbers')
    dtype = '<f4' if np.result_type(*arrays, np.float32) == np.float32 else '<f8'
    return [np.ascontiguousarray(a, dtype) for a in arrays]


def cut(columns: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
    step = BATCH_BYTES_MAX // sum(column.itemsize for column in columns)
    return [[column[at:at + step] for column in columns] for at in range(0, len(columns[0]), step)]


def range_of(column: np.ndarray, given: Any, name: str) -> list[float]:
    """A range that is not given is the first batch's."""
    if given is not None:
        return [float(given[0]), float(given[1])]
    finite = column[np.isfinite(column)]
    if not len(finite) or finite.min() == finite.max():
        raise ValueError(f'points: give {name}: the first batch spans none')
    return [float(finite.min()), float(finite.max())]


def points(x: Any, y: Any, value: Any = None, *, x_range: Any = None, y_range: Any = None, width: int = 512,
           height: int = 512, agg: str = 'count', window_s: float = 0, decay_s: float = 0, fps: float = 10,
           name: str = 'points', server: Optional[str] = None, takeover: bool = False, pace: str = 'drop',
           on_error: str = 'warn', timeout: float = 5.0, labels: Optional[Mapping[str, str]] = None,
           **params: Any) -> Points:
    """Shows points as a picture: gathered on a grid by the daemon, as numpy.histogram2d does.

    Parameters
    ----------
    x, y, value : array-like
        The first batch; :meth:`Points.add` takes the next. May be empty when the ranges are given.
    x_range, y_range : (float, float), optional
        What the grid spans; by default that of the first batch.
    width, height : int
        Bins.
    agg : {'count', 'sum', 'mean', 'min', 'max', 'last'}
        Of the points in a bin, or of their values.
    window_s : float
        Only the points of the last so many seconds count. 0: all.
    decay_s : float
        Counts and sums fade to 1/e in so many seconds. 0: they stay.
    fps : float
        How often the picture is made, at most.
    name, server, takeover, pace, on_error, timeout
        As of :func:`imshow`.
    labels, **params
        px.imshow's.

    Returns
    -------
    Points
    """
    if agg not in AGGREGATES:
        raise ValueError(f'points: agg {agg!r}: give one of {", ".join(AGGREGATES)}')
    unknown = [key for key in params if key not in DEFAULTS]
    if unknown:
        raise TypeError(f'points: px.imshow has no parameter {unknown[0]!r}')
    if agg in OF_VALUES and value is None:
        raise ValueError(f'points: {agg} is of a value: give x, y and value')
    columns = read_columns(x, y, value if agg in OF_VALUES else None)
    grid = {'x_range': range_of(columns[0], x_range, 'x_range'),
            'y_range': range_of(columns[1], y_range, 'y_range'), 'width': int(width), 'height': int(height),
            'agg': agg, 'window_s': window_s, 'decay_s': decay_s, 'fps': fps}
    given = {**params, 'labels': labels or {}}
    hello = {'params': _values.params_of(given, DEFAULTS), 'points': grid}
    result = Points(Session(name, server, takeover, pace, on_error, timeout, hello), agg in OF_VALUES)
    result._start(columns)
    return result
