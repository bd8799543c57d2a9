#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the first pictures of corpus/png, png_write, jpeg, pnm, y4m and tiff (Debian: python3-pil): python3 make_picture_seeds.py."""
import io
import pathlib
import random
from PIL import Image

HERE = pathlib.Path(__file__).parent


def save(target, name, image, **options):
    out = io.BytesIO()
    image.save(out, target, **options)
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(out.getvalue())
    return out.getvalue()


grey = Image.frombytes("L", (17, 11), bytes((x * 9 + y * 5) % 256 for y in range(11) for x in range(17)))
rgb = Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180)))
deep = Image.frombytes("I;16", (5, 3), bytes(range(30)))

save("png", "grey", grey)
save("png", "grey-1-bit", grey.convert("1"))
save("png", "grey-16", deep)
save("png", "grey-alpha", grey.convert("LA"))
save("png", "rgb-transparent", rgb, transparency=(0, 0, 0))
save("png", "rgba", rgb.convert("RGBA"))
save("png", "palette-transparent", rgb.quantize(8), transparency=3)
whole = save("png", "rgb", rgb)
(HERE / "corpus" / "png" / "cut").write_bytes(whole[:-15])

save("jpeg", "grey", grey)
save("jpeg", "rgb-444", rgb, subsampling=0)
save("jpeg", "progressive", rgb, progressive=True)
save("jpeg", "cmyk", rgb.convert("CMYK"))
whole = save("jpeg", "rgb-420", rgb, subsampling=2)
(HERE / "corpus" / "jpeg" / "cut").write_bytes(whole[:-40])
(HERE / "corpus" / "jpeg" / "padded").write_bytes(whole + bytes(64))


def write(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


write("pnm", "plain-bits", b"P1\n# of 3\n3 2\n010\n1 0 1\n")
write("pnm", "plain-grey", b"P2 3 2 4095\n0 1 256 4095 2 3\n")
write("pnm", "plain-colour", b"P3 2 1 3 0 1 2 3 2 1\n")
write("pnm", "bits", b"P4\n11 2\n\x40\xa0\xff\x20")
write("pnm", "grey", b"P5 3 2 255\n\0\1\2\3\4\5")
write("pnm", "grey-16", b"P5 2 1 65535\n\1\2\3\4")
write("pnm", "colour", b"P6 2 1 200\nabcdef")
write("pnm", "a-sample-too-great", b"P6 2 1 20\nabcdef")
write("pnm", "pam", b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\nabcd")
write("pnm", "pfm", b"PF\n1 1\n-1.0\n" + bytes(12))
write("pnm", "a-terabyte", b"P5 16777216 16777216 255\nx")

for mode, space in {"420": "420jpeg", "422": "422", "444": "444 XCOLORRANGE=FULL", "mono": "mono"}.items():
    size = 15 + {"420": 12, "422": 18, "444": 30, "mono": 0}[mode]
    frame = b"FRAME\n" + bytes(range(size))
    write("y4m", mode, b"YUV4MPEG2 W5 H3 F30:1 Ip A1:1 C" + space.encode() + b"\n" + frame * 2)
write("y4m", "cut", b"YUV4MPEG2 W5 H3\nFRAME\n123")
write("y4m", "large", b"YUV4MPEG2 W32768 H32768 C444\nFRAME\n123")

tall = Image.frombytes("F", (5, 3), bytes(range(60)))
save("tiff", "grey", grey)
save("tiff", "bits", grey.convert("1"), compression="group4")
save("tiff", "palette", rgb.quantize(16), compression="tiff_lzw")
save("tiff", "deflate", rgb, compression="tiff_adobe_deflate")
save("tiff", "jpeg", rgb, compression="jpeg")
save("tiff", "float", tall)
save("tiff", "alpha", rgb.convert("RGBA"), compression="packbits")
save("tiff", "cmyk", rgb.convert("CMYK"))
whole = save("tiff", "stack", deep, save_all=True, append_images=[deep, deep])
(HERE / "corpus" / "tiff" / "cut").write_bytes(whole[:-30])

# kind, level, width - 1, strips - 1, repeats; then pixels
for level in range(10):
    write("png_write", f"noise-{level}", bytes([level % 6, level, 20, level % 4, 8]) + random.Random(level).randbytes(700))
    write("png_write", f"runs-{level}", bytes([(level + 3) % 6, level, 250, 3, 200]) + bytes(500) + b"steps" * 20 + bytes(90))
write("png_write", "one-pixel", bytes([1, 4, 0, 0, 0]) + b"rgb")
