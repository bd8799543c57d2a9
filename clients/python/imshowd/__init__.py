# SPDX-License-Identifier: MIT
"""px.imshow, live: shows arrays as they change in the page of an imshowd daemon.

>>> import imshowd
>>> live = imshowd.imshow(array, zmin=0, labels={'color': 'counts'})
>>> live.update(array)                # again and again
>>> live.url
'http://127.0.0.1:8080/#/array'

:func:`points` makes a picture of points, :func:`read`, :func:`frames` and :func:`figure` read streams back,
:mod:`imshowd.aio` does the same for programs with asyncio.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import ConnectionLost, Error, ServerError, TakenOver
from ._live import Live, imshow

if TYPE_CHECKING:
    from . import aio as aio
    from ._points import Points, points
    from ._read import Frame, figure, frames, read, streams

__version__ = '0.1.0'
__all__ = ['ConnectionLost', 'Error', 'Frame', 'Live', 'Points', 'ServerError', 'TakenOver', 'figure',
           'frames', 'imshow', 'points', 'read', 'streams']

# Looked up when first used: a program that only pushes loads no HTTP.
_LATER = {'Points': '_points', 'points': '_points', 'Frame': '_read', 'figure': '_read',
          'frames': '_read', 'read': '_read', 'streams': '_read', 'aio': ''}


def __getattr__(name: str) -> Any:
    import importlib
    if name not in _LATER:
        raise AttributeError(f'module imshowd has no attribute {name!r}')
    module = importlib.import_module(f'.{_LATER[name] or name}', __name__)
    value = getattr(module, name) if _LATER[name] else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, 'aio'])
