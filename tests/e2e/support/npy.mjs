/* SPDX-License-Identifier: MIT */
// NumPy's .npy format, version 1, as far as the tests push arrays.

const DTYPES = new Map([
  [Uint8Array, '|u1'],
  [Uint16Array, '<u2'],
  [Float32Array, '<f4'],
]);

export function npy(shape, values) {
  const dtype = DTYPES.get(values.constructor);
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version, length and text together are a multiple of 64.
  const header = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(header.length, 8);
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([head, Buffer.from(header, 'latin1'), data]);
}
