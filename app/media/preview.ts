import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import { encodeJpeg } from './encode.ts';
import { errorMessageOf, exitCodeOf, startTool, stopTool } from './ffmpeg.ts';
import type { ToolProcess } from './ffmpeg.ts';
import { releasePixels } from './frame.ts';
import { imageSizeOf } from './image-files.ts';
import type { OpenedSource } from './opened-source.ts';
import { readAhead } from './read-ahead.ts';
import { cancelled } from './source-errors.ts';
import { probeVideo } from './video-probe.ts';

const browserContainers: Record<string, readonly string[]> = {
  mov: ['h264', 'vp9', 'av1'],
  matroska: ['vp8', 'vp9', 'av1'],
};

/**
 * Tells whether a Chromium without extra codecs plays the file as it is: MP4, MOV or WebM with H.264 (8 bit, 4:2:0),
 * VP8, VP9 or AV1. HEVC depends on the hardware and counts as not playable.
 */
export const isBrowserPlayable = async (file: string): Promise<boolean> => {
  const described = await stat(file).then(
    (entry) => (entry.isFile() ? probeVideo(file) : undefined),
    () => undefined,
  );
  if (described?.ok !== true) {
    return false;
  }
  const { container, codec, pixelFormat } = described.value;
  const family = container.split(',')[0] ?? '';
  if (family === 'matroska' && !/\.webm$/i.test(file)) {
    return false;
  }
  const codecFits = browserContainers[family]?.includes(codec) === true;
  return codecFits && (codec !== 'h264' || /^yuvj?420p$/.test(pixelFormat));
};

/** Microseconds, FFmpeg's and Loci's; every time stamp of a session is a whole number of them. */
const ticksPerSecond = 1_000_000;

/** A last picture is shown this long when nothing else tells. */
const lastPictureMicros = 40_000;

/** How the `ffconcat` script names a file: quoted, with quotation marks inside written apart. */
const quoted = (file: string): string => `'file:${file.replaceAll("'", String.raw`'\''`)}'`;

interface Picture {
  readonly file: string;
  readonly ptsMicros: number;
}

const headersAtOnce = 4;

/** Of pictures that are encoded once more. */
const previewQuality = 92;

/** Leaves out what is no picture at all: FFmpeg ends a script at an empty file and takes its time base from the first. */
const readable = async (pictures: readonly Picture[]): Promise<Picture[]> => {
  const kept: Picture[] = [];
  const check = async (picture: Picture): Promise<Picture | undefined> => (await imageSizeOf(picture.file)) && picture;
  for await (const picture of readAhead(pictures, check, headersAtOnce)) {
    if (picture) {
      kept.push(picture);
    }
  }
  return kept;
};

const concatScript = (pictures: readonly Picture[]): string =>
  [
    'ffconcat version 1.0',
    ...pictures.flatMap(({ file, ptsMicros }, i) => {
      const shownMicros = (pictures[i + 1]?.ptsMicros ?? ptsMicros + lastPictureMicros) - ptsMicros;
      // Single pictures are read with the time base of a frame rate, 1/25 s unless told; that would round all times.
      return [
        `file ${quoted(file)}`,
        `option framerate ${ticksPerSecond}`,
        `duration ${(shownMicros / ticksPerSecond).toFixed(6)}`,
      ];
    }),
    '',
  ].join('\n');

/** Writes the frames of a source that FFmpeg cannot read as pictures into a folder. */
const writePictures = async (source: OpenedSource, folder: string): Promise<Picture[]> => {
  const pictures: Picture[] = [];
  for await (const event of source.frames()) {
    if (event.type === 'frame') {
      const { image, ptsMicros } = event.frame;
      const file = join(folder, `${String(pictures.length).padStart(8, '0')}.jpg`);
      await writeFile(file, await encodeJpeg(image, previewQuality));
      releasePixels(event.frame);
      pictures.push({ file, ptsMicros });
    }
  }
  return pictures;
};

/** Arguments and filters that read the frames of a source; a script of pictures is written into `folder`. */
const prepareInput = async (
  source: OpenedSource,
  folder: string,
): Promise<{ readonly input: readonly string[]; readonly filters: readonly string[] }> => {
  const { encoderInput } = source;
  if (encoderInput.type === 'video') {
    return encoderInput;
  }
  const pictures =
    encoderInput.type === 'pictures' ? await readable(encoderInput.pictures) : await writePictures(source, folder);
  const script = join(folder, 'pictures.ffconcat');
  await writeFile(script, concatScript(pictures));
  const { width, height } = source.info;
  const firstMicros = pictures[0]?.ptsMicros ?? 0;
  return {
    input: ['-protocol_whitelist', 'file', '-f', 'concat', '-safe', '0', '-i', script],
    filters: [`setpts=PTS+${firstMicros / ticksPerSecond}/TB`, `scale=${width}:${height}`, 'setsar=1'],
  };
};

