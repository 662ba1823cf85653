import { failure, lociError, LociException, success, type LociError, type Result } from '../../contract/errors.ts';
import { decoderOf, type Decoder } from './decoders.ts';
import type { Channel, McapLog } from './log.ts';
import { kindOf, readCalibration, readImage, readPose, readTransforms } from './messages.ts';
import type { Calibration, FrameTransform, ImageMessage } from './messages.ts';
import { isDepth } from './pictures.ts';
import { trackOfPoses, trackOfTree, type PoseTrack } from './pose-track.ts';

/** A topic that is read, and how. */
export interface Topic {
  readonly channel: Channel;
  readonly decode: Decoder;
  /** Its first message. */
  readonly first: ImageMessage;
  readonly calibration?: Calibration;
}

/** What of a log makes up a recording. */
export interface ChosenTopics {
  readonly colour: Topic;
  /** Whether the colour topic holds packets of a video instead of pictures. */
  readonly isVideo: boolean;
  readonly depth?: Topic;
  readonly poses?: PoseTrack;
  /** What could not be read of the topics beside the pictures. */
  readonly warnings: readonly LociError[];
}

/** The messages of a topic of pictures. */
export async function* imagesOf(
  log: McapLog,
  { channel, decode }: Pick<Topic, 'channel' | 'decode'>,
): AsyncGenerator<ImageMessage, void, undefined> {
  for await (const { data, logMicros } of log.messages([channel.topic])) {
    const image = readImage(decode(data), logMicros);
    if (image) {
      yield image;
    }
  }
}

/** The first picture of a topic; `undefined` when it has none that can be read. */
const firstImage = async (log: McapLog, channel: Channel, decode: Decoder): Promise<ImageMessage | undefined> => {
  for await (const image of imagesOf(log, { channel, decode })) {
    return image;
  }
  return undefined;
};

/** Named topics first, then those with most messages. */
const byPreference = (channels: readonly Channel[], named: readonly string[]): Channel[] =>
  channels.toSorted(
    (a, b) => Number(named.includes(b.topic)) - Number(named.includes(a.topic)) || b.messages - a.messages,
  );

const commonPrefix = (a: string, b: string): number => {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length += 1;
  }
  return length;
};

/** Everything of some small topics, up to where the log breaks off. */
const readAll = async <T>(
  log: McapLog,
  file: string,
  channels: readonly Channel[],
  read: (message: unknown, logMicros: number) => readonly T[],
): Promise<{
  readonly values: readonly (T & { readonly topic: string })[];
  readonly warnings: readonly LociError[];
}> => {
  const decoders = new Map<string, Decoder>();
  const warnings: LociError[] = [];
  for (const channel of channels) {
    const decode = decoderOf(file, channel);
    if (decode.ok) {
      decoders.set(channel.topic, decode.value);
    } else {
      warnings.push(decode.error);
    }
  }
  const values: (T & { readonly topic: string })[] = [];
  try {
    for await (const { topic, data, logMicros } of decoders.size === 0 ? [] : log.messages([...decoders.keys()])) {
      values.push(...read(decoders.get(topic)?.(data), logMicros).map((value) => ({ ...value, topic })));
    }
  } catch (thrown) {
    if (!(thrown instanceof LociException)) {
      throw thrown;
    }
  }
  return { values, warnings };
};

/** The calibration that belongs to a picture: of its frame of coordinates, else the topic whose name is most like its own. */
const calibrationFor = (
  calibrations: readonly (Calibration & { readonly topic: string })[],
  { topic }: Channel,
  { frameId }: ImageMessage,
): Calibration | undefined => {
  const sameFrame = calibrations.filter((calibration) => frameId !== '' && calibration.frameId === frameId);
  const candidates = sameFrame.length > 0 ? sameFrame : calibrations;
  return candidates.toSorted((a, b) => commonPrefix(b.topic, topic) - commonPrefix(a.topic, topic))[0];
};

