#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the first corpus from the test vectors: python3 tests/fuzz/make_seeds.py. Findings are added by hand."""
import json
import pathlib

HERE = pathlib.Path(__file__).parent
TESTS = HERE.parent


def seed(target, name, data):
    if len(data) <= 1200:
        slug = "".join(c if c.isalnum() else "-" for c in name)
        (HERE / "corpus" / target / slug).write_bytes(data)


for family in ("viewer", "server", "picture", "push", "bad"):
    for row in json.loads((TESTS / "wire" / f"{family}.json").read_text()):
        data = bytes.fromhex(row["bytes"])
        if not row["name"].startswith("ack cut"):
            seed("msgpack", f"{family}-{row['name']}", data)
        if "value" in row and len(data) < 700:
            seed("json", f"{family}-{row['name']}", json.dumps(row["value"], ensure_ascii=False).encode())
for row in json.loads((TESTS / "unit" / "array" / "npy.json").read_text()):
    seed("npy", row["name"], bytes.fromhex(row["bytes"]))
seed("json", "numbers", b'[0, -0, 1e5, -1.5E-7, 123456789012345678901234567890, 9223372036854775807, 5e-324, 1.7976931348623157e308]')
seed("json", "texts", rb'["\u00e9\ud83d\ude00\n\t\"\\\/<>", "\u007f", ""]')
seed("json", "deep", b"[" * 33 + b"]" * 33)
seed("json", "twice", b'{"a": 1, "a": 2}')
