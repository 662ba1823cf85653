import { LociException, type Result } from '../../../contract/errors.ts';
import { decoderOf } from '../../../media/mcap/decoders.ts';
import { McapLog, type Channel } from '../../../media/mcap/log.ts';
import { logInvalid } from '../robot-errors.ts';
import type { LogRow, LogStream } from './log-file.ts';

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) {
    throw new LociException(result.error);
  }
  return result.value;
};

/** The topic that was named, or the only one whose schema fits. */
const channelOf = ({ file, channels }: McapLog, { topic, schema }: LogStream): Result<Channel> => {
  const fits = channels.filter((channel) =>
    topic === undefined ? schema.test(channel.schemaName) : channel.topic === topic,
  );
  const topics = [...new Set(fits.map((channel) => channel.topic))];
  const [channel] = fits;
  if (channel === undefined || topics.length > 1) {
    const all = (topics.length > 1 ? topics : channels.map((each) => each.topic)).join(', ');
    const what = topics.length > 1 ? `${topics.length} topics fit` : 'no topic fits';
    return logInvalid(file, `${what}: ${all}`, 'Choose one with --joint-topic or --base-topic.');
  }
  return { ok: true, value: channel };
};

/** Reads the messages of one topic of an MCAP file. */
export async function* readMcap(file: string, stream: LogStream): AsyncGenerator<LogRow> {
  await using log = valueOf(await McapLog.open(file));
  const channel = valueOf(channelOf(log, stream));
  const decode = valueOf(decoderOf(file, channel));
  let number = 0;
  for await (const { data, logMicros } of log.messages([channel.topic])) {
    yield { number: ++number, message: decode(data) as LogRow['message'], loggedMicros: logMicros };
  }
}
