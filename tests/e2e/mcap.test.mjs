/* SPDX-License-Identifier: MIT */
// Recordings before MCAP's own reader, and files of MCAP's own writer before ours; images by protobuf's own code, with
// the schema that lies in the file.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { crc32 } from '@foxglove/crc';
import { McapIndexedReader, McapStreamReader, McapWriter } from '@mcap/core';
import { FileHandleReadable } from '@mcap/nodejs';
import zstd from '@foxglove/wasm-zstd';
import msgpack from '@msgpack/msgpack';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { build } from './support/daemon.mjs';

const samples = join(build, 'bin/record_samples');
const decompressHandlers = { zstd: (buffer, size) => zstd.decompress(buffer, Number(size)) };
let folder;
let expected;

before(async () => {
  await zstd.isLoaded;
  folder = mkdtempSync(join(tmpdir(), 'mcap-'));
  expected = JSON.parse(execFileSync(samples, ['write', folder], { encoding: 'utf8', maxBuffer: 1 << 26 }));
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** All that a stream reader sees, which checks every CRC, every order and every reference. */
function readStream(path) {
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true, includeChunks: true });
  const seen = { messages: 0, perChannel: new Map(), chunks: 0, indexes: 0, attachments: 0, metadata: 0 };
  const channels = new Set();
  const schemas = new Set();
  let inData = true;
  const bytes = readFileSync(path);
  let dataCrc;
  reader.append(bytes);
  for (let record; (record = reader.nextRecord()); ) {
    if (record.type === 'DataEnd') {
      inData = false;
      dataCrc = record.dataSectionCrc;
    }
    // A DataEnd has 13 bytes and stands before the summary; its CRC is of all before it.
    if (record.type === 'Footer')
      assert.equal(dataCrc, crc32(bytes.subarray(0, Number(record.summaryStart) - 13)), path);
    if (record.type === 'Statistics') seen.statistics = record;
    if (!inData) continue;
    if (record.type === 'Schema') schemas.add(record.id);
    if (record.type === 'Channel') {
      assert(record.schemaId === 0 || schemas.has(record.schemaId), 'its schema comes before a channel');
      channels.add(record.id);
    }
    if (record.type === 'Message') {
      seen.messages++;
      seen.perChannel.set(record.channelId, (seen.perChannel.get(record.channelId) ?? 0n) + 1n);
    }
    seen.chunks += record.type === 'Chunk';
    seen.indexes += record.type === 'MessageIndex';
    seen.attachments += record.type === 'Attachment';
    seen.metadata += record.type === 'Metadata';
  }
  assert(reader.done(), 'it ends with its footer and magic');
  return { ...seen, channels: channels.size, schemas: schemas.size };
}

/** Holds an indexed reading, forwards and backwards, against Statistics and what was streamed. */
async function checkFile(path) {
  const seen = readStream(path);
  const file = await open(path, 'r');
  try {
    const reader = await McapIndexedReader.Initialize({ readable: new FileHandleReadable(file), decompressHandlers });
    const statistics = reader.statistics;
    assert.equal(statistics.messageCount, BigInt(seen.messages));
    assert.deepEqual(new Map(statistics.channelMessageCounts), seen.perChannel);
    assert.equal(statistics.channelCount, seen.channels);
    assert.equal(statistics.schemaCount, seen.schemas);
    assert.equal(statistics.chunkCount, seen.chunks);
    assert.equal(statistics.attachmentCount, seen.attachments);
    assert.equal(statistics.metadataCount, seen.metadata);
    for (const reverse of [false, true]) {
      let count = 0;
      let last;
      for await (const message of reader.readMessages({ reverse, validateCrcs: true })) {
        if (last !== undefined) assert(reverse ? message.logTime <= last : message.logTime >= last);
        if (count === 0 && !reverse) assert.equal(message.logTime, statistics.messageStartTime);
        if (count === 0 && reverse) assert.equal(message.logTime, statistics.messageEndTime);
        last = message.logTime;
        count++;
      }
      assert.equal(count, seen.messages);
    }
    return { seen, reader };
  } finally {
    await file.close();
  }
}

test('every file that is written is right for @mcap/core', async () => {
  for (const name of ['empty', 'kinds', 'large']) await checkFile(join(folder, `${name}.mcap`));
  const { seen } = await checkFile(join(folder, 'kinds.mcap'));
  const kinds = Object.keys(expected);
  assert(kinds.length > 25);
  assert(seen.messages > 3 * kinds.length, 'frames, and labels, figures, markers');
  assert.deepEqual([seen.attachments, seen.metadata], [1, 1]);
});

