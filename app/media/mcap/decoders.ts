import { parse as parseDefinition } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { protobufFromBinaryDescriptor } from '@mcap/support';
import { failure, lociError, success, type Result } from '../../contract/errors.ts';
import type { Channel } from './log.ts';
import { Ros1Reader } from './ros1-reader.ts';

/** Turns the bytes of a message into its fields. */
export type Decoder = (data: Uint8Array) => unknown;

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** How messages of one encoding are read. Adding an encoding is adding a line. */
const decoders: Readonly<Record<string, (channel: Channel) => Decoder>> = {
  json: () => (data) => JSON.parse(textOf(data)) as unknown,
  protobuf: ({ schema, schemaName }) => {
    const type = protobufFromBinaryDescriptor(schema).lookupType(schemaName);
    return (data) => type.toObject(type.decode(data), { longs: Number, defaults: true });
  },
  cdr: ({ schema, schemaEncoding }) => {
    if (schemaEncoding !== 'ros2msg') {
      throw new Error(`its schema is written as ${schemaEncoding}, and only ros2msg is read`);
    }
    const reader = new MessageReader(parseDefinition(textOf(schema), { ros2: true }));
    return (data) => reader.readMessage(data);
  },
  ros1: ({ schema }) => {
    const reader = new Ros1Reader(parseDefinition(textOf(schema)));
    return (data) => reader.read(data);
  },
};

/** The decoder of a topic's messages. */
export const decoderOf = (file: string, channel: Channel): Result<Decoder> => {
  const refused = (reason: string): Result<never> =>
    failure(
      lociError(
        'source-unsupported',
        `${file} (topic ${channel.topic}): ${reason}`,
        `Loci reads messages encoded as ${Object.keys(decoders).join(', ')}. Choose another topic with --topic.`,
        { file, place: channel.topic },
      ),
    );
  const make = decoders[channel.messageEncoding];
  if (!make) {
    return refused(`its messages are encoded as "${channel.messageEncoding}"`);
  }
  try {
    return success(make(channel));
  } catch (thrown) {
    return refused(thrown instanceof Error ? thrown.message : String(thrown));
  }
};
