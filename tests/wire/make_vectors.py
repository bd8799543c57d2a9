#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the wire vectors beside this file, with python3-msgpack: independent of the code under test.

    python3 tests/wire/make_vectors.py

viewer.json, server.json, picture.json, push.json: lists of {"name", "bytes", "value", "comment"}; bytes in
hex, value the same message as readable JSON, where {"$bin": "hex"} stands for a bin. 1.0 is a float, 1 an
integer; keys stand in wire order.
bad.json: {"name", "bytes", "expect"} with expect "invalid", "limit" or "truncated", for a reader that takes
messages of at most 64 kB.
index.json: {"dtype", "lo", "hi", "values", "indices"}, from the formula of docs/protocol.md section 6; transform.json:
the same with "transform" and "gamma", for the daemon, which alone colours through them.
"""
import json
import math
import pathlib
import struct

import msgpack

HERE = pathlib.Path(__file__).parent
TIME = 1700000000123456


class Bin(bytes):
    pass


def twin(v):
    if isinstance(v, Bin):
        return {"$bin": v.hex()}
    if isinstance(v, dict):
        return {k: twin(x) for k, x in v.items()}
    if isinstance(v, list):
        return [twin(x) for x in v]
    return v


def plain(v):
    if isinstance(v, Bin):
        return bytes(v)
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, list):
        return [plain(x) for x in v]
    return v


def vector(name, value, comment=""):
    packed = msgpack.packb(plain(value), use_bin_type=True)
    return {"name": name, "bytes": packed.hex(), "value": twin(value), "comment": comment}


def write(name, rows):
    text = "[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]\n"
    (HERE / name).write_text(text, encoding="utf-8")


# ---- a viewer's messages (section 2) ----
viewer = [
    vector("watch, nothing but the stream", {"type": "watch", "request": 1, "stream": "lab"}),
    vector("watch, every view key",
           {"type": "watch", "request": 2, "stream": "lab", "timeline": 0, "slice": [0, 3],
            "region": [-0.5, -0.5, 319.5, 239.5], "width": 800, "height": 600,
            "contrast_rescaling": "minmax", "zmin": 0, "zmax": 4095.5, "transform": "linear",
            "color_continuous_scale": "Viridis_r", "codec": "auto", "quality": 80, "level": 4}),
    vector("watch, limits a channel",
           {"type": "watch", "request": 3, "stream": "photo", "zmin": [0, 0, 0], "zmax": [255, 200.5, 255],
            "codec": "jpeg", "quality": 1}, "lists of 1, 3 or 4"),
    vector("watch, a list of one limit", {"type": "watch", "request": 4, "stream": "lab", "zmin": [0.25], "zmax": [0.75]}),
    vector("watch, region in integers", {"type": "watch", "request": 5, "stream": "lab", "region": [0, 0, 64, 48]},
           "an integer is accepted where a real is meant"),
    vector("watch, PNG", {"type": "watch", "request": 6, "stream": "lab", "codec": "png", "level": 9}),
    vector("watch, raw", {"type": "watch", "request": 7, "stream": "lab", "codec": "raw", "contrast_rescaling": "infer"}),
    vector("watch, passthrough", {"type": "watch", "request": 8, "stream": "cam", "codec": "passthrough"}),
    vector("watch, with a key of the future", {"type": "watch", "request": 9, "stream": "lab", "sharpen": {"by": [1, None]}},
           "unknown keys are ignored"),
    vector("watch, a replay cursor", {"type": "watch", "request": 10, "stream": "lab", "timeline": 7}),
    vector("unwatch", {"type": "unwatch", "view": 3}),
    vector("ack", {"type": "ack", "view": 3, "picture": 12}),
    vector("ack, of a picture that lay there for a while",
           {"type": "ack", "view": 3, "picture": 13, "held_us": 21500}),
    vector("watch, within bounds of size, quality and rate",
           {"type": "watch", "request": 6, "stream": "cam", "width": 1280, "adapt": True, "quality_min": 50,
            "scale_max": 2.5, "rate_max": 12.5}),
    vector("ack, a late picture", {"type": "ack", "view": 4294967295, "picture": 9007199254740991},
           "the largest numbers that JavaScript holds exactly"),
    vector("hover", {"type": "hover", "request": 11, "view": 3, "picture": 12, "seq": 400, "x": 17, "y": 239}),
    vector("ping", {"type": "ping", "request": 65536}),
    vector("timeline", {"type": "timeline", "request": 13, "stream": "lab"}),
    vector("timeline, from a time", {"type": "timeline", "request": 14, "stream": "lab", "time_us": TIME, "playing": False}),
    vector("timeline, from a frame", {"type": "timeline", "request": 15, "stream": "lab", "frame": 17}),
    vector("play", {"type": "play", "timeline": 7}),
    vector("pause", {"type": "pause", "timeline": 7}),
    vector("seek, a time", {"type": "seek", "timeline": 7, "time_us": TIME}),
    vector("seek, a frame of a stream", {"type": "seek", "timeline": 7, "frame": 0, "stream": "lab"}),
    vector("step, back", {"type": "step", "timeline": 7, "frames": -1}),
    vector("speed", {"type": "speed", "timeline": 7, "speed": -0.5}),
    vector("loop", {"type": "loop", "timeline": 7, "loop": True}),
    vector("untimeline", {"type": "untimeline", "timeline": 7}),
    vector("unknown type", {"type": "dance", "request": 12}, "answered with an error, costs nothing else"),
]

# ---- the server's messages (section 4) ----
stream = {"name": "lab", "state": "live", "reason": "", "source": "test:lab", "epoch": 1, "shape": [480, 640],
          "dtype": "<u2", "fps": 29.97, "watchers": 2, "captured": 123456, "lost": 3, "encodes": 100000}
camera = {"name": "cam", "state": "lost", "reason": "no such device: plug it in, retry in 5 s",
          "source": "v4l2:/dev/video0", "epoch": 2, "shape": [720, 1280, 3], "dtype": "MJPG", "fps": 0.0,
          "watchers": 0, "captured": 70000, "lost": 0, "encodes": 0}
waiting = {"name": "temp", "state": "waiting", "reason": "", "source": "push", "epoch": 0, "shape": [], "dtype": "",
           "fps": 0.0, "watchers": 0, "captured": 0, "lost": 0, "encodes": 0}
spec = {"timeline": 0, "slice": [], "region": [-0.5, -0.5, 639.5, 479.5], "width": 640, "height": 480,
        "contrast_rescaling": "minmax", "transform": "linear", "color_continuous_scale": "Viridis", "codec": "png",
        "level": 4}
figure = {"data": [], "layout": {"coloraxis": {"colorscale": [[0.0, "#440154"], [1.0, "#fde725"]], "cmin": 0},
                                 "xaxis": {"range": [-0.5, 639.5]},
                                 "yaxis": {"range": [479.5, -0.5], "title": {"text": "depth [µm]"}}}, "config": {}}
colors = Bin(bytes(b for i in range(256) for b in (i, 255 - i, i // 2)))
server = [
    vector("hello", {"type": "hello", "version": 1, "server": "imshowd 0.1.0", "time_us": TIME, "window": 2}),
    vector("streams, none", {"type": "streams", "streams": []}),
    vector("streams, live, lost and waiting", {"type": "streams", "streams": [stream, camera, waiting]}),
    vector("watching, scalar",
           {"type": "watching", "request": 1, "view": 3, "stream": "lab", "epoch": 1, "shape": [480, 640], "dtype": "<u2",
            "frame_width": 640, "frame_height": 480, "spec": spec, "colors": colors, "gap": False, "figure": figure},
           "colors are 3 bytes for each of 256 indices"),
    vector("adapted", {"type": "adapted", "view": 4, "to": 9, "rung": 3,
                       "spec": {"width": 640, "height": 360, "codec": "jpeg", "quality": 55}}),
    vector("watching, colour",
           {"type": "watching", "request": 2, "view": 4, "stream": "cam", "epoch": 2, "shape": [720, 1280, 3],
            "dtype": "MJPG", "frame_width": 1280, "frame_height": 720,
            "spec": {"timeline": 0, "slice": [], "region": [-0.5, -0.5, 1279.5, 719.5], "width": 1280, "height": 720,
                     "codec": "passthrough"}, "gap": False, "figure": {"data": [], "layout": {}, "config": {}}},
           "no colors for colour streams"),
    vector("patch", {"type": "patch", "view": 3, "patch": [[["layout", "coloraxis", "cmax"], 4095],
                                                          [["layout", "shapes", 0], {"type": "line", "x0": 1.5}],
                                                          [["layout", "title"], None]]},
           "nil at a map key removes it"),
    vector("advance", {"type": "advance", "view": 3, "picture": 12, "seq": 431, "time_us": TIME}),
    vector("ended", {"type": "ended", "view": 3, "reason": "new epoch"}),
    vector("value, integer", {"type": "value", "request": 11, "view": 3, "seq": 400, "x": 17, "y": 239, "value": 4095}),
    vector("value, negative", {"type": "value", "request": 12, "view": 3, "seq": 400, "x": 0, "y": 0, "value": -32768}),
    vector("value, real", {"type": "value", "request": 13, "view": 3, "seq": 400, "x": 0, "y": 0, "value": 0.1}),
    vector("value, a whole real", {"type": "value", "request": 14, "view": 3, "seq": 400, "x": 0, "y": 0, "value": 3.0},
           "a real stays a float 64 on the wire"),
    vector("value, beyond 2^53", {"type": "value", "request": 15, "view": 3, "seq": 400, "x": 0, "y": 0,
                                 "value": "18446744073709551615"}, "i64 and u64 beyond 2^53 are text"),
    vector("value, not finite", {"type": "value", "request": 16, "view": 3, "seq": 400, "x": 0, "y": 0, "value": "-Infinity"}),
    vector("value, NaN", {"type": "value", "request": 17, "view": 3, "seq": 400, "x": 0, "y": 0, "value": "NaN"}),
    vector("value, nil", {"type": "value", "request": 18, "view": 3, "seq": 400, "x": 0, "y": 0, "value": None}),
    vector("value, colour", {"type": "value", "request": 19, "view": 4, "seq": 9, "x": 1279, "y": 719, "value": [255, 128, 0]}),
    vector("value, with the frame's meta",
           {"type": "value", "request": 20, "view": 3, "seq": 400, "x": 17, "y": 239, "value": 4095,
            "meta": {"temperature": 21.5, "lamp": "on", "stage": [1, 2.5, -3]}}),
    vector("controls", {"type": "controls", "stream": "cam", "changed": {"brightness": 12, "white balance": True}}),
    vector("gone", {"type": "gone", "request": 20, "view": 3, "picture": 12}),
    vector("pong", {"type": "pong", "request": 65536, "time_us": TIME}),
    vector("timeline", {"type": "timeline", "request": 13, "timeline": 7, "stream": "lab", "streams": ["lab", "thermal"],
                        "start_us": TIME, "end_us": TIME + 2500000, "frames": 76,
                        "markers": [{"time_us": TIME + 1000000, "text": "lamp on"}], "time_us": TIME + 40000, "frame": 1,
                        "playing": False, "speed": 1.0, "loop": True}),
    vector("moved", {"type": "moved", "timeline": 7, "time_us": TIME + 80000, "frame": 2, "playing": True, "speed": -0.5,
                     "loop": False}),
    vector("untimeline", {"type": "untimeline", "timeline": 7, "reason": "the file has changed"}),
]
server += [vector("error, " + code, {"type": "error", "code": code, "text": text, "request": 21})
           for code, text in [
               ("bad-message", "watch: stream is missing"), ("unknown-type", "unknown type \"dance\""),
               ("unknown-stream", "no stream \"labb\""), ("unknown-view", "no view 77"),
               ("bad-view", "codec must be auto, jpeg, png, raw or passthrough, not \"webp\""),
               ("no-frame", "\"lab\" has no frame yet"), ("too-many", "64 views at most"),
               ("refused", "not allowed here"), ("name-in-use", "\"photo\" is being pushed by another"),
               ("bad-frame", "shape (480, 640) of <u2 is 614400 bytes, data has 12")]]
server.append(vector("error, of no request", {"type": "error", "code": "bad-message", "text": "no type"}))


# ---- pictures (section 5) ----
def picture(payload, **changes):
    head = {"type": "picture", "view": 3, "picture": 12, "base": 0, "seq": 400, "epoch": 1, "time_us": TIME,
            "codec": "png", "width": 640, "height": 480, "dtype": None, "limits": [0.0, 4095.0],
            "levels": None, "region": [-0.5, -0.5, 639.5, 479.5], "tile": None, "tiles": None, "parts": 1, "size": len(payload)}
    head.update(changes)
    head = {k: v for k, v in head.items() if v is not None}
    head["data"] = Bin(payload)
    return head


big = bytes(i * 7 & 255 for i in range(61440))
pictures = [
    vector("picture, PNG", picture(b"\x89PNG\r\n\x1a\n")),
    vector("picture, JPEG without limits",
           picture(b"\xff\xd8\xff\xd9", codec="jpeg", limits=[], width=1, height=1, region=[-0.5, -0.5, 0.5, 0.5])),
    vector("picture, passthrough", picture(b"\xff\xd8\xff\xe0\xff\xd9", codec="passthrough", limits=[], view=4, picture=1)),
    vector("picture, raw u1", picture(bytes(range(6)), codec="raw", dtype="|u1", width=3, height=2, limits=[0.0, 255.0],
                                      region=[9.5, 4.5, 12.5, 6.5])),
    vector("picture, raw u2", picture(struct.pack("<6H", 0, 1, 256, 4095, 65535, 7), codec="raw", dtype="<u2", width=3,
                                      height=2)),
    vector("picture, raw f4", picture(struct.pack("<2f", 0.5, math.nan), codec="raw", dtype="<f4", width=2, height=1,
                                      limits=[0.5, 0.5], time_us=-1), "limits may be equal; times before 1970 are negative"),
    vector("picture, limits a channel", picture(b"\xff\xd8\xff\xd9", codec="jpeg",
                                                limits=[0.0, 255.0, 1.5, 200.25, -3.0, 9.0])),
    vector("picture, largest numbers",
           picture(b"", view=4294967295, picture=9007199254740991, base=9007199254740990, seq=9007199254740991,
                   epoch=4294967295, time_us=9007199254740991, width=16384, height=16384, parts=65536,
                   size=4294967296, limits=[-1.7976931348623157e308, 1.7976931348623157e308] * 4)),
    vector("picture, levels of a transform",
           picture(b"\x89PNG", levels=[0.0, 16.0, 64.0, 256.0, 512.5, 1024.0, 2048.0, 3072.0, 4095.0])),
    vector("picture, changed tiles", picture(b"\x89PNG", base=11, tile=64, tiles=Bin(struct.pack("<4H", 0, 0, 9, 7))),
           "tiles are (column, row) pairs, u16 little-endian"),
    vector("picture of two parts", picture(big, parts=2, size=61445), "part 0 is full: 61440 bytes"),
    vector("part, its second", {"type": "part", "view": 3, "picture": 12, "part": 1, "data": Bin(b"hello")}),
    vector("part, empty", {"type": "part", "view": 0, "picture": 1, "part": 1, "data": Bin(b"")}),
    vector("part, late", {"type": "part", "view": 70000, "picture": 5000000000, "part": 300, "data": Bin(bytes(300))}),
]

# ---- pushing (section 9) ----
push = [
    vector("hello, the least", {"type": "hello", "version": 1, "name": "photo"}),
    vector("hello, everything",
           {"type": "hello", "version": 1, "name": "photo",
            "params": {"zmin": 50, "zmax": [255, 200.5, 100], "color_continuous_scale": "gray", "origin": "lower",
                       "labels": {"x": "column", "color": "T [K]"}, "aspect": None, "binary_string": True},
            "labelled": {"dims": ["y", "x"], "name": "temperature", "attrs": {"units": "K", "long_name": "skin temperature"},
                         "coords": {"y": {"dims": ["y"], "attrs": {"units": "°N"}, "data": [75.0, 72.5]},
                                    "x": {"dims": ["x"], "attrs": {}, "data": ["a", "b", "c"]}}},
            "takeover": False}),
    vector("hello, takeover", {"type": "hello", "version": 1, "name": "photo", "takeover": True}),
    vector("ready", {"type": "ready", "name": "photo", "version": 1}),
    vector("frame, u2", {"data": Bin(struct.pack("<6H", *range(6))), "dtype": "<u2", "shape": [2, 3], "time_us": TIME}),
    vector("frame, data last", {"dtype": "<u2", "shape": [2, 3], "time_us": TIME, "data": Bin(struct.pack("<6H", *range(6)))},
           "the order of keys is free; data last lets the pixels follow a head"),
    vector("frame, no time", {"dtype": "|u1", "shape": [1, 1, 3], "data": Bin(b"\x01\x02\x03")}),
    vector("frame, big-endian", {"data": Bin(struct.pack(">2f", 1.5, -2.0)), "dtype": ">f4", "shape": [1, 2]}),
]
push += [vector("frame, " + d, {"dtype": d, "shape": [1, 2], "data": Bin(bytes(range(1, 2 * int(d[2]) + 1)))})
         for d in ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")]
push += [
    vector("frame, meta", {"dtype": "|u1", "shape": [1, 2], "data": Bin(b"\x01\x02"),
                           "meta": {"temperature": 21.5, "lamp": "on", "stage": [1, 2.5, -3]}}),
    vector("pool", {"type": "pool", "slots": 6}, "with 6 descriptors on the Unix socket; answered by the same map"),
    vector("frame, in a slot", {"slot": 0, "dtype": "<u2", "shape": [1080, 1920], "time_us": TIME, "meta": {"lamp": "on"}}),
    vector("credit, a frame", {"type": "credit", "frames": 1}),
    vector("credit, a slot", {"type": "credit", "slot": 5}),
    vector("ready, with credits", {"type": "ready", "name": "photo", "version": 1, "credits": 2}),
    vector("hello, points", {"type": "hello", "version": 1, "name": "events", "points": {
        "x_range": [0, 1], "y_range": [-1.5, 1.5], "width": 512, "height": 256, "agg": "mean", "fps": 10}}),
    vector("points", {"x": Bin(struct.pack("<2f", 0.25, 0.75)), "y": Bin(struct.pack("<2f", -1.0, 1.0)),
                      "value": Bin(struct.pack("<2f", 3.5, 4.5)), "dtype": "<f4"}),
]
push.append(vector("error", {"type": "error", "code": "name-in-use", "text": "\"photo\" is being pushed by another"}))


# ---- what a reader must refuse ----
def bad(name, data, expect):
    return {"name": name, "bytes": data.hex(), "expect": expect}


ack = msgpack.packb({"type": "ack", "view": 3, "picture": 12})
bads = [bad("nothing at all", b"", "truncated")]
bads += [bad(f"ack cut after {n} bytes", ack[:n], "truncated") for n in range(1, len(ack))]
bads += [
    bad("the byte that msgpack never uses", b"\xc1", "invalid"),
    bad("the unused byte inside of a map", b"\x81\xa1a\xc1", "invalid"),
    bad("an extension", b"\xd4\x01\x00", "invalid"),
    bad("a time stamp extension", b"\xd6\xff\x00\x00\x00\x00", "invalid"),
    bad("a large extension", b"\xc9\x7f\xff\xff\xff\x01", "invalid"),
    bad("a number as key", b"\x81\x01\x02", "invalid"),
    bad("a list as key", b"\x81\x90\x02", "invalid"),
    bad("bytes behind the message", ack + b"\xc0", "invalid"),
    bad("text that is not UTF-8", b"\x81\xa1a\xa2\xc3\x28", "invalid"),
    bad("a key that is not UTF-8", b"\x81\xa1\xff\xc0", "invalid"),
    bad("UTF-8 of a surrogate", b"\x81\xa1a\xa3\xed\xa0\x80", "invalid"),
    bad("UTF-8 written too long", b"\x81\xa1a\xa2\xc0\xaf", "invalid"),
    bad("five bytes that claim a list of 268 million", b"\xdd\x0f\xff\xff\xff", "limit"),
    bad("five bytes that claim a list of 4 billion", b"\xdd\xff\xff\xff\xff", "limit"),
    bad("five bytes that claim a map of 4 billion", b"\xdf\xff\xff\xff\xff", "limit"),
    bad("a map whose keys and values overflow 32 bits", b"\xdf\x80\x00\x00\x00", "limit"),
    bad("a bin of 2 GB", b"\xc6\x7f\xff\xff\xff", "limit"),
    bad("a text of 4 GB", b"\xdb\xff\xff\xff\xff", "limit"),
    bad("a bin one byte over 64 kB", b"\xc6\x00\x01\x00\x00", "limit"),
    bad("more values than allowed", b"\xdd\x00\x02\x00\x00", "limit"),
    bad("a list that ends past 64 kB", b"\x92\xdd\x00\x00\xff\xff", "limit"),
    bad("25 lists in each other", b"\x91" * 25 + b"\xc0", "limit"),
    bad("25 maps in each other", b"\x81\xa1a" * 25 + b"\xc0", "limit"),
    bad("4000 open lists", b"\x91" * 4000, "limit"),
    bad("a list of which one is missing", b"\x92\x01", "truncated"),
    bad("a key without value", b"\x81\xa1a", "truncated"),
    bad("a bin of which one byte is missing", b"\xc4\x03ab", "truncated"),
]


# ---- from value to colour index (section 6) ----
def index(dtype, lo, hi, v):
    n, first = (255, 1) if "f" in dtype else (256, 0)
    if not math.isfinite(v):
        return 0
    if lo == hi:
        lo, hi = lo - 0.5, hi + 0.5
    position = (v - lo) * ((n - 1) / (hi - lo)) + 0.5
    if position >= n - 1:
        return first + n - 1
    return first + (math.floor(position) if position > 0 else 0)


def f4(v):
    return struct.unpack("<f", struct.pack("<f", v))[0]


def number(v):
    if isinstance(v, float) and not math.isfinite(v):
        return "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity"
    return v


def row(dtype, lo, hi, values):
    return {"dtype": dtype, "lo": lo, "hi": hi, "values": [number(v) for v in values],
            "indices": [index(dtype, float(lo), float(hi), float(v)) for v in values]}


odd = [math.nan, math.inf, -math.inf]
ramp = [k / 16 for k in range(-8, 25)]
ties = [(k + 0.5) / 254 for k in range(0, 254, 9)]
u2 = [0, 1, 127, 128, 129, 255, 256, 257, 1000, 2047, 2048, 4094, 4095, 4096, 32767, 32768, 65534, 65535]
i2 = [-32768, -32767, -4096, -1000, -129, -128, -1, 0, 1, 127, 128, 255, 1000, 4095, 32766, 32767]
rows = [
    row("|u1", 0.0, 255.0, range(256)),
    row("|u1", 10.0, 20.0, range(0, 32)),
    row("|u1", 0.0, 510.0, range(256)),
    row("|u1", 128.0, 128.0, [0, 126, 127, 128, 129, 130, 255]),
    row("|u1", 255.0, 0.0, [0, 1, 2, 63, 64, 127, 128, 254, 255]),
    row("|u1", -0.5, 3.5, [0, 1, 2, 3, 4]),
    row("<i2", -32768.0, 32767.0, i2), row("<i2", -100.0, 100.0, i2), row("<i2", 7.0, 7.0, [5, 6, 7, 8, 9]),
    row("<i2", 1000.0, -1000.0, i2), row("<i2", 0.1, 0.7, [-1, 0, 1]),
    row("<u2", 0.0, 65535.0, u2), row("<u2", 0.0, 4095.0, u2), row("<u2", 0.0, 51000.0, range(0, 51001, 100)),
    row("<u2", 4095.0, 0.0, u2), row("<u2", 4095.0, 4095.0, u2), row("<u2", 1e6, 2e6, u2),
    row("<f4", 0.0, 1.0, [f4(v) for v in ramp + ties] + odd),
    row("<f4", f4(0.1), f4(0.9), [f4(v) for v in ramp] + odd),
    row("<f4", 1.0, 0.0, [f4(v) for v in ramp] + odd),
    row("<f4", 0.5, 0.5, [f4(v) for v in (-1e30, -0.1, 0.0, 0.25, 0.5, 0.75, 1.0, 1e30)] + odd),
    row("<f4", -273.15, 1000.0, [f4(v) for v in (-300, -273.15, -273, 0, 20.5, 37, 999.99, 1000, 3.4e38, -3.4e38)] + odd),
    row("<f4", 0.0, 508.0, [k + 0.0 for k in range(0, 509)]),
    row("<f8", 0.0, 1.0, ramp + ties + odd), row("<f8", -1.0, 1.0, ramp + odd),
    row("<f8", 3.0, -3.0, ramp + [-3.0, 3.0, -3.1, 3.1] + odd), row("<f8", 0.0, 0.0, [-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0] + odd),
    row("<f8", 0.0, 254.0, [k / 2 for k in range(-2, 512)]),
    row("<f8", 1e-300, 3e-300, [0.0, 1e-300, 1.5e-300, 2e-300, 3e-300, 1e300, 5e-324] + odd),
    row("<f8", 0.1, 0.30000000000000004, [0.1, 0.15, 0.2, 0.25, 0.3, 0.30000000000000004] + odd),
    row("<f8", 0.0, 1e-5, [1.7976931348623157e308, -1.7976931348623157e308, 1e-6, 5e-6, 9.999e-6] + odd),
]


# ---- transforms (section 6); positions within 1e-9 of a tie are left out: libraries of mathematics differ there ----
def place(transform, gamma, lo, hi, values, v):
    if transform == "log":
        low, high = min(lo, hi), max(lo, hi)
        return math.log(min(max(v, low), high) / lo) / math.log(hi / lo)
    u = min(max((v - lo) / (hi - lo), 0.0), 1.0)
    if transform == "equalize":
        def bin_of(x):
            return min(int((x - lo) / (hi - lo) * 65536), 65535)
        bins = sorted(bin_of(x) for x in values if math.isfinite(x) and 0 <= (x - lo) / (hi - lo) <= 1)
        first = bins.count(bins[0])
        upto = sum(b <= min(int(u * 65536), 65535) for b in bins)
        return max(upto - first, 0) / (len(bins) - first) if len(bins) > first else 0.0
    return {"sqrt": math.sqrt(u), "gamma": u ** gamma, "asinh": math.asinh(u / 0.1) / math.asinh(1 / 0.1)}[transform]


def transform_row(dtype, transform, lo, hi, values, gamma=0.0):
    n, first = (255, 1) if "f" in dtype else (256, 0)
    kept, indices = [], []
    for v in map(float, values):
        if not math.isfinite(v):
            kept.append(v)
            indices.append(0)
            continue
        t = place(transform, gamma, lo, hi, values, v) * (n - 1) + 0.5
        if transform == "equalize" or abs(t - round(t)) > 1e-9:
            kept.append(v)
            indices.append(first + min(max(math.floor(t), 0), n - 1))
    return {"dtype": dtype, "transform": transform, "gamma": gamma, "lo": lo, "hi": hi,
            "values": [number(v) for v in kept], "indices": indices}


curves = [(name, gamma) for name, gamma in (("log", 0.0), ("sqrt", 0.0), ("gamma", 0.4), ("gamma", 2.0),
                                            ("asinh", 0.0), ("equalize", 0.0))]
transforms = []
for name, gamma in curves:
    transforms += [
        transform_row("|u1", name, 1.0, 255.0, range(256), gamma),
        transform_row("<u2", name, 10.0, 4095.0, u2 + list(range(1, 5000, 37)), gamma),
        transform_row("<u2", name, 4095.0, 10.0, u2 + list(range(1, 5000, 37)), gamma),
        transform_row("<f4", name, 0.5, 1000.0, [f4(1.07 ** k) for k in range(-60, 120)] + [-1.0, 0.0] + odd, gamma),
        transform_row("<f8", name, 1e-3, 1.0, [(k + 0.3) / 300 for k in range(-20, 330)] + odd, gamma),
    ]

write("viewer.json", viewer)
write("server.json", server)
write("picture.json", pictures)
write("push.json", push)
write("bad.json", bads)
write("index.json", rows)
write("transform.json", transforms)