const nothing = (file: string, channels: readonly Channel[]): LociError =>
  lociError(
    'source-empty',
    `${file} has no topic of pictures that can be read`,
    channels.length === 0
      ? 'It has no topics at all.'
      : `Its topics are ${channels.map(({ topic, schemaName }) => `${topic} (${schemaName})`).join(', ')}.`,
    { file },
  );

const topicMissing = (file: string, topic: string, channels: readonly Channel[]): LociError =>
  lociError(
    'bad-usage',
    `${file} has no topic ${topic}`,
    `Its topics are ${channels.map((channel) => channel.topic).join(', ')}.`,
    { file, place: topic },
  );

/**
 * Chooses what of a log to read: the colour pictures of the topic with most messages, depth, the cameras of both, and
 * where the colour camera was: in the tree of transforms when it holds the pictures' frame, else a topic of poses.
 */
export const chooseTopics = async (
  file: string,
  log: McapLog,
  named: readonly string[] = [],
): Promise<Result<ChosenTopics>> => {
  const missing = named.find((topic) => !log.channels.some((channel) => channel.topic === topic));
  if (missing !== undefined) {
    return failure(topicMissing(file, missing, log.channels));
  }
  const filled = log.channels.filter(({ messages }) => messages > 0);
  const ofKind = (...kinds: readonly ReturnType<typeof kindOf>[]): Channel[] =>
    filled.filter(({ schemaName }) => kinds.includes(kindOf(schemaName)));

  const calibrations = await readAll(log, file, ofKind('calibration'), (message, logMicros) => {
    const calibration = readCalibration(message, logMicros);
    return calibration ? [calibration] : [];
  });
  const warnings: LociError[] = [...calibrations.warnings];
  let refused: LociError | undefined;
  let colour: Topic | undefined;
  let depth: Topic | undefined;
  for (const channel of byPreference(ofKind('compressed-image', 'raw-image', 'video'), named)) {
    const decode = decoderOf(file, channel);
    if (!decode.ok) {
      refused ??= decode.error;
      continue;
    }
    const first = await firstImage(log, channel, decode.value);
    if (!first) {
      continue;
    }
    const calibration = calibrationFor(calibrations.values, channel, first);
    const topic: Topic = { channel, decode: decode.value, first, ...(calibration && { calibration }) };
    const showsDepth = kindOf(channel.schemaName) !== 'video' && (await isDepth(first));
    depth ??= showsDepth ? topic : undefined;
    colour ??= showsDepth ? undefined : topic;
  }
  if (!colour) {
    return failure(refused ?? nothing(file, log.channels));
  }
  const poses = await posesOf(file, log, byPreference(ofKind('pose'), named), ofKind('transforms'), colour);
  return success({
    colour,
    isVideo: kindOf(colour.channel.schemaName) === 'video',
    ...(depth && { depth }),
    ...(poses.track && { poses: poses.track }),
    warnings: [...warnings, ...poses.warnings],
  });
};

const posesOf = async (
  file: string,
  log: McapLog,
  poseChannels: readonly Channel[],
  transformChannels: readonly Channel[],
  colour: Topic,
): Promise<{ readonly track?: PoseTrack | undefined; readonly warnings: readonly LociError[] }> => {
  const transforms = await readAll<FrameTransform>(log, file, transformChannels, readTransforms);
  const tree = trackOfTree(transforms.values, colour.first.frameId);
  if (tree) {
    return { track: tree, warnings: transforms.warnings };
  }
  const poses = await readAll(log, file, poseChannels.slice(0, 1), (message, logMicros) => {
    const pose = readPose(message, logMicros);
    return pose ? [pose] : [];
  });
  const warnings = [...transforms.warnings, ...poses.warnings];
  return { ...(poses.values.length > 0 && { track: trackOfPoses(poses.values) }), warnings };
};
