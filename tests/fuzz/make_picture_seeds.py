#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the first pictures of corpus/png and corpus/jpeg (Debian: python3-pil): python3 make_picture_seeds.py."""
import io
import pathlib
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
