# SPDX-License-Identifier: MIT
"""imshow: px.imshow whose figure goes on."""
from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import numpy as np

from . import _arrays, _link, _values, _wire
from ._errors import Error, ServerError
from ._pool import WORTH_BYTES, Pool
from ._session import Session

OPS_MAX = 256 # of one stream, as the daemon has it

# px.imshow's defaults, as of plotly 6.9.0.
DEFAULTS: dict[str, Any] = {
    'zmin': None, 'zmax': None, 'origin': None, 'labels': {}, 'x': None, 'y': None, 'animation_frame': None,
    'facet_col': None, 'facet_row': None, 'facet_col_wrap': None, 'facet_col_spacing': None,
    'facet_row_spacing': None, 'color_continuous_scale': None, 'color_continuous_midpoint': None,
    'range_color': None, 'title': None, 'template': None, 'width': None, 'height': None, 'aspect': None,
    'contrast_rescaling': None, 'binary_string': None, 'binary_backend': 'auto',
    'binary_compression_level': 4, 'binary_format': 'png', 'text_auto': False,
}


class Live:
    """A stream that this program pushes; made by :func:`imshow`.

    All methods may be called from any thread. As a context manager it closes at the end.

    Attributes
    ----------
    sent, dropped : int
        Frames that went to the daemon, and those that did not because it had no room or was away.
    """

    def __init__(self, session: Session):
        self._session = session
        self._ops: list[dict[str, Any]] = list(session.hello.get('ops') or [])
        self._labelled: Optional[bytes] = None # what the daemon knows, packed
        self.sent = self.dropped = 0

    # ---- frames ----

    def _start(self, picture: _arrays.Picture, time_us: Optional[int],
               meta: Optional[dict[str, Any]]) -> None:
        """The first frame, and what the daemon says to it and to the parameters."""
        session = self._session
        with session.lock:
            try:
                deadline = _link.now() + session.timeout
                self.sent += self._push(picture, time_us, meta, deadline)
                session.wait_taken(deadline)
            except Error as error:
                session.failed_at_start(error)

    def update(self, image: Any, time: Optional[_values.Time] = None,
               meta: Optional[Mapping[str, Any]] = None,
               labelled: Optional[Mapping[str, Any]] = None) -> bool:
        """Shows the next frame.

        Parameters
        ----------
        image : array-like
            As of :func:`imshow`; shape and type may change. Names and coordinates of a DataArray or
            DataFrame replace those before; a plain array keeps them.
        time : float, datetime.datetime or numpy.datetime64, optional
            When it was taken: seconds since 1970, or a date.
        meta : mapping, optional
            At most 32 texts, numbers or short lists of numbers, shown under the pointer.
        labelled : mapping, optional
            Names and coordinates for a plain array, in the form of ``DataArray.to_dict()``.

        Returns
        -------
        bool
            Whether it was sent. False: there was no room (``pace='drop'``), or no daemon.

        Raises
        ------
        TypeError, ValueError
            It is no picture of numbers, or too large.
        Error
            With ``on_error='raise'`` only.
        """
        picture = _arrays.read(image)
        if labelled is not None:
            picture = picture._replace(labelled=_values.plain(labelled))
        time_us, metadata = _values.time_us(time), _values.metadata(meta)
        session = self._session
        with session.lock:
            try:
                done = self._push(picture, time_us, metadata, _link.now() + session.timeout)
            except Error as error:
                session.failed(error)
                done = False
            self.sent += done
            self.dropped += not done
            return done

    def _push(self, picture: _arrays.Picture, time_us: Optional[int], meta: Optional[dict[str, Any]],
              deadline: float) -> bool:
        session = self._session
        had_link = session.link
        if not session.has_link(deadline) or not session.wait_room(deadline):
            return False
        if session.link is not had_link:
            self._labelled = _wire.pack(session.hello.get('labelled') or {})
        labelled = picture.labelled
        packed = None if labelled is None else _wire.pack(labelled)
        if packed == self._labelled:
            labelled = None
        slot = self._slot(picture.values, deadline)
        values = picture.values if slot is None else self._fill(slot, picture.values)
        message = _wire.frame(values.dtype.str, values.shape, time_us, meta, labelled)
        if slot is None:
            data = np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
            session.send(_wire.pack_with_bins(message, {'data': data}), deadline)
        else:
            session.send([memoryview(_wire.pack({'slot': slot, **message}))], deadline)
        if labelled is not None:
            self._labelled = packed
            session.hello['labelled'] = picture.labelled
        return True

    def _slot(self, values: np.ndarray, deadline: float) -> Optional[int]:
        """Shared memory for the values; None: they go by the socket."""
        session = self._session
        assert session.link
        if not session.link.has_memory or not session.may_pool or values.nbytes < WORTH_BYTES:
            return None
        if not session.pool:
            session.pool = Pool.create(values.nbytes)
            session.may_pool = session.pool is not None
            if not session.pool:
                return None
            session.link.send(session.pool.message(), deadline, session.pool.fds)
            session.pool.close_fds()
        return session.pool.take(values.nbytes)

    def _fill(self, slot: int, values: np.ndarray) -> np.ndarray:
        pool = self._session.pool
        assert pool
        view = pool.view(slot, values.dtype.newbyteorder('='), values.shape)
        view[...] = values
        return view

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Waits until the daemon has taken what was sent.

        Parameters
        ----------
        timeout : float, optional
            Seconds; the stream's own by default.

        Returns
        -------
        bool
            False when the time was over, or the connection was lost.
        """
        session = self._session
        with session.lock:
            try:
                if session.link:
                    session.wait_taken(_link.now() + (session.timeout if timeout is None else timeout))
                return session.link is not None and session.credits in (None, session.window)
            except Error as error:
                session.failed(error)
                return False

    # ---- the figure ----

    def _change(self, op: str, **keys: Any) -> 'Live':
        change = {'op': op, **{key: _values.plain(v) for key, v in keys.items() if v is not None}}
        session = self._session
        with session.lock:
            ops = [*self._ops, change]
            if len(ops) > OPS_MAX:
                raise ValueError(f'{op}: a figure takes {OPS_MAX} changes at most')
            before, session.hello['ops'] = session.hello.get('ops'), ops
            try:
                self._publish_ops(ops)
            except ServerError:
                session.hello['ops'] = before
                raise
            except Error as error:
                session.failed(error, 4) # the next hello has them
            self._ops = ops
        return self

    def _publish_ops(self, ops: Sequence[dict[str, Any]]) -> None:
        """By PATCH where the address is the web's; else by a new hello, which takes over the old one's."""
        session = self._session
        if not session.link:
            return
        deadline = _link.now() + session.timeout
        session.wait_taken(deadline)
        if session.address.is_web:
            from . import _http
            _http.patch(session.address, session.name, {'ops': ops}, session.timeout)
        else:
            session.connect(deadline, True)
            self._labelled = _wire.pack(session.hello.get('labelled') or {})

    def update_layout(self, args: Optional[Mapping[str, Any]] = None, **kwargs: Any) -> 'Live':
        """Changes the layout, as ``plotly.graph_objects.Figure.update_layout`` does.

        Parameters
        ----------
        args : mapping, optional
            Properties of the layout.
        **kwargs
            The same by name; ``coloraxis_showscale=False`` is a path.

        Returns
        -------
        Live
            Itself, so that calls can be chained.

        Raises
        ------
        ServerError
            The daemon refuses the change; nothing has changed then. Over ``unix:`` and ``tcp:`` it can
            say so with the next frame only.
        """
        return self._change('update_layout', args={**(args or {}), **kwargs})

    def update_xaxes(self, args: Optional[Mapping[str, Any]] = None, row: Optional[int] = None,
                     col: Optional[int] = None, **kwargs: Any) -> 'Live':
        """Changes all x axes, or that of one cell; otherwise as :meth:`update_layout`."""
        return self._change('update_xaxes', args={**(args or {}), **kwargs}, row=row, col=col)

    def update_yaxes(self, args: Optional[Mapping[str, Any]] = None, row: Optional[int] = None,
                     col: Optional[int] = None, **kwargs: Any) -> 'Live':
        """Changes all y axes, or that of one cell; otherwise as :meth:`update_layout`."""
        return self._change('update_yaxes', args={**(args or {}), **kwargs}, row=row, col=col)

    def update_traces(self, args: Optional[Mapping[str, Any]] = None,
                      selector: Optional[Mapping[str, Any]] = None, row: Optional[int] = None,
                      col: Optional[int] = None, **kwargs: Any) -> 'Live':
        """Changes the traces, or those that `selector` fits; otherwise as :meth:`update_layout`."""
        return self._change('update_traces', args={**(args or {}), **kwargs}, selector=selector, row=row,
                            col=col)

    def add_shape(self, shape: Optional[Mapping[str, Any]] = None, row: Optional[int] = None,
                  col: Optional[int] = None, **kwargs: Any) -> 'Live':
        """Draws a shape: ``add_shape(type='rect', x0=1, y0=1, x1=5, y1=4)``."""
        return self._change('add_shape', args={**_values.plain(shape or {}), **kwargs}, row=row, col=col)

    def add_annotation(self, annotation: Optional[Mapping[str, Any]] = None, row: Optional[int] = None,
                       col: Optional[int] = None, **kwargs: Any) -> 'Live':
        """Writes a note: ``add_annotation(x=3, y=2, text='here')``."""
        return self._change('add_annotation', args={**_values.plain(annotation or {}), **kwargs}, row=row,
                            col=col)

    def add_trace(self, trace: Any, row: Optional[int] = None, col: Optional[int] = None) -> 'Live':
        """Adds a trace: a mapping with its ``type``, or an object of ``plotly.graph_objects``."""
        return self._change('add_trace', trace=trace, row=row, col=col)

    # ---- the rest ----

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
        """Why the last frame was not sent, or None."""
        return self._session.error

    @property
    def connected(self) -> bool:
        """Whether there was a daemon when it was last spoken to."""
        return self._session.link is not None

    def close(self) -> None:
        """Ends it. The stream stays in the page for a while, as lost. May be called again."""
        self._session.close()

    def __enter__(self) -> 'Live':
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f'<imshowd.Live {self.name!r} at {self.url}: {self.sent} sent, {self.dropped} dropped>'

    def _repr_html_(self) -> str:
        """The picture as it moves, and the way to the page, for notebooks."""
        import html
        url, base = html.escape(self.url), html.escape(self.url.partition('/#/')[0])
        name = html.escape(self.url.partition('/#/')[2])
        return (f'<a href="{url}" target="_blank"><img src="{base}/streams/{name}/stream.mjpg?width=640" '
                f'style="max-width: 640px"><br>{html.escape(self.name)}</a>')


def imshow(img: Any, zmin: Any = None, zmax: Any = None, origin: Optional[str] = None,
           labels: Mapping[str, str] = DEFAULTS['labels'], x: Any = None, y: Any = None,
           animation_frame: Any = None, facet_col: Any = None, facet_row: Any = None,
           facet_col_wrap: Optional[int] = None, facet_col_spacing: Optional[float] = None,
           facet_row_spacing: Optional[float] = None, color_continuous_scale: Any = None,
           color_continuous_midpoint: Optional[float] = None, range_color: Any = None,
           title: Optional[str] = None, template: Any = None, width: Optional[float] = None,
           height: Optional[float] = None, aspect: Optional[str] = None,
           contrast_rescaling: Optional[str] = None, binary_string: Optional[bool] = None,
           binary_backend: str = 'auto', binary_compression_level: int = 4, binary_format: str = 'png',
           text_auto: Any = False, *, name: str = 'array', server: Optional[str] = None,
           takeover: bool = False, pace: str = 'drop', on_error: str = 'warn', timeout: float = 5.0,
           time: Optional[_values.Time] = None, meta: Optional[Mapping[str, Any]] = None) -> Live:
    """Shows an array in the page of an imshowd daemon, and keeps showing what follows.

    Parameters
    ----------
    img : array-like
        (M, N), (M, N, 3) or (M, N, 4), or a volume: numpy arrays of every number type, byte order and
        layout, lists, PIL images, an xarray.DataArray or a pandas.DataFrame, whose names, coordinates and
        units become the axes'.
    zmin, zmax, origin, labels, x, y, animation_frame, facet_col, facet_row, facet_col_wrap, \
