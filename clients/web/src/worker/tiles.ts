/* SPDX-License-Identifier: MIT */
// Changed tiles (docs/protocol.md section 5): an atlas of squares, one below the other, and where each goes.

import type { RawArray } from '../picture/colors.ts';
import { ProtocolError } from '../wire/assemble.ts';
import type { Picture } from '../wire/message.ts';

export interface Tile {
  /** Pixels down the atlas. */
  from: number;
  /** Place in the picture, and the size that lies inside it: edge tiles are padded. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export function tilesOf(picture: Picture): Tile[] {
  const side = picture.tile ?? 0;
  const places = picture.tiles ?? new Uint8Array(0);
  if (!Number.isInteger(side) || side < 1 || places.length % 4 !== 0) {
    throw new ProtocolError('tiles without size or places');
  }
  const view = new DataView(places.buffer, places.byteOffset, places.length);
  const tiles: Tile[] = [];
  for (let i = 0; i < places.length / 4; i += 1) {
    const x = view.getUint16(4 * i, true) * side;
    const y = view.getUint16(4 * i + 2, true) * side;
    if (x >= picture.width || y >= picture.height) {
      throw new ProtocolError('a tile outside of its picture');
    }
    const width = Math.min(side, picture.width - x);
    const height = Math.min(side, picture.height - y);
    tiles.push({ from: i * side, x, y, width, height });
  }
  return tiles;
}

/** Writes the tiles of `atlas` (rows of `side` items) into a picture's items (rows of `stride`). */
export function applyTiles(
  tiles: Tile[],
  atlas: RawArray,
  side: number,
  into: RawArray,
  stride: number,
): void {
  for (const tile of tiles) {
    for (let row = 0; row < tile.height; row += 1) {
      const from = (tile.from + row) * side;
      into.set(atlas.subarray(from, from + tile.width), (tile.y + row) * stride + tile.x);
    }
  }
}
