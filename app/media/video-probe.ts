import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import type { Intrinsics } from '../contract/geometry.ts';
import { runTool } from './ffmpeg.ts';
import type { ImageSize } from './scaling.ts';

/** What a video file says of the stream of pictures that Loci reads from it. */
export interface VideoDescription {
  readonly file: string;
  /** FFmpeg's names of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  readonly streamIndex: number;
  readonly codec: string;
  readonly pixelFormat: string;
  /** As a player shows it: rotated upright, with square pixels. */
  readonly size: ImageSize;
  readonly frameRate: number;
  readonly startMicros: number;
  readonly durationMicros?: number;
  readonly totalFrames?: number;
  /** Of the upright frame, from a focal length that the container's metadata tell. */
  readonly likelyIntrinsics?: Intrinsics;
}

const number = z.coerce.number().refine(Number.isFinite);

const tagsSchema = z.record(z.string(), z.string()).default({});

const streamSchema = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  pix_fmt: z.string().default('unknown'),
  width: z.int().nonnegative().default(0),
  height: z.int().nonnegative().default(0),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().default('0/0'),
  r_frame_rate: z.string().default('0/0'),
  start_time: number.optional(),
  duration: number.optional(),
  nb_frames: number.optional(),
  disposition: z.object({ attached_pic: z.int().default(0) }).optional(),
  tags: tagsSchema,
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
});

const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({
    format_name: z.string().default('unknown'),
    start_time: number.optional(),
    duration: number.optional(),
    tags: tagsSchema,
  }),
});

const packetsSchema = z.object({
  packets: z.array(z.object({ pts: z.int().optional() })).default([]),
  streams: z.array(z.object({ time_base: z.string() })).default([]),
});

/** Reads `30000/1001` or `4:3`; `undefined` for `0/0` and the like. */
const ratio = (text: string | undefined): number | undefined => {
  const [numerator, denominator] = (text ?? '').split(/[/:]/).map(Number);
  const value = (numerator ?? 0) / (denominator ?? 0);
  return Number.isFinite(value) && value > 0 ? value : undefined;
};

const micros = (seconds: number): number => Math.round(seconds * 1e6);

/** A stream that a frame rate was never written for, as in a raw elementary stream. */
const assumedFrameRate = 25;

const uprightSize = (stream: z.infer<typeof streamSchema>): ImageSize => {
  const width = Math.round(stream.width * (ratio(stream.sample_aspect_ratio) ?? 1));
  const rotation = stream.side_data_list.find((entry) => entry.rotation !== undefined)?.rotation ?? 0;
  const lying = Math.abs(Math.round(rotation / 90)) % 2 === 1;
  return lying ? { width: stream.height, height: width } : { width, height: stream.height };
};

/** The diagonal of a 36 mm × 24 mm picture, for which a lens of the same field of view has the "35 mm equivalent" focal length. */
const smallFormatDiagonal = Math.hypot(36, 24);

/**
 * The camera that a "35 mm equivalent" focal length in the metadata stands for (QuickTime's
 * `com.apple.quicktime.camera.focal_length.35mm_equivalent`, EXIF's `FocalLengthIn35mmFilm`, where FFmpeg hands them on).
 * The crop of a stabilised video is not in it, so it is likely, not known.
 */
const likelyIntrinsicsOf = (
  tags: Readonly<Record<string, string>>,
  { width, height }: ImageSize,
): Intrinsics | undefined => {
  const key = Object.keys(tags).find((name) => /focal_?length.*35 ?mm/i.test(name));
  const millimetres = Number.parseFloat(key === undefined ? '' : (tags[key] ?? ''));
  if (!(millimetres > 0) || !Number.isFinite(millimetres)) {
    return undefined;
  }
  const focal = (millimetres / smallFormatDiagonal) * Math.hypot(width, height);
  return { fx: focal, fy: focal, cx: (width - 1) / 2, cy: (height - 1) / 2, width, height };
};

const unsupported = (file: string, what: string): Result<never> =>
  failure(
    lociError(
      'source-unsupported',
      `${file} ${what}`,
      'Give a video file that ffprobe can read, or a folder of images.',
      { file },
    ),
  );

/** Reading stays on this machine, even when a file is a play-list that names addresses on the network. */
export const inputArguments = (file: string): string[] => [
  '-protocol_whitelist',
  'file',
  '-i',
  `file:${resolve(file)}`,
];