const encoderArguments = (input: readonly string[], filters: readonly string[], outFile: string): string[] => [
  ...['-hide_banner', '-nostats', '-loglevel', 'level+error', '-y', '-progress', 'pipe:1', '-copyts'],
  ...input,
  // H.264 with 4:2:0 colour wants even sides; the pixel that this may move is nothing in a preview.
  ...['-vf', [...filters, 'scale=ceil(iw/2)*2:ceil(ih/2)*2', 'format=yuv420p'].join(',')],
  ...['-fps_mode', 'passthrough', '-enc_time_base', `1:${ticksPerSecond}`],
  // Both time scales: the movie's counts the time before the first frame.
  ...['-video_track_timescale', String(ticksPerSecond), '-movie_timescale', String(ticksPerSecond)],
  // A short group of pictures makes scrubbing quick; without B-frames the time line needs no edit list.
  ...['-an', '-sn', '-dn', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '15', '-bf', '0'],
  ...['-movflags', '+faststart', '-f', 'mp4', outFile],
];

/** Follows `-progress` until FFmpeg ends; answers its last complaint. */
const follow = async (
  child: ToolProcess,
  source: OpenedSource,
  onProgress: (share: number) => void,
): Promise<string | undefined> => {
  let complaint: string | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    complaint = errorMessageOf(line) ?? complaint;
  });
  const { totalFrames, durationMicros, frameRate } = source.info;
  const expected = totalFrames ?? ((durationMicros ?? 0) / 1e6) * frameRate;
  for await (const line of createInterface({ input: child.stdout })) {
    const frame = /^frame=(\d+)$/.exec(line)?.[1];
    if (frame !== undefined && expected > 0) {
      onProgress(Math.min(1, Number(frame) / expected));
    }
  }
  return complaint;
};

const encodingFailed = (source: OpenedSource, outFile: string, complaint: string | undefined): LociError =>
  complaint !== undefined && /no space left/i.test(complaint)
    ? lociError('disk-full', `The disk is full: ${outFile} cannot be written`, 'Free some space and try again.', {
        file: outFile,
      })
    : lociError(
        'source-unreadable',
        `${source.info.path} cannot be encoded for playing: ${complaint ?? 'FFmpeg stopped without a reason'}`,
        'Questions, keyframes and the map work without it. Check the recording with ffprobe.',
        { file: source.info.path },
      );

/**
 * Encodes the frames of a source that `openSource` opened as an H.264 MP4 that every browser plays, each frame at its
 * own time stamp. `outFile` appears only once it is complete. `onProgress` hears shares from 0 to 1.
 */
export const encodePreview = async (
  source: OpenedSource,
  outFile: string,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Result<void>> => {
  const { path } = source.info;
  // Beside its destination, so that the last step is a renaming and not a copy.
  const partFile = join(dirname(resolve(outFile)), `.part-${process.pid}-${Date.now().toString(36)}.mp4`);
  const folder = await mkdtemp(join(tmpdir(), 'loci-preview-'));
  try {
    const { input, filters } = await prepareInput(source, folder);
    const started = await startTool('ffmpeg', encoderArguments(input, filters, partFile));
    if (!started.ok) {
      return started;
    }
    const child = started.value;
    const kill = (): boolean => child.kill('SIGKILL');
    signal?.addEventListener('abort', kill);
    try {
      if (signal?.aborted === true) {
        kill();
      }
      const complaint = await follow(child, source, onProgress);
      const exitCode = await exitCodeOf(child);
      if (signal?.aborted === true) {
        return failure(cancelled(path));
      }
      // A recording that is cut off still gives a preview of what can be read.
      if (exitCode !== 0) {
        return failure(encodingFailed(source, outFile, complaint));
      }
    } finally {
      signal?.removeEventListener('abort', kill);
      await stopTool(child);
    }
    await rename(partFile, outFile);
    onProgress(1);
    return success(undefined);
  } finally {
    await Promise.all([rm(partFile, { force: true }), rm(folder, { recursive: true, force: true })]);
  }
};