facet_col_spacing, facet_row_spacing, color_continuous_scale, color_continuous_midpoint, range_color, title, \
template, width, height, aspect, contrast_rescaling, binary_string, binary_backend, \
binary_compression_level, binary_format, text_auto
        As of ``plotly.express.imshow``, version 6.9.0, in its order.
    name : str
        The stream's name in the page.
    server : str, optional
        ``'unix:PATH'``, ``'tcp:HOST:PORT'`` or ``'http://HOST:PORT'``. By default ``$IMSHOW_SERVER``, else
        the push socket ``$XDG_RUNTIME_DIR/imshow.sock`` or ``/run/imshowd/push.sock`` if one is there,
        else ``http://127.0.0.1:8080``.
    takeover : bool
        Take the name from another program that pushes it.
    pace : {'drop', 'wait'}
        What :meth:`Live.update` does while the daemon is busy: leave the frame out, or wait.
    on_error : {'warn', 'raise', 'ignore'}
        What becomes of a lost daemon and of a frame that it refuses: a warning, once a loss; an
        exception; nothing. Updates go on and find the daemon again in each case. Here at the start
        failures are raised, but with ``'ignore'``.
    timeout : float
        The most seconds that a call takes.
    time, meta
        Of the first frame, as of :meth:`Live.update`.

    Returns
    -------
    Live

    Raises
    ------
    ServerError
        The daemon's, or px.imshow's own words about a mistake.
    ConnectionLost
        There is no daemon.

    Examples
    --------
    >>> live = imshowd.imshow(counts, zmin=0, color_continuous_scale='Viridis', name='detector')
    >>> while True:
    ...     live.update(camera.read())
    """
    given = {key: value for key, value in locals().items() if key in DEFAULTS}
    picture = _arrays.read(img)
    hello: dict[str, Any] = {'params': _values.params_of(given, DEFAULTS), 'labelled': picture.labelled, 'ops': []}
    live = Live(Session(name, server, takeover, pace, on_error, timeout, hello))
    live._start(picture, _values.time_us(time), _values.metadata(meta))
    return live