test('files that were torn, zeroed or flipped are right for @mcap/core after recovery', async () => {
  const torn = readdirSync(folder).filter((name) => name.startsWith('torn-'));
  assert.equal(torn.length, 40);
  let messages = 0;
  for (const name of torn) messages += (await checkFile(join(folder, name))).seen.messages;
  assert(messages > 40 * 60, 'most of them are still there');
});

/** The message type that the schema in the file describes. */
function typeOf(schema) {
  assert.equal(schema.encoding, 'protobuf');
  const files = descriptor.FileDescriptorSet.decode(schema.data);
  const root = protobuf.Root.fromDescriptor(files);
  return root.lookupType(schema.name);
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const ENCODINGS = { '|u1 2': 'mono8', '<u2 2': 'mono16', '<f4 2': '32FC1', '|u1 3': 'rgb8', '|u1 4': 'rgba8' };
const BAYER = ['', 'rggb', 'grbg', 'gbrg', 'bggr'];

function checkRaw(image, frame) {
  assert.equal(hex(image.data), frame.data);
  if (frame.width) {
    assert.equal(image.encoding, 'yuv422_yuy2');
    assert.deepEqual([image.width, image.height, image.step], [frame.width, frame.height, frame.stride]);
    return;
  }
  const [height, width, channels = 1] = frame.shape;
  const plain = ENCODINGS[`${frame.dtype} ${frame.shape.length === 3 ? channels : 2}`];
  const bayer = frame.mosaic && frame.dtype === '|u1';
  assert.equal(image.encoding, bayer ? `bayer_${BAYER[frame.mosaic]}8` : plain);
  assert.deepEqual([image.width, image.height], [width, height]);
  assert.equal(image.step * height, frame.data.length / 2);
}

/** Messages of frames by stream, decoded by what the file says of them. */
async function decodeFrames(path) {
  const file = await open(path, 'r');
  const frames = {};
  try {
    const reader = await McapIndexedReader.Initialize({ readable: new FileHandleReadable(file), decompressHandlers });
    for await (const message of reader.readMessages()) {
      const channel = reader.channelsById.get(message.channelId);
      const schema = reader.schemasById.get(channel.schemaId);
      if (channel.metadata.get('imshow.kind') !== 'frames') continue;
      const name = channel.metadata.get('imshow.stream');
      const body = schema.encoding ? typeOf(schema).decode(message.data) : msgpack.decode(message.data);
      (frames[name] ??= []).push({ message, channel, schema, body });
    }
  } finally {
    await file.close();
  }
  return frames;
}

test('images decode by the very schema that lies in the file', async () => {
  const frames = await decodeFrames(join(folder, 'kinds.mcap'));
  const schemas = new Map();
  assert.deepEqual(Object.keys(frames).sort(), Object.keys(expected).sort());
  for (const [name, list] of Object.entries(frames)) {
    assert.equal(list.length, expected[name].length);
    list.forEach(({ message, channel, schema, body }, i) => {
      const frame = expected[name][i];
      schemas.set(schema.name, (schemas.get(schema.name) ?? 0) + 1);
      assert.equal(message.sequence, frame.seq);
      if (frame.source_time_us) assert.equal(message.publishTime, BigInt(frame.source_time_us) * 1000n);
      if (schema.name === 'imshow.Array') {
        assert.equal(channel.messageEncoding, 'msgpack');
        assert.equal(hex(body.data), frame.data);
        assert.deepEqual([body.seq, body.time_us], [frame.seq, frame.time_us]);
        if (frame.dtype) assert.deepEqual([body.dtype, body.shape], [frame.dtype, frame.shape]);
        return;
      }
      assert.equal(channel.messageEncoding, 'protobuf');
      assert.equal(Number(body.timestamp.seconds) * 1e6 + body.timestamp.nanos / 1e3, frame.time_us);
      assert.equal(body.frameId, name);
      if (schema.name === 'foxglove.RawImage') checkRaw(body, frame);
      else assert.deepEqual([body.format, hex(body.data)], ['jpeg', frame.data]);
    });
  }
  assert.deepEqual([...schemas.keys()].sort(), ['foxglove.CompressedImage', 'foxglove.RawImage', 'imshow.Array']);
});

// ---- files of others ----

class Output {
  parts = [];
  size = 0n;
  async write(bytes) {
    this.parts.push(Buffer.from(bytes));
    this.size += BigInt(bytes.byteLength);
  }
  position() {
    return this.size;
  }
}

/** A file by @mcap/core's writer with the schemas of ours, and times that are not in order. */
async function writeForeign(path, options) {
  const frames = await decodeFrames(join(folder, 'kinds.mcap'));
  const raw = frames['sample-0'][0].schema;
  const compressed = frames['sample-22'][0].schema;
  const output = new Output();
  const writer = new McapWriter({ writable: output, ...options });
  await writer.start({ profile: '', library: 'another' });
  const ids = [];
  for (const schema of [raw, compressed])
    ids.push(await writer.registerSchema({ name: schema.name, encoding: 'protobuf', data: schema.data }));
  const channel = (topic, schemaId) =>
    writer.registerChannel({ topic, schemaId, messageEncoding: 'protobuf', metadata: new Map() });
  const front = await channel('/camera/front image', ids[0]);
  const back = await channel('/camera/back', ids[0]);
  const pictures = await channel('/pictures', ids[1]);
  const put = (channelId, schema, ns, value) => {
    const type = typeOf(schema);
    const data = type.encode(type.create({ timestamp: { seconds: 1, nanos: 0 }, frameId: 'x', ...value })).finish();
    return writer.addMessage({ channelId, sequence: 0, logTime: BigInt(ns), publishTime: BigInt(ns), data });
  };
  const grey = (value) => ({ width: 3, height: 2, encoding: 'mono8', step: 4, data: Buffer.alloc(8, value) });
  for (const at of [5, 3, 9, 1, 7]) await put(front, raw, at * 1e9, grey(at));
  await put(back, raw, 4e9, { width: 2, height: 1, encoding: 'bgr8', step: 6, data: Buffer.from([1, 2, 3, 4, 5, 6]) });
  await put(back, raw, 6e9, { width: 2, height: 1, encoding: 'uyvy', step: 4, data: Buffer.from([1, 2, 3, 4]) });
  await put(back, raw, 8e9, { width: 9, height: 9, encoding: 'mono16', step: 18, data: Buffer.from([1]) });
  await put(back, raw, 8.5e9, { width: 9, height: 9, encoding: 'nv99', step: 18, data: Buffer.from([1]) });
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgBwAACQAIICPDjAAAAABJRU5ErkJggg==', 'base64');
  await put(pictures, compressed, 2e9, { format: 'png', data: png });
  await put(pictures, compressed, 3e9, { format: 'webp', data: png });
  await writer.end();
  writeFileSync(path, Buffer.concat(output.parts));
}

function readOurs(path) {
  return JSON.parse(execFileSync(samples, ['read', path], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

const FORMS = {
  'with small chunks and all indexes': { chunkSize: 60 },
  'in one chunk': {},
  'without message indexes': { chunkSize: 60, useMessageIndex: false },
  'without chunks': { useChunks: false },
  'without a summary': {
    useChunkIndex: false, useStatistics: false, useSummaryOffsets: false, repeatSchemas: false, repeatChannels: false,
  },
  'in zstd': { chunkSize: 60, compressChunk: (data) => ({ compression: 'zstd', compressedData: zstd.compress(data) }) },
};

for (const [form, options] of Object.entries(FORMS))
  test(`a file of another program opens as streams: ${form}`, async () => {
    const path = join(folder, 'foreign.mcap');
    await writeForeign(path, options);
    const read = readOurs(path);
    assert.equal(read.library, 'another');
    assert.deepEqual(read.streams.map((stream) => stream.name), ['camera-front-image', 'camera-back', 'pictures']);
    const [front, back, pictures] = read.streams;
    assert.deepEqual(front.frames.map((frame) => frame.time_us / 1e6), [1, 3, 5, 7, 9]);
    assert.deepEqual(front.frames.map((frame) => frame.seq), [1, 2, 3, 4, 5]);
    for (const frame of front.frames) {
      assert.deepEqual([frame.dtype, frame.shape], ['|u1', [2, 3]]);
      assert.equal(frame.data, `0${frame.time_us / 1e6}`.repeat(6));
    }
    assert.equal(back.frames[0].data, '030201060504');
    assert.equal(back.frames[1].data, '02010403', 'as YUYV');
    assert.match(back.frames[2], /do not fit/);
    assert.match(back.frames[3], /nv99/);
    assert.deepEqual(pictures.frames[0].shape, [1, 1]);
    assert.match(pictures.frames[1], /webp/);
  });

test('a chunk in lz4 says what to do', async () => {
  const path = join(folder, 'lz4.mcap');
  await writeForeign(path, { compressChunk: (data) => ({ compression: 'lz4', compressedData: data }) });
  const read = readOurs(path);
  assert.match(read.streams[0].frames[0], /lz4.*zstd/);
});
