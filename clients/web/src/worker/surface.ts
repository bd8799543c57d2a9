/* SPDX-License-Identifier: MIT */
// A view's two canvases: paints pictures in order, on the other one when place or size change, and keeps the raw
// picture that is shown, for its values.

import { Colorizer, itemSize, rawArray, type RawArray } from '../picture/colors.ts';
import type { Canvases, Placed, Rgba } from '../shared/port.ts';
import { ProtocolError } from '../wire/assemble.ts';
import type { Picture, PixelValue, RawDtype } from '../wire/message.ts';
import { applyTiles, tilesOf } from './tiles.ts';

interface RawShown {
  values: RawArray;
  dtype: RawDtype;
}

function checkedRaw(picture: Picture, items: number): RawShown {
  const dtype = picture.dtype;
  if (dtype !== '|u1' && dtype !== '<u2' && dtype !== '<f4') {
    throw new ProtocolError(`raw of dtype ${dtype}`);
  }
  if (picture.data.length !== items * itemSize(dtype)) {
    throw new ProtocolError(`${picture.data.length} bytes of raw ${dtype} for ${items} items`);
  }
  return { values: rawArray(dtype, picture.data), dtype };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d context');
  return context;
}

/** Not finite travels as text, from here as from the server. */
function asValue(value: number): PixelValue {
  return Number.isFinite(value) ? value : String(value);
}

export class Surface {
  /** The head of the picture on screen. */
  shown: Picture | null = null;
  private raw: RawShown | null = null;
  private colorizer: Colorizer | null = null;
  private scratch: ImageData | null = null;
  private readonly contexts: [OffscreenCanvasRenderingContext2D, OffscreenCanvasRenderingContext2D];
  /** The canvas that is painted on. */
  private front = 0;

  constructor(
    canvases: Canvases,
    private readonly onPlaced: (placed: Placed) => void,
  ) {
    this.contexts = [contextOf(canvases[0]), contextOf(canvases[1])];
  }

  /** The page shows this canvas: what stands on the other one would show for a moment when it is taken up again. */
  swapped(canvas: number): void {
    if (canvas !== this.front) return;
    const other = (this.contexts[1 - canvas] as OffscreenCanvasRenderingContext2D).canvas;
    other.width = 1;
    other.height = 1;
  }

  setColors(colors: Uint8Array | undefined, gap: boolean): void {
    this.colorizer = colors && colors.length >= 768 ? new Colorizer(colors, gap) : null;
  }

  /** Decodes, then paints within one task. `isCurrent` is asked between: a picture whose view has been left
   * while it was decoded is not painted. Returns whether it was. */
  async paint(picture: Picture, isCurrent: () => boolean): Promise<boolean> {
    if (picture.codec === 'raw') {
      this.paintRaw(picture);
    } else {
      // The copy in the Blob is the browser's; the message's bytes may go.
      const type = picture.codec === 'png' ? 'image/png' : 'image/jpeg';
      const bitmap = await createImageBitmap(new Blob([picture.data as BlobPart], { type }));
      if (isCurrent()) this.paintBitmap(picture, bitmap);
      bitmap.close();
      if (!isCurrent()) return false;
    }
    this.shown = { ...picture, data: new Uint8Array(0) };
    return true;
  }

  /** The value of frame pixel (x, y), if the picture has it at full depth and size; else undefined. */
  pick(x: number, y: number): PixelValue | undefined {
    const { shown, raw } = this;
    if (!shown || !raw) return undefined;
    const [x0, y0, x1, y1] = shown.region;
    if (x1 - x0 !== shown.width || y1 - y0 !== shown.height) return undefined;
    const column = x - (x0 + 0.5);
    const row = y - (y0 + 0.5);
    if (column < 0 || row < 0 || column >= shown.width || row >= shown.height) return undefined;
    return asValue(raw.values[row * shown.width + column]);
  }

  /** The colour on the canvas at frame pixel (x, y). */
  pixel(x: number, y: number): Rgba | null {
    if (!this.shown) return null;
    const [x0, y0, x1, y1] = this.shown.region;
    const { width, height } = this.context.canvas;
    const column = Math.floor(((x - x0) / (x1 - x0)) * width);
    const row = Math.floor(((y - y0) / (y1 - y0)) * height);
    const inside = column >= 0 && row >= 0 && column < width && row < height;
    if (!inside) return null;
    const [r, g, b, a] = this.context.getImageData(column, row, 1, 1).data;
    return [r, g, b, a];
  }

  private get context(): OffscreenCanvasRenderingContext2D {
    return this.contexts[this.front] as OffscreenCanvasRenderingContext2D;
  }

  private place(picture: Picture): void {
    const old = this.shown;
    const { width, height, region } = picture;
    const isSameSize = old !== null && old.width === width && old.height === height;
    if (isSameSize && old.region.every((edge, i) => edge === region[i])) return;
    if (old) this.front = 1 - this.front;
    const { canvas } = this.context;
    canvas.width = width;
    canvas.height = height;
    this.onPlaced({ canvas: this.front, width, height, region });
  }

  private paintBitmap(picture: Picture, bitmap: ImageBitmap): void {
    this.raw = null;
    if (picture.base === 0) {
      this.place(picture);
      // 'copy' replaces transparent pixels too, which a gap leaves.
      this.context.globalCompositeOperation = 'copy';
      this.context.drawImage(bitmap, 0, 0, picture.width, picture.height);
      return;
    }
    this.context.globalCompositeOperation = 'source-over';
    for (const t of tilesOf(picture)) {
      const { from, x, y, width, height } = t;
      this.context.clearRect(x, y, width, height);
      this.context.drawImage(bitmap, 0, from, width, height, x, y, width, height);
    }
  }

  private paintRaw(picture: Picture): void {
    if (picture.base !== 0) return this.paintRawTiles(picture);
    const raw = checkedRaw(picture, picture.width * picture.height);
    this.place(picture);
    this.context.putImageData(this.colored(raw, picture, picture.width, picture.height), 0, 0);
    this.raw = raw;
  }

  private paintRawTiles(picture: Picture): void {
    const tiles = tilesOf(picture);
    const side = picture.tile ?? 0;
    const atlas = checkedRaw(picture, side * side * tiles.length);
    if (!this.raw || this.raw.dtype !== atlas.dtype) {
      throw new ProtocolError('raw tiles over a picture of another kind');
    }
    // The kept items may be the bytes of a message; they are nobody else's.
    applyTiles(tiles, atlas.values, side, this.raw.values, picture.width);
    const image = this.colored(atlas, picture, side, side * tiles.length);
    for (const t of tiles) {
      this.context.putImageData(image, t.x, t.y - t.from, 0, t.from, t.width, t.height);
    }
  }

  private colored(raw: RawShown, picture: Picture, width: number, height: number): ImageData {
    const [lo, hi] = picture.limits;
    if (!this.colorizer || lo === undefined || hi === undefined) {
      throw new ProtocolError('a raw picture without colours or limits');
    }
    if (!this.scratch || this.scratch.width !== width || this.scratch.height !== height) {
      this.scratch = new ImageData(width, height);
    }
    const image = this.scratch;
    this.colorizer.paint(raw.values, lo, hi, new Uint32Array(image.data.buffer));
    return image;
  }
}
