import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { McapIndexedReader, McapStreamReader, type McapTypes } from '@mcap/core';
import { loadDecompressHandlers } from '@mcap/support';
import { failure, lociError, LociException, success, type LociError, type Result } from '../../contract/errors.ts';

/** A topic of a log, and how its messages are to be read. */
export interface Channel {
  readonly topic: string;
  readonly messageEncoding: string;
  readonly schemaName: string;
  readonly schemaEncoding: string;
  readonly schema: Uint8Array;
  /** How many messages it has. */
  readonly messages: number;
}

/** One message, still encoded. */
export interface LogMessage {
  readonly topic: string;
  readonly logMicros: number;
  readonly data: Uint8Array;
}

type Channels = ReadonlyMap<number, McapTypes.Channel>;
type Schemas = ReadonlyMap<number, McapTypes.Schema>;

const describe = (channels: Channels, schemas: Schemas, countOf: (id: number) => number): Channel[] =>
  [...channels.values()].map(({ id, topic, schemaId, messageEncoding }) => {
    const schema = schemas.get(schemaId);
    return {
      topic,
      messageEncoding,
      schemaName: schema?.name ?? '',
      schemaEncoding: schema?.encoding ?? '',
      schema: schema?.data ?? new Uint8Array(),
      messages: countOf(id),
    };
  });

const readableOf = (handle: FileHandle): McapTypes.IReadable => ({
  size: async () => BigInt((await handle.stat()).size),
  read: async (offset, size) => {
    const buffer = new Uint8Array(Number(size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, Number(offset));
    return buffer.subarray(0, bytesRead);
  },
});

const micros = (nanos: bigint): number => Number(nanos / 1000n);

const broken = (file: string, lastLogMicros: number | undefined, reason: string): LociError =>
  lociError(
    'source-truncated',
    `${file} breaks off${lastLogMicros === undefined ? '' : ` after the message logged at ${(lastLogMicros / 1e6).toFixed(6)} s`}: ${reason}`,
    'What was read until there is kept. Copy or record the log again in full to read the rest.',
    { file },
  );

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** Messages in the order of the file, without the help of an index; ends with `source-truncated` thrown where it breaks. */
async function* streamMessages(
  file: string,
  decompressHandlers: McapTypes.DecompressHandlers,
  onSchema: (schema: McapTypes.Schema) => void = () => undefined,
  onChannel: (channel: McapTypes.Channel) => void = () => undefined,
): AsyncGenerator<McapTypes.Message, void, undefined> {
  const reader = new McapStreamReader({ decompressHandlers });
  let last: number | undefined;
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      reader.append(bytes);
      for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
        if (record.type === 'Schema') {
          onSchema(record);
        } else if (record.type === 'Channel') {
          onChannel(record);
        } else if (record.type === 'Message') {
          last = micros(record.logTime);
          yield record;
        }
      }
    }
  } catch (thrown) {
    throw new LociException(broken(file, last, reasonOf(thrown)), { cause: thrown });
  }
  if (!reader.done()) {
    throw new LociException(broken(file, last, 'its end is missing'));
  }
}

/** An MCAP file: its topics, and their messages. Read by its index where it has one, else from front to back. */
export class McapLog implements AsyncDisposable {
  readonly file: string;
  readonly channels: readonly Channel[];
  /** From the first message to the last, as they were logged. */
  readonly durationMicros: number;
  readonly #handle: FileHandle;
  readonly #indexed: McapIndexedReader | undefined;
  readonly #decompressHandlers: McapTypes.DecompressHandlers;

  private constructor(
    file: string,
    channels: readonly Channel[],
    durationMicros: number,
    handle: FileHandle,
    indexed: McapIndexedReader | undefined,
    decompressHandlers: McapTypes.DecompressHandlers,
  ) {
    this.file = file;
    this.channels = channels;
    this.durationMicros = durationMicros;
    this.#handle = handle;
    this.#indexed = indexed;
    this.#decompressHandlers = decompressHandlers;
  }

  static async open(file: string): Promise<Result<McapLog>> {
    const decompressHandlers = await loadDecompressHandlers();
    const handle = await open(file);
    const indexed = await McapIndexedReader.Initialize({ readable: readableOf(handle), decompressHandlers }).catch(
      () => undefined,
    );
    const statistics = indexed?.statistics;
    if (indexed && statistics && indexed.chunkIndexes.length > 0) {
      const { channelMessageCounts: counts, messageStartTime, messageEndTime } = statistics;
      const channels = describe(indexed.channelsById, indexed.schemasById, (id) => Number(counts.get(id) ?? 0n));
      return success(
        new McapLog(file, channels, micros(messageEndTime - messageStartTime), handle, indexed, decompressHandlers),
      );
    }
    const [schemas, channels] = [new Map<number, McapTypes.Schema>(), new Map<number, McapTypes.Channel>()];
    const counted = new Map<number, number>();
    let [begin, end] = [Infinity, -Infinity];
    try {
      const keepSchema = (schema: McapTypes.Schema): unknown => schemas.set(schema.id, schema);
      const keepChannel = (channel: McapTypes.Channel): unknown => channels.set(channel.id, channel);
      for await (const { channelId, logTime } of streamMessages(file, decompressHandlers, keepSchema, keepChannel)) {
        counted.set(channelId, (counted.get(channelId) ?? 0) + 1);
        [begin, end] = [Math.min(begin, micros(logTime)), Math.max(end, micros(logTime))];
      }
    } catch (thrown) {
      // What comes before the break can be read; whoever reads it to the end is told.
      if (!(thrown instanceof LociException)) {
        throw thrown;
      }
      if (counted.size === 0) {
        await handle.close();
        return failure(thrown.error);
      }
    }
    const described = describe(channels, schemas, (id) => counted.get(id) ?? 0);
    return success(new McapLog(file, described, Math.max(0, end - begin), handle, undefined, decompressHandlers));
  }

  /** Messages of these topics; those of an indexed log in order of their log time. Throws a `LociException` at a break. */
  async *messages(topics: readonly string[]): AsyncGenerator<LogMessage, void, undefined> {
    if (!this.#indexed) {
      const names = new Map<number, string>();
      const keepChannel = ({ id, topic }: McapTypes.Channel): unknown => topics.includes(topic) && names.set(id, topic);
      for await (const message of streamMessages(this.file, this.#decompressHandlers, undefined, keepChannel)) {
        const topic = names.get(message.channelId);
        if (topic !== undefined) {
          yield { topic, logMicros: micros(message.logTime), data: message.data };
        }
      }
      return;
    }
    let last: number | undefined;
    try {
      for await (const message of this.#indexed.readMessages({ topics })) {
        last = micros(message.logTime);
        const topic = this.#indexed.channelsById.get(message.channelId)?.topic ?? '';
        yield { topic, logMicros: last, data: message.data };
      }
    } catch (thrown) {
      throw new LociException(broken(this.file, last, reasonOf(thrown)), { cause: thrown });
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
