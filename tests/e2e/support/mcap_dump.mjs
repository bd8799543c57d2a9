/* SPDX-License-Identifier: MIT */
// Reads recordings by @mcap/core, twice: every record with its CRC in the order of the file, and all messages by the index.
//
//   node support/mcap_dump.mjs FILE...      # one line of JSON a file: its counts and messages, or why it is not valid
//
// Messages of pictures are decoded by the schema that the file itself carries.

import { open, readFile } from 'node:fs/promises';
import zstd from '@foxglove/wasm-zstd';
import { McapIndexedReader, McapStreamReader } from '@mcap/core';
import { FileHandleReadable } from '@mcap/nodejs';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';

const decompressHandlers = { zstd: (data, size) => zstd.decompress(data, Number(size)) };

/** Counts what there is; throws on a wrong CRC, a torn record, or one out of order. */
async function readAll(path) {
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true });
  const counts = {};
  reader.append(await readFile(path));
  for (let record; (record = reader.nextRecord()); ) {
    counts[record.type] = (counts[record.type] ?? 0) + 1;
  }
  if (!reader.done()) throw new Error('the file does not end');
  return counts;
}

function decoderOf(schema) {
  if (schema?.encoding !== 'protobuf') return null;
  const root = protobuf.Root.fromDescriptor(descriptor.FileDescriptorSet.decode(schema.data));
  const type = root.lookupType(schema.name);
  return (data) => {
    const message = type.toObject(type.decode(data), { longs: String, defaults: true });
    return { ...message, data: Buffer.from(message.data).toString('base64') };
  };
}

async function readByIndex(path) {
  const handle = await open(path);
  try {
    const readable = new FileHandleReadable(handle);
    const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
    const decoders = new Map();
    for (const [id, schema] of reader.schemasById) decoders.set(id, decoderOf(schema));
    const messages = [];
    for await (const message of reader.readMessages({ validateCrcs: true })) {
      const channel = reader.channelsById.get(message.channelId);
      const decode = decoders.get(channel.schemaId);
      messages.push({
        channel: channel.id,
        topic: channel.topic,
        encoding: channel.messageEncoding,
        schema: reader.schemasById.get(channel.schemaId)?.name ?? '',
        log_us: Number(message.logTime / 1000n),
        publish_us: Number(message.publishTime / 1000n),
        data: Buffer.from(message.data).toString('base64'),
        ...(decode ? { picture: decode(message.data) } : {}),
      });
    }
    const { statistics } = reader;
    const number = (n) => Number(n);
    return {
      messages,
      statistics: {
        messages: number(statistics.messageCount),
        schemas: statistics.schemaCount,
        channels: statistics.channelCount,
        chunks: statistics.chunkCount,
        attachments: statistics.attachmentCount,
        metadata: statistics.metadataCount,
        start_us: number(statistics.messageStartTime / 1000n),
        end_us: number(statistics.messageEndTime / 1000n),
      },
      metadata: [...reader.channelsById.values()].map((c) => ({
        channel: c.id, topic: c.topic, pairs: Object.fromEntries(c.metadata),
        messages: number(statistics.channelMessageCounts.get(c.id) ?? 0n),
      })),
    };
  } finally {
    await handle.close();
  }
}

await zstd.isLoaded;
for (const path of process.argv.slice(2)) {
  let line;
  try {
    const records = await readAll(path);
    line = { records, ...(await readByIndex(path)) };
  } catch (error) {
    line = { fault: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