/** Tells whether a file begins with a box of the MP4 family, as text that is called `.mp4` does not. */
const beginsLikeMp4 = async (file: string): Promise<boolean> => {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
  return ['ftyp', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(buffer.toString('latin1', 4));
};

/** Times of the frames of a video in microseconds, in order, as its container tells them without decoding any. */
export const probeFrameTimes = async (file: string): Promise<Result<readonly number[]>> => {
  const run = await runTool('ffprobe', [
    ...['-loglevel', 'error', '-select_streams', 'v:0', '-of', 'json'],
    ...['-show_entries', 'stream=time_base:packet=pts'],
    ...inputArguments(file),
  ]);
  if (!run.ok) {
    return run;
  }
  const parsed = packetsSchema.safeParse(JSON.parse(run.value.stdout || '{}'));
  const secondsPerTick = ratio(parsed.data?.streams[0]?.time_base);
  if (!parsed.success || secondsPerTick === undefined) {
    return unsupported(file, 'does not tell the times of its frames');
  }
  const ticks = parsed.data.packets.flatMap(({ pts }) => pts ?? []);
  return success(ticks.sort((a, b) => a - b).map((tick) => micros(tick * secondsPerTick)));
};

/**
 * Describes a live input that FFmpeg opens with these arguments. One that stays silent for `withinMillis` is refused.
 */
export const probeInput = async (
  path: string,
  input: readonly string[],
  withinMillis: number,
): Promise<Result<VideoDescription>> => {
  const args = ['-loglevel', 'error', '-show_streams', '-show_format', '-of', 'json', ...input];
  const run = await runTool('ffprobe', args, withinMillis);
  if (!run.ok) {
    return run;
  }
  const { exitCode, stdout, stderr } = run.value;
  if (exitCode !== 0) {
    const reason = stderr.trim().split('\n').at(-1) ?? '';
    return failure(
      lociError(
        'source-unreadable',
        `${path} cannot be watched: ${reason === '' ? `nothing came within ${withinMillis / 1000} s` : reason}`,
        'Check the address, and that the camera is on and not in use.',
        { file: path },
      ),
    );
  }
  return describe(path, stdout);
};

/** Describes the first real stream of pictures of a video file, or says why it cannot be read. */
export const probeVideo = async (file: string): Promise<Result<VideoDescription>> => {
  if ((await stat(file)).size === 0) {
    return failure(
      lociError('source-empty', `${file} is empty (0 bytes)`, 'Copy or record it again; it holds no video.', { file }),
    );
  }
  const run = await runTool('ffprobe', [
    ...['-loglevel', 'error', '-show_streams', '-show_format', '-of', 'json'],
    ...inputArguments(file),
  ]);
  if (!run.ok) {
    return run;
  }
  const { exitCode, stdout, stderr } = run.value;
  if (exitCode !== 0) {
    // An mp4 that was cut before its index, which stands at the end, is beyond reading: nothing says where frames begin.
    return /moov atom not found/.test(stderr) && (await beginsLikeMp4(file))
      ? failure(
          lociError(
            'source-unreadable',
            `${file} is cut off: its index (moov atom) is missing, so no frame can be read`,
            'Copy the file again in full, or repair it with a tool that rebuilds the index.',
            { file },
          ),
        )
      : unsupported(file, 'is not a video that FFmpeg can read');
  }
  return describe(file, stdout);
};

/** Reads what ffprobe tells of a video. */
const describe = (file: string, stdout: string): Result<VideoDescription> => {
  const parsed = probeSchema.safeParse(JSON.parse(stdout));
  if (!parsed.success) {
    return unsupported(file, 'is described by ffprobe in a way that Loci does not understand');
  }
  const { streams, format } = parsed.data;
  if (/_pipe$|^(image2|tty)$/.test(format.format_name)) {
    return unsupported(file, 'is a single picture or text, not a video');
  }
  const stream = streams.find((entry) => entry.codec_type === 'video' && entry.disposition?.attached_pic !== 1);
  if (stream === undefined) {
    return unsupported(file, 'has no video stream');
  }
  if (stream.width === 0 || stream.height === 0) {
    return failure(
      lociError(
        'source-unreadable',
        `${file} is damaged: its video stream (${stream.codec_name}) does not tell its size`,
        'Copy or record the file again.',
        { file },
      ),
    );
  }
  const duration = stream.duration ?? format.duration;
  const size = uprightSize(stream);
  const likelyIntrinsics = likelyIntrinsicsOf({ ...format.tags, ...stream.tags }, size);
  return success({
    file,
    container: format.format_name,
    streamIndex: stream.index,
    codec: stream.codec_name,
    pixelFormat: stream.pix_fmt,
    size,
    frameRate: ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate) ?? assumedFrameRate,
    startMicros: micros(stream.start_time ?? format.start_time ?? 0),
    ...(duration !== undefined && { durationMicros: micros(duration) }),
    ...(stream.nb_frames !== undefined && { totalFrames: stream.nb_frames }),
    ...(likelyIntrinsics && { likelyIntrinsics }),
  });
};
