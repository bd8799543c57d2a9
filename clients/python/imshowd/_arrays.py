# SPDX-License-Identifier: MIT
"""Arrays, and the names and coordinates that some of them carry.

px.imshow reads names, coordinates and units of an xarray.DataArray and of a pandas.DataFrame; here they
become the ``labelled`` of the protocol, and the daemon derives titles and hover texts as px.imshow does.
Neither library is imported: an object of theirs can only be there when its library is.
"""
from __future__ import annotations

import sys
from typing import Any, NamedTuple, Optional

import numpy as np

from . import _values, _wire

ATTRIBUTES = ('long_name', 'standard_name', 'units', 'unit')


class Picture(NamedTuple):
    values: np.ndarray
    labelled: Optional[dict[str, Any]]  # None: it has none of its own


def is_of(value: Any, module: str, name: str) -> bool:
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(value, kind)


def read(image: Any) -> Picture:
    """Raises TypeError for what is no picture of numbers, ValueError for what is too large."""
    labelled = None
    if is_of(image, 'xarray', 'DataArray'):
        labelled, image = labels_of_array(image), image.values
    elif is_of(image, 'pandas', 'DataFrame'):
        labelled, image = labels_of_table(image), image.to_numpy()
    return Picture(numbers(np.asarray(image)), labelled)


def numbers(values: np.ndarray) -> np.ndarray:
    """The same as a type that the protocol has; the mask of a masked array is dropped, as px.imshow does."""
    if values.dtype.kind == 'O':
        try:
            values = values.astype('f8')
        except (TypeError, ValueError):
            raise TypeError('an array of objects is no picture: give numbers, all rows of one length') from None
    if values.dtype.kind not in 'biuf':
        raise TypeError(f'an array of {values.dtype} is no picture: give integers, floats or bool')
    if values.dtype.itemsize > 8:
        values = values.astype('f8')
    if values.nbytes > _wire.FRAME_BYTES_MAX:
        raise ValueError(f'an array of {values.nbytes} bytes is too large: a frame has at most '
                         f'{_wire.FRAME_BYTES_MAX >> 20} MiB')
    return values


def texts_of(attributes: Any, keys: tuple[str, ...]) -> dict[str, str]:
    return {key: str(attributes[key]) for key in keys if attributes.get(key) is not None}


def labels_of_array(array: Any) -> dict[str, Any]:
    coords = {}
    for dim in array.dims:
        if dim not in array.coords:
            continue
        coord = array.coords[dim]
        form = _values.typed(coord.values)
        coords[str(dim)] = {**(form if isinstance(form, dict) else {'data': form}),
                            'attrs': texts_of(coord.attrs, ('units',))}
    labelled = {'dims': [str(dim) for dim in array.dims], 'coords': coords,
                'attrs': texts_of(array.attrs, ATTRIBUTES)}
    if array.name is not None:
        labelled['name'] = str(array.name)
    return labelled


def labels_of_table(table: Any) -> dict[str, Any]:
    labelled: dict[str, Any] = {}
    for side, names in (('index', 'index_names'), ('columns', 'column_names')):
        index = getattr(table, side)
        if index.nlevels > 1:
            raise TypeError(f'{side} has {index.nlevels} levels: a picture has one along each side')
        if getattr(index, 'tz', None) is not None:
            index = index.tz_localize(None)  # the hours as they are shown
        labelled[side] = _values.typed(index.values if index.dtype.kind == 'M' else index.to_numpy())
        labelled[names] = [None if index.name is None else str(index.name)]
    return labelled
