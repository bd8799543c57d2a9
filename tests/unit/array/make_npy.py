#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes npy.json with NumPy: files in hex and what they hold, and files that must be refused.

    python3 tests/unit/array/make_npy.py
"""
import io
import json
import pathlib

import numpy as np
from numpy.lib import format as npy

DTYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
          "float64"]


def values_of(dtype, shape):
    n = int(np.prod(shape))
    if dtype == "bool":
        a = np.arange(n) % 3 == 0
    elif dtype.startswith("float"):
        a = np.arange(n) / 4 - 1
        a.flat[0] = np.nan if n else 0
    else:
        info = np.iinfo(dtype)
        a = np.array([info.min, info.max, 0, 1, 2, 3, 5, 7, 11, 13, 17, 19][:n], dtype=dtype)
    return a.astype(dtype).reshape(shape)


def case(name, array, version=None):
    f = io.BytesIO()
    npy.write_array(f, array, version=version)
    values = [v.item() for v in array.ravel()]
    values = ["NaN" if v != v else str(v) if isinstance(v, int) and abs(v) > 2**53 else v for v in values]
    return {"name": name, "bytes": f.getvalue().hex(), "dtype": array.dtype.name, "shape": list(array.shape),
            "values": values, "fortran": bool(array.flags.f_contiguous and not array.flags.c_contiguous)}


def raw(name, header, expect, data=b"", version=1):
    text = header.encode("latin1")
    length = len(text).to_bytes(2 if version == 1 else 4, "little")
    return {"name": name, "bytes": (b"\x93NUMPY" + bytes([version, 0]) + length + text + data).hex(), "expect": expect}


good = []
for d in DTYPES:
    a = values_of(d, (3, 4))
    good.append(case(f"{d}, C order", a))
    good.append(case(f"{d}, Fortran order", np.asfortranarray(a)))
    good.append(case(f"{d}, the other byte order", a.astype(a.dtype.newbyteorder(">"))))
a = values_of("uint16", (2, 3, 2))
good += [case(f"version {v}", a, (v, 0)) for v in (1, 2, 3)]
good += [case("no dimension", values_of("float32", ())), case("one dimension", values_of("int16", (5,))),
         case("no items", values_of("uint8", (3, 0, 2))), case("eight dimensions", values_of("uint8", (1, 2, 1, 3, 1, 1, 1, 2))),
         case("Fortran, three dimensions, big-endian", np.asfortranarray(a.astype(">u2")))]

U2 = "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }\n"
bad = [
    raw("no items there", U2, "truncated"),
    raw("one byte short", U2, "truncated", bytes(11)),
    raw("an object", "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "unsupported", bytes(8)),
    raw("a structure", "{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (1,), }", "unsupported", bytes(2)),
    raw("complex numbers", "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "unsupported", bytes(8)),
    raw("text", "{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }", "unsupported", bytes(20)),
    raw("a float of 16 bytes", "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", "unsupported", bytes(16)),
    raw("a shape that overflows", "{'descr': '<u2', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "limit"),
    raw("a shape whose zero hides an overflow",
        "{'descr': '<u2', 'fortran_order': True, 'shape': (4294967296, 4294967296, 0), }", "limit"),
    raw("a length that overflows", "{'descr': '<u2', 'fortran_order': False, 'shape': (99999999999999999999,), }", "limit"),
    raw("a terabyte", "{'descr': '<f8', 'fortran_order': False, 'shape': (137438953472,), }", "limit"),
    raw("nine dimensions", "{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", "limit"),
    raw("a negative length", "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }", "invalid"),
    raw("a shape that is a number", "{'descr': '|u1', 'fortran_order': False, 'shape': (1), }", "invalid", bytes(1)),
    raw("a shape that is a list", "{'descr': '|u1', 'fortran_order': False, 'shape': [1], }", "invalid", bytes(1)),
    raw("a shape that does not end", "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2", "invalid"),
    raw("no shape", "{'descr': '|u1', 'fortran_order': False, }", "invalid"),
    raw("no type", "{'fortran_order': False, 'shape': (1,), }", "invalid"),
    raw("two types", "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", "invalid"),
    raw("an unknown key", "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'evil': 1, }", "invalid"),
    raw("an order that is a number", "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,), }", "invalid"),
    raw("code behind the dict", "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }.clear()", "invalid"),
    raw("a text that does not end", "{'descr", "invalid"),
    raw("no dict", "()", "invalid"),
    raw("an empty header", "", "invalid"),
    {"name": "a header of 100 kB", "bytes": (b"\x93NUMPY\x02\x00" + (100000).to_bytes(4, "little")).hex(),
     "expect": "limit"},
    {"name": "version 4", "bytes": (b"\x93NUMPY\x04\x00" + bytes(20)).hex(), "expect": "unsupported"},
    {"name": "another magic", "bytes": b"\x89PNG\r\n\x1a\n".hex(), "expect": "invalid"},
    {"name": "nothing", "bytes": "", "expect": "truncated"},
    {"name": "a cut length", "bytes": b"\x93NUMPY\x02\x00\x10".hex(), "expect": "truncated"},
    {"name": "a cut header", "bytes": b"\x93NUMPY\x01\x00\xff\xff{'descr'".hex(), "expect": "truncated"},
]
out = pathlib.Path(__file__).with_name("npy.json")
out.write_text("[\n" + ",\n".join(json.dumps(c) for c in good + bad) + "\n]\n")
