# SPDX-License-Identifier: MIT
"""The same for programs with asyncio: calls run on a thread, so that the loop is never held up.

    import imshowd.aio
    live = await imshowd.aio.imshow(array)
    await live.update(array)
    async for frame in imshowd.aio.frames('photo'): ...
"""
from __future__ import annotations

import asyncio
import functools
from typing import Any, AsyncIterator, Callable, Mapping, Optional, TypeVar

from . import _live, _points, _read

T = TypeVar('T')


async def _run(call: Callable[..., T], *args: Any, **keys: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(call, *args, **keys))


class Live:
    """As :class:`imshowd.Live`; every method that speaks with the daemon is a coroutine."""

    def __init__(self, live: _live.Live):
        self.live = live

    async def update(self, image: Any, time: Any = None, meta: Optional[Mapping[str, Any]] = None,
                     labelled: Optional[Mapping[str, Any]] = None) -> bool:
        """As :meth:`imshowd.Live.update`."""
        return await _run(self.live.update, image, time, meta, labelled)

    async def wait(self, timeout: Optional[float] = None) -> bool:
        """As :meth:`imshowd.Live.wait`."""
        return await _run(self.live.wait, timeout)

    async def change(self, method: str, *args: Any, **keys: Any) -> None:
        """``await live.change('update_layout', title='now')``: a change of the figure by its method's name."""
        await _run(getattr(self.live, method), *args, **keys)

    @property
    def url(self) -> str:
        """Where the page shows the stream."""
        return self.live.url

    async def close(self) -> None:
        """As :meth:`imshowd.Live.close`."""
        await _run(self.live.close)

    async def __aenter__(self) -> 'Live':
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Points:
    """As :class:`imshowd.Points`; its methods are coroutines."""

    def __init__(self, points: _points.Points):
        self.points = points

    async def add(self, x: Any, y: Any, value: Any = None) -> bool:
        """As :meth:`imshowd.Points.add`."""
        return await _run(self.points.add, x, y, value)

    async def close(self) -> None:
        """As :meth:`imshowd.Points.close`."""
        await _run(self.points.close)

    async def __aenter__(self) -> 'Points':
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def imshow(img: Any, *args: Any, **keys: Any) -> Live:
    """As :func:`imshowd.imshow`."""
    return Live(await _run(_live.imshow, img, *args, **keys))


async def points(x: Any, y: Any, value: Any = None, **keys: Any) -> Points:
    """As :func:`imshowd.points`."""
    return Points(await _run(_points.points, x, y, value, **keys))


async def read(stream: str, server: Optional[str] = None, timeout: float = 20.0) -> _read.Frame:
    """As :func:`imshowd.read`."""
    return await _run(_read.read, stream, server, timeout)


async def figure(stream: str, server: Optional[str] = None, timeout: float = 20.0) -> dict[str, Any]:
    """As :func:`imshowd.figure`."""
    return await _run(_read.figure, stream, server, timeout)


async def frames(stream: str, server: Optional[str] = None, timeout: float = 20.0,
                 on_error: str = 'raise') -> AsyncIterator[_read.Frame]:
    """As :func:`imshowd.frames`."""
    iterator = _read.frames(stream, server, timeout, on_error)
    try:
        while True:
            yield await _run(next, iterator)
    finally:
        await _run(close, iterator)


def close(iterator: Any) -> None:
    iterator.close()
