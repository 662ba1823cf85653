import { lociError } from '../contract/errors.ts';
import type { LociError } from '../contract/errors.ts';
import { DecoderLog, pictures } from './decoder-output.ts';
import { exitCodeOf, startTool, stopTool } from './ffmpeg.ts';
import type { ToolProcess } from './ffmpeg.ts';
import type { SourceEvent } from './frame.ts';
import type { ImageSize } from './scaling.ts';
import { slotOffset } from './selection.ts';
import type { Selection } from './selection.ts';
import { cancelled } from './source-errors.ts';
import { TimeOrder } from './time-order.ts';
import { inputArguments } from './video-probe.ts';
import type { VideoDescription } from './video-probe.ts';

/** Which frames of which video to decode, and how large. */
export interface DecodeRequest {
  readonly video: VideoDescription;
  readonly size: ImageSize;
  readonly selection: Selection;
}

/** Containers whose index makes a seek land on a key frame at or before the wanted time. */
const indexedContainers = /^(mov|matroska)/;

/** How far before the wanted time a seek aims, so that its first frame has a decoded predecessor. */
const seekMarginSeconds = 1;

/**
 * Jumps to a key frame before the first wanted frame; the filter then drops what comes too early, to the microsecond.
 * Containers without a reliable index are read from their beginning. FFmpeg counts `-ss` from the container's start.
 */
const seekArguments = ({ video, selection }: DecodeRequest): string[] => {
  const seconds = (selection.fromMicros - video.startMicros) / 1e6 - seekMarginSeconds;
  return Number.isFinite(seconds) && seconds > 0 && indexedContainers.test(video.container)
    ? ['-noaccurate_seek', '-ss', seconds.toFixed(6)]
    : [];
};

/**
 * FFmpeg's wording of `isSelected`: frames outside the wanted time and surplus frames never leave the decoder. The trim
 * ends decoding; being exact to a tick of the time base only, it stands a second off and leaves the choice to the other.
 */
const selectionFilters = ({ fromMicros, toMicros, maxFramesPerSecond: rate }: Selection): string[] => {
  const slot = (time: string): string => `floor(${time}*${rate ?? 0}+${slotOffset})`;
  const bounded = Number.isFinite(toMicros);
  const conditions = [
    // Half a microsecond off, as time stamps are rounded to microseconds.
    ...(Number.isFinite(fromMicros) ? [`gte(t*1e6,${fromMicros - 0.5})`] : []),
    ...(bounded ? [`lte(t*1e6,${toMicros + 0.5})`] : []),
    ...(rate === undefined ? [] : [`(isnan(prev_t)+gt(${slot('t')},${slot('prev_t')}))`]),
  ];
  return [
    ...(bounded ? [`trim=end=${(toMicros / 1e6 + 1).toFixed(6)}`] : []),
    ...(conditions.length === 0 ? [] : [`select='${conditions.join('*')}'`]),
  ];
};

/**
 * What makes FFmpeg deliver exactly the wanted frames, upright, in their size, with the container's own time stamps.
 *
 * A recording that does not begin at time stamp 0 keeps its time stamps (`-copyts`): a browser's video element presents
 * frames on the container's time line too, so both name a frame alike.
 */
export const videoInput = (request: DecodeRequest): { readonly input: string[]; readonly filters: string[] } => ({
  input: [
    '-copyts',
    ...seekArguments(request),
    ...inputArguments(request.video.file),
    '-map',
    `0:${request.video.streamIndex}`,
  ],
  filters: [...selectionFilters(request.selection), `scale=${request.size.width}:${request.size.height}`, 'setsar=1'],
});

const rawArguments = (request: DecodeRequest): string[] => {
  const { input, filters } = videoInput(request);
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'repeat+level+info'],
    ...input,
    ...['-vf', [...filters, 'format=rgb24', 'showinfo=checksum=0'].join(',')],
    // Neither drop nor double frames to reach a constant rate.
    ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
};

interface Expectation {
  readonly file: string;
  readonly startMicros: number;
  readonly durationMicros?: number;
  readonly selection: Selection;
}

/** What FFmpeg says when a file ends before its frames do: MP4 and MOV, Matroska and WebM, then others. */
const endsEarly = /partial file|ended prematurely|truncat|Packet corrupt|Input\/output error/i;

