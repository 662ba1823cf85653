import { open, type FileHandle } from 'node:fs/promises';
import { parse as parseRosDefinition } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { McapIndexedReader, type McapTypes } from '@mcap/core';
import { loadDecompressHandlers, protobufFromBinaryDescriptor } from '@mcap/support';
import { LociException } from '../../../contract/errors.ts';
import { logInvalid } from '../robot-errors.ts';
import type { LogRow, LogStream } from './log-file.ts';

type Message = Record<string, unknown>;
type Decoder = (data: Uint8Array) => Message;

const refuse = (file: string, reason: string, hint: string): never => {
  const refused = logInvalid(file, reason, hint);
  throw refused.ok ? new Error(reason) : new LociException(refused.error);
};

const readableOf = (handle: FileHandle): McapTypes.IReadable => ({
  size: async () => BigInt((await handle.stat()).size),
  read: async (offset, size) => {
    const buffer = new Uint8Array(Number(size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, Number(offset));
    return buffer.subarray(0, bytesRead);
  },
});

/** How messages of one encoding are read. Adding an encoding is adding a line. */
const decoders: Readonly<Record<string, (schema: McapTypes.TypedMcapRecords['Schema']) => Decoder>> = {
  json: () => (data) => JSON.parse(new TextDecoder().decode(data)) as Message,
  cdr: ({ data: definition }) => {
    const definitions = parseRosDefinition(new TextDecoder().decode(definition), { ros2: true });
    const reader = new MessageReader<Message>(definitions);
    return (data) => reader.readMessage(data);
  },
  protobuf: ({ name, data: descriptor }) => {
    const type = protobufFromBinaryDescriptor(descriptor).lookupType(name);
    return (data) => type.toObject(type.decode(data), { longs: Number });
  },
};

type Reader = McapIndexedReader;

/** The topic that was named, or the only one whose schema fits. */
const channelOf = (
  reader: Reader,
  file: string,
  { topic, schema }: LogStream,
): McapTypes.TypedMcapRecords['Channel'] => {
  const channels = [...reader.channelsById.values()];
  const fits = channels.filter((channel) =>
    topic === undefined ? schema.test(reader.schemasById.get(channel.schemaId)?.name ?? '') : channel.topic === topic,
  );
  const topics = [...new Set(fits.map((channel) => channel.topic))];
  const [channel] = fits;
  if (channel === undefined || topics.length > 1) {
    const all = (topics.length > 1 ? topics : channels.map((each) => each.topic)).join(', ');
    const what = topics.length > 1 ? `${topics.length} topics fit` : 'no topic fits';
    return refuse(file, `${what}: ${all}`, 'Choose one with --joint-topic or --base-topic.');
  }
  return channel;
};

/** Reads the messages of one topic of an MCAP file. */
export async function* readMcap(file: string, stream: LogStream): AsyncGenerator<LogRow> {
  await using handle = await open(file);
  const decompressHandlers = await loadDecompressHandlers();
  const reader = await McapIndexedReader.Initialize({ readable: readableOf(handle), decompressHandlers });
  const channel = channelOf(reader, file, stream);
  const schema = reader.schemasById.get(channel.schemaId) ?? {
    type: 'Schema',
    id: 0,
    name: '',
    encoding: '',
    data: new Uint8Array(),
  };
  const decode = decoders[channel.messageEncoding]?.(schema);
  if (decode === undefined) {
    return refuse(
      file,
      `the messages of ${channel.topic} are encoded as ${channel.messageEncoding}`,
      `Loci reads ${Object.keys(decoders).join(', ')}.`,
    );
  }
  let number = 0;
  for await (const { data, logTime } of reader.readMessages({ topics: [channel.topic] })) {
    yield { number: ++number, message: decode(data), loggedMicros: Number(logTime) / 1000 };
  }
}
