import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import { cameraOf } from './camera-file.ts';
import { DecoderLog, pictures } from './decoder-output.ts';
import { startTool, stopTool } from './ffmpeg.ts';
import type { Frame, SourceEvent, SourceInfo } from './frame.ts';
import { isLive, liveInputArguments } from './live-input.ts';
import { Newest } from './newest.ts';
import type { OpenedSource, SourceFormat } from './opened-source.ts';
import { fitWithin, scaleIntrinsics } from './scaling.ts';
import { isSelected, selectionFrom } from './selection.ts';
import type { Selection } from './selection.ts';
import { noFrameAt } from './source-errors.ts';
import { probeInput } from './video-probe.ts';

/** After a loss the connection is tried again after these pauses; after the last, the camera counts as taken away. */
const pausesMillis = [500, 1_000, 2_000, 5_000, 10_000, 10_000, 10_000, 10_000] as const;

/** A first picture that does not come within this time is told instead of waited for. */
const openWithinMillis = 20_000;

interface LivePicture {
  readonly ptsMicros: number;
  readonly data: Uint8Array;
}

const lost = (path: string, atMicros: number, reason: string): LociError =>
  lociError(
    'source-truncated',
    `${path} broke off at ${(atMicros / 1e6).toFixed(3)} s${reason === '' ? '' : `: ${reason}`}`,
    'The connection is tried again; the time between is missing.',
    { file: path, place: `${atMicros} µs` },
  );

const gone = (path: string): LociError =>
  lociError('source-truncated', `${path} does not come back`, 'What was seen until then is kept.', { file: path });

/**
 * Gives pictures their time: the stream's own clock within a connection, this machine's between two, so that a gap is as
 * long as it was.
 */
class LiveClock {
  readonly #fromMicros: number;
  #begunAt: number | undefined;
  #last: number;
  #connection: { readonly streamMicros: number; readonly ptsMicros: number } | undefined;

  constructor(fromMicros: number) {
    this.#fromMicros = fromMicros;
    this.#last = fromMicros - 1;
  }

  /** Whether there was a picture yet. */
  get hasBegun(): boolean {
    return this.#begunAt !== undefined;
  }

  /** The last time that was given. */
  get lastPtsMicros(): number {
    return Math.max(0, this.#last);
  }

  /** A new connection counts from an origin of its own. */
  reconnect(): void {
    this.#connection = undefined;
  }

  /** The time of the next picture; `undefined` when it does not come after the one before it. */
  stamp(streamMicros: number | undefined): number | undefined {
    this.#begunAt ??= performance.now();
    const elapsed = this.#fromMicros + Math.round((performance.now() - this.#begunAt) * 1e3);
    if (streamMicros !== undefined) {
      this.#connection ??= { streamMicros, ptsMicros: Math.max(elapsed, this.#last + 1) };
    }
    const ptsMicros =
      streamMicros === undefined || !this.#connection
        ? elapsed
        : this.#connection.ptsMicros + streamMicros - this.#connection.streamMicros;
    if (ptsMicros <= this.#last) {
      return undefined;
    }
    this.#last = ptsMicros;
    return ptsMicros;
  }
}

class LiveSource implements OpenedSource {
  readonly info: SourceInfo;
  readonly encoderInput = { type: 'frames' } as const;
  readonly #selection: Selection;
  readonly #closing = new AbortController();

  constructor(info: SourceInfo, selection: Selection) {
    this.info = info;
    this.#selection = selection;
  }

