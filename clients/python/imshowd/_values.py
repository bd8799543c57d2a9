# SPDX-License-Identifier: MIT
"""From what Python programs hold to what the protocol says: parameters, times, metadata."""
from __future__ import annotations

import datetime
from typing import Any, Mapping, Optional, Union

import numpy as np

from . import _wire

Time = Union[float, datetime.datetime, np.datetime64]


def plain(value: Any) -> Any:
    """Maps, lists, texts, numbers of whatever stands for them (arrays, tuples, plotly's objects)."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.datetime64):
        return str(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if hasattr(value, 'to_plotly_json'):
        return plain(value.to_plotly_json())
    if hasattr(value, '__array__'):
        return [plain(item) for item in np.asarray(value).tolist()] if np.ndim(value) \
            else plain(np.asarray(value)[()])
    if isinstance(value, (list, tuple, set, frozenset, range)) or hasattr(value, '__iter__'):
        return [plain(item) for item in value]
    return str(value)


def typed(values: Any) -> Any:
    """Coordinates: numbers and dates as ``{"dtype", "data"}``, everything else as a list of texts."""
    values = np.asarray(getattr(values, 'values', values))
    if values.dtype.kind == 'O':
        values = settle(values)
    if values.dtype.kind == 'M':
        values = values if str(values.dtype) != 'datetime64[W]' else values.astype('M8[D]')
        counts = np.ascontiguousarray(values).astype('<i8')
        return {'dtype': str(values.dtype.newbyteorder('=')), 'data': counts.tobytes()}
    if values.dtype.kind == 'm':
        values = values.astype('<i8')
    if values.dtype.kind == 'f' and values.dtype.itemsize > 8:
        values = values.astype('<f8')
    if values.dtype.kind in 'iufb':
        return {'dtype': values.dtype.str, 'data': np.ascontiguousarray(values).tobytes()}
    return [str(item) for item in values.tolist()]


def settle(values: np.ndarray) -> np.ndarray:
    """Python's objects as the type that they all have: numbers, dates, or texts."""
    items = values.tolist()
    if items and all(isinstance(item, (datetime.date, np.datetime64)) for item in items):
        return np.array(items, dtype='M8[us]')
    if items and all(isinstance(item, (bool, int, float)) or item is None for item in items):
        return np.array([np.nan if item is None else item for item in items])
    return np.array([str(item) for item in items])


def params_of(given: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """px.imshow's parameters that differ from its defaults."""
    result: dict[str, Any] = {}
    for key, value in given.items():
        default = defaults[key]
        is_default = value is default or (isinstance(value, type(default)) and value == default
                                          if not hasattr(value, '__array__') else False)
        if not is_default:
            result[key] = typed(value) if key in ('x', 'y') else plain(value)
    return result


def time_us(time: Optional[Time]) -> Optional[int]:
    """µs since 1970 UTC of seconds, of a datetime (naive: local time), or of a datetime64 (UTC)."""
    if time is None:
        return None
    if isinstance(time, np.datetime64):
        return int(time.astype('M8[us]').astype('i8'))
    if isinstance(time, datetime.datetime):
        time = time.timestamp()
    return round(float(time) * 1e6)


def metadata(meta: Optional[Mapping[str, Any]]) -> Optional[dict[str, Any]]:
    """Checks what the protocol bounds, so that a mistake costs no connection."""
    if not meta:
        return None
    result = plain(meta)
    if len(result) > _wire.META_KEYS_MAX or len(_wire.pack(result)) > _wire.META_BYTES_MAX:
        raise ValueError(f'meta: at most {_wire.META_KEYS_MAX} keys in {_wire.META_BYTES_MAX} bytes')
    return result
