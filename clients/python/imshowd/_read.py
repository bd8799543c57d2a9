# SPDX-License-Identifier: MIT
"""Reading streams back: exact values, by the daemon's ``frame.npy``."""
from __future__ import annotations

import base64
import io
import json
import time as clock
from typing import Any, Iterator, Mapping, NamedTuple, Optional

import numpy as np

from . import _address, _http
from ._errors import ConnectionLost, ServerError

PAUSE_S, PAUSE_MAX_S = 0.2, 5.0 # before a daemon that is away is asked again
DATES = 'datetime64'


class Frame(NamedTuple):
    """A frame of a stream, with exactly the values that the daemon has.

    Attributes
    ----------
    values : numpy.ndarray
        As they were pushed, or as the camera gave them.
    seq, epoch : int
        Its number, with gaps where frames were skipped; epochs count up when the form changes.
    time : float
        When the daemon had it, in seconds since 1970.
    source_time : float or None
        The producer's own time.
    meta : dict
        What the producer said of it.
    labelled : dict or None
        Names and coordinates of the stream, in the form of ``DataArray.to_dict()`` without the data.
    """

    values: np.ndarray
    seq: int
    epoch: int
    time: float
    source_time: Optional[float]
    meta: dict[str, Any]
    labelled: Optional[dict[str, Any]]

    def to_xarray(self) -> Any:
        """The frame as an xarray.DataArray; names and coordinates where the stream has them."""
        import xarray
        named = self.labelled or {}
        if 'index' in named: # a table's
            sides = [(named.get(key) or [None])[0] or name for key, name in
                    (('index_names', 'row'), ('column_names', 'column'))]
            return xarray.DataArray(self.values, dims=sides, coords=dict(zip(
                sides, (untyped(named['index']), untyped(named['columns'])))))
        dims = named.get('dims')
        if not dims or len(dims) != self.values.ndim:
            return xarray.DataArray(self.values)
        coords = {name: (name, untyped(coord), coord.get('attrs', {})) if isinstance(coord, dict) else
                  (name, coord) for name, coord in named.get('coords', {}).items()}
        fitting = {name: coord for name, coord in coords.items()
                   if len(coord[1]) == self.values.shape[dims.index(name)]}
        return xarray.DataArray(self.values, dims=dims, coords=fitting, name=named.get('name'),
                                attrs=named.get('attrs', {}))


def untyped(coord: Any) -> Any:
    """A coordinate as an array: of its own type where it says it."""
    data = coord.get('data', []) if isinstance(coord, dict) else coord
    dtype = coord.get('dtype', '') if isinstance(coord, dict) else ''
    if not isinstance(data, str):
        return np.array(data, dtype or None)
    raw = base64.b64decode(data)
    return np.frombuffer(raw, '<i8').astype('i8').view(dtype) if dtype.startswith(DATES) \
        else np.frombuffer(raw, dtype)


class Reader:
    """One stream at one daemon, by a connection that is kept."""

    def __init__(self, stream: str, server: Optional[str], timeout: float):
        self.stream = stream
        self.web = _http.Web(_address.resolve(server, web_only=True), timeout)

    def close(self) -> None:
        self.web.close()

    def next(self, after: Optional[int]) -> Frame:
        """The newest frame; with `after`, waits (some seconds) for one that is not of that number."""
        query = '' if after is None else f'?after={after}'
        headers, body = self.web.request('GET', _http.route(self.stream, 'frame.npy') + query)
        values = np.load(io.BytesIO(body), allow_pickle=False)
        source_time = headers.get('X-Source-Timestamp')
        meta = headers.get('X-Meta', '{}').encode('latin1').decode('utf-8')
        return Frame(values, int(headers.get('X-Seq', 0)), int(headers.get('X-Epoch', 0)),
                     float(headers.get('X-Timestamp', 0)),
                     None if source_time is None else float(source_time), json.loads(meta), self.labels())

    def labels(self) -> Optional[dict[str, Any]]:
        figure = ask_json(self.web, _http.stream_path(self.stream)).get('figure', {})
        found = figure.get('labelled')
        return found if isinstance(found, dict) else None


def ask_json(web: _http.Web, path: str) -> dict[str, Any]:
    return json.loads(web.request('GET', path)[1])


def read(stream: str, server: Optional[str] = None, timeout: float = 20.0) -> Frame:
    """The newest frame of a stream, with exact values.

    Parameters
    ----------
    stream : str
        Its name.
    server : str, optional
        ``'http://HOST:PORT'``; by default ``$IMSHOW_SERVER`` if that is one, else ``http://127.0.0.1:8080``.
    timeout : float
        Seconds; a camera that nobody watches is started for the frame.

    Returns
    -------
    Frame

    Raises
    ------
    ServerError
        There is no such stream, or it gives no frame.
    ConnectionLost
        There is no daemon.
    """
    reader = Reader(stream, server, timeout)
    try:
        return reader.next(None)
    finally:
        reader.close()


def frames(stream: str, server: Optional[str] = None, timeout: float = 20.0,
           on_error: str = 'raise') -> Iterator[Frame]:
    """The frames of a stream as they come, with exact values, without end.

    Each is the newest there is: what comes while one is being worked on is skipped, which `seq` shows.
    A stream that stands still is waited for.

    Parameters
    ----------
    stream, server, timeout
        As of :func:`read`.
    on_error : {'raise', 'wait'}
        What becomes of a daemon or a stream that is away: an exception, or waiting until it is there again.

    Yields
    ------
    Frame
    """
    if on_error not in ('raise', 'wait'):
        raise ValueError(f'on_error {on_error!r}: give "raise" or "wait"')
    reader, after, pause = Reader(stream, server, timeout), None, PAUSE_S
    try:
        while True:
            try:
                frame = reader.next(after)
            except (ServerError, ConnectionLost) as error:
                if is_still(error):
                    continue
                if on_error == 'raise':
                    raise
                clock.sleep(pause)
                pause = min(PAUSE_MAX_S, pause * 2)
                continue
            after, pause = frame.seq, PAUSE_S
            yield frame
    finally:
        reader.close()


def is_still(error: Exception) -> bool:
    """The daemon has waited for a frame in vain."""
    return isinstance(error, ServerError) and error.code == 'http-504'


def figure(stream: str, server: Optional[str] = None, timeout: float = 20.0) -> dict[str, Any]:
    """The newest frame as px.imshow's figure: ``plotly.graph_objects.Figure(imshowd.figure('photo'))``.

    Parameters
    ----------
    stream, server, timeout
        As of :func:`read`.

    Returns
    -------
    dict
        With ``data`` and ``layout``, as plotly's JSON has it.
    """
    web = _http.Web(_address.resolve(server, web_only=True), timeout)
    try:
        return ask_json(web, _http.route(stream, 'figure.json'))
    finally:
        web.close()


def streams(server: Optional[str] = None, timeout: float = 5.0) -> list[Mapping[str, Any]]:
    """All streams, as maps with ``name``, ``state``, ``shape``, ``dtype``, ``fps`` and more.

    Parameters
    ----------
    server, timeout
        As of :func:`read`.

    Returns
    -------
    list of dict
    """
    web = _http.Web(_address.resolve(server, web_only=True), timeout)
    try:
        return ask_json(web, '/api/v1/streams')['streams']
    finally:
        web.close()