  /** Time counts from the first picture, or goes on from `fromPtsMicros`. Ends, without an error, when told to stop. */
  async *frames(
    options: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SourceEvent, void, undefined> {
    const { fromPtsMicros = 0, signal } = options;
    const leaving = new AbortController();
    const stopped = AbortSignal.any([this.#closing.signal, leaving.signal, ...(signal ? [signal] : [])]);
    const newest = new Newest<LivePicture>();
    const warnings: LociError[] = [];
    const receiving = this.#receive(fromPtsMicros, newest, warnings, stopped);
    receiving.catch(() => undefined);
    let index = 0;
    let previous: number | undefined;
    let dropped = 0;
    const told = (): SourceEvent[] => warnings.splice(0).map((warning) => ({ type: 'warning', warning }));
    try {
      for (let taken = await newest.take(); taken; taken = await newest.take()) {
        yield* told();
        const { ptsMicros, data } = taken.value;
        dropped += taken.replaced;
        if (stopped.aborted || ptsMicros > this.#selection.toMicros) {
          break;
        }
        if (isSelected(this.#selection, ptsMicros, previous)) {
          const { width, height } = this.info;
          const frame: Frame = { ptsMicros, index, image: { width, height, data }, dropped };
          yield { type: 'frame', frame };
          index += 1;
          dropped = 0;
        }
        previous = ptsMicros;
      }
      leaving.abort();
      const error = await receiving;
      yield* told();
      yield { type: 'end', ...(error && { error }) };
    } finally {
      leaving.abort();
    }
  }

  /** Receives pictures for as long as they come, and connects again when they stop. Answers why it gave up. */
  async #receive(
    fromMicros: number,
    newest: Newest<LivePicture>,
    warnings: LociError[],
    stopped: AbortSignal,
  ): Promise<LociError | undefined> {
    const clock = new LiveClock(fromMicros);
    const goesOn = (): boolean => !stopped.aborted;
    let attempts = 0;
    try {
      while (goesOn()) {
        if (attempts > pausesMillis.length) {
          return gone(this.info.path);
        }
        clock.reconnect();
        const reason = await this.#connect(stopped, (data, streamMicros) => {
          attempts = 0;
          const ptsMicros = clock.stamp(streamMicros);
          if (ptsMicros !== undefined) {
            newest.put({ ptsMicros, data });
          }
        });
        if (goesOn() && attempts === 0 && clock.hasBegun) {
          warnings.push(lost(this.info.path, clock.lastPtsMicros, reason));
        }
        const pause = pausesMillis[Math.min(attempts, pausesMillis.length - 1)];
        await delay(pause, undefined, { signal: stopped }).catch(() => undefined);
        attempts += 1;
      }
      return undefined;
    } finally {
      newest.close();
    }
  }

  /** One connection, until it ends; answers what FFmpeg complained of. */
  async #connect(
    stopped: AbortSignal,
    onPicture: (data: Uint8Array, streamMicros: number | undefined) => void,
  ): Promise<string> {
    const { path, width, height } = this.info;
    const started = await startTool('ffmpeg', [
      ...['-hide_banner', '-nostats', '-loglevel', 'repeat+level+info'],
      ...liveInputArguments(path),
      ...['-map', '0:v:0', '-vf', `scale=${width}:${height},setsar=1,format=rgb24,showinfo=checksum=0`],
      ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
    ]);
    if (!started.ok) {
      return started.error.message;
    }
    const child = started.value;
    const kill = (): boolean => child.kill('SIGKILL');
    stopped.addEventListener('abort', kill);
    if (stopped.aborted) {
      kill();
    }
    try {
      const log = new DecoderLog(child.stderr);
      for await (const data of pictures(child.stdout, width * height * 3)) {
        onPicture(data, await log.nextPtsMicros());
      }
      return log.complaints.at(-1) ?? '';
    } finally {
      stopped.removeEventListener('abort', kill);
      await stopTool(child);
    }
  }

  frameAt(ptsMicros: number): Promise<Result<Frame>> {
    return Promise.resolve(failure(noFrameAt(this.info.path, ptsMicros)));
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * A camera or a stream, watched as it happens: `/dev/video0` or `camera:0`, or an address (RTSP, HTTP, UDP, RTMP, SRT).
 * When frames come faster than they are dealt with, the newest wins.
 */
export const liveFormat: SourceFormat = {
  kind: 'live',
  description: 'a live camera (/dev/video0, camera:0) or stream (rtsp://, http://, udp://)',
  recognises: (_names, path) => isLive(path),
  open: async (path, options) => {
    const probed = await probeInput(path, liveInputArguments(path), openWithinMillis);
    if (!probed.ok) {
      return probed;
    }
    const { size, frameRate } = probed.value;
    const selection = selectionFrom(options, 0);
    if (!selection.ok) {
      return selection;
    }
    const camera = await cameraOf('', [], options, size);
    if (!camera.ok) {
      return camera;
    }
    const { intrinsics, distortion } = camera.value;
    const frame = fitWithin(size, options.maxSizePixels);
    return success(
      new LiveSource(
        {
          kind: 'live',
          path,
          fingerprint: createHash('sha256').update(path).digest('hex').slice(0, 32),
          ...frame,
          frameRate: Math.min(frameRate, selection.value.maxFramesPerSecond ?? Infinity),
          ...(intrinsics && { intrinsics: scaleIntrinsics(intrinsics, frame) }),
          ...(distortion && { distortion }),
          hasDepth: false,
          hasRecordedPoses: false,
        },
        selection.value,
      ),
    );
  },
};