const truncated = (file: string, lastPtsMicros: number | undefined): LociError =>
  lastPtsMicros === undefined
    ? lociError(
        'source-unreadable',
        `${file} is cut off or damaged: not a single frame can be decoded`,
        'Copy the file again in full.',
        { file },
      )
    : lociError(
        'source-truncated',
        `${file} is cut off: nothing can be read after ${(lastPtsMicros / 1e6).toFixed(3)} s`,
        'What was read until there is kept. Copy the file again in full to read the rest.',
        { file, place: `after ${lastPtsMicros} µs` },
      );

const damaged = (file: string, log: DecoderLog): LociError =>
  lociError(
    'frame-unreadable',
    `${file} is damaged: the decoder complained ${log.complaintCount} times, first "${log.complaints[0] ?? ''}"`,
    'Some frames may be missing or look wrong. Copy the file again if you can.',
    { file },
  );

/** Other containers only promise a length; a complaint together with much less than that means the same. */
const muchIsMissing = ({ durationMicros, startMicros, selection }: Expectation, lastPtsMicros: number): boolean => {
  const endMicros = Math.min(startMicros + (durationMicros ?? 0), selection.toMicros);
  const slotMicros = 1e6 / (selection.maxFramesPerSecond ?? Infinity);
  return endMicros - lastPtsMicros > slotMicros + Math.max(500_000, 0.05 * (durationMicros ?? 0));
};

/** What there is to say once FFmpeg has delivered all that it could. */
const closingEvents = (
  expected: Expectation,
  log: DecoderLog,
  exitCode: number | undefined,
  lastPtsMicros: number | undefined,
): SourceEvent[] => {
  const { file } = expected;
  const complained = log.complaintCount > 0;
  const missing = complained && (lastPtsMicros === undefined || muchIsMissing(expected, lastPtsMicros));
  if (exitCode !== 0 || missing || log.complaints.some((line) => endsEarly.test(line))) {
    return [{ type: 'end', error: truncated(file, lastPtsMicros) }];
  }
  return [...(complained ? [{ type: 'warning', warning: damaged(file, log) } as const] : []), { type: 'end' }];
};

async function* decode(
  child: ToolProcess,
  request: DecodeRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceEvent, void, undefined> {
  const { video, size, selection } = request;
  const log = new DecoderLog(child.stderr);
  const order = new TimeOrder(video.file);
  let index = 0;
  for await (const data of pictures(child.stdout, size.width * size.height * 3)) {
    const stamped = await log.nextPtsMicros();
    if (signal?.aborted === true) {
      break;
    }
    // A raw elementary stream has no time stamps: its frames follow one another at the nominal rate.
    const ptsMicros = stamped ?? (order.lastPtsMicros ?? -1e6 / video.frameRate) + Math.round(1e6 / video.frameRate);
    if (order.accepts(ptsMicros)) {
      yield* order.takeWarning().map((warning) => ({ type: 'warning', warning }) as const);
      yield { type: 'frame', frame: { ptsMicros, index, image: { ...size, data } } };
      index += 1;
    }
  }
  if (signal?.aborted === true) {
    yield { type: 'end', error: cancelled(video.file) };
    return;
  }
  await log.end();
  yield* order.takeWarning().map((warning) => ({ type: 'warning', warning }) as const);
  // A resumed reading that finds nothing more of a recording that is cut off stands where the first one ended.
  const lastPtsMicros =
    order.lastPtsMicros ?? (Number.isFinite(selection.fromMicros) ? selection.fromMicros : undefined);
  yield* closingEvents({ ...video, selection }, log, await exitCodeOf(child), lastPtsMicros);
}

/**
 * Frames of a video in order of time, decoded by an FFmpeg process that waits on its pipe while nobody reads. Leaving
 * the iteration, or the signal, ends the process.
 */
export async function* decodeVideo(
  request: DecodeRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceEvent, void, undefined> {
  const started = await startTool('ffmpeg', rawArguments(request));
  if (!started.ok) {
    yield { type: 'end', error: started.error };
    return;
  }
  const child = started.value;
  const kill = (): boolean => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  try {
    if (signal?.aborted === true) {
      kill();
    }
    yield* decode(child, request, signal);
  } finally {
    signal?.removeEventListener('abort', kill);
    await stopTool(child);
  }
}
