import { failure, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import type { SourceOptions } from '../contract/job.ts';
import { cameraOf } from './camera-file.ts';
import type { Camera } from './camera-file.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Frame, SourceEvent, SourceInfo } from './frame.ts';
import type { EncoderInput, OpenedSource, SourceFormat } from './opened-source.ts';
import { prefetch } from './read-ahead.ts';
import { fitWithin, scaleIntrinsics } from './scaling.ts';
import type { ImageSize } from './scaling.ts';
import { selectionFrom } from './selection.ts';
import type { Selection } from './selection.ts';
import { cancelled, noFrameAt, noFramesChosen } from './source-errors.ts';
import { decodeVideo, videoInput } from './video-decoder.ts';
import type { DecodeRequest } from './video-decoder.ts';
import { probeVideo } from './video-probe.ts';
import type { VideoDescription } from './video-probe.ts';

/** Decoded frames waiting for the reader: enough for FFmpeg and the reader to work side by side. */
const framesAhead = 3;

const infoFrom = (
  video: VideoDescription,
  size: ImageSize,
  selection: Selection,
  options: SourceOptions,
  { intrinsics, distortion }: Camera,
  fingerprint: string,
): SourceInfo => {
  const { maxFramesPerSecond } = selection;
  const endMicros = Math.min(selection.toMicros, video.startMicros + (video.durationMicros ?? Infinity));
  const durationMicros = Math.max(0, endMicros - Math.max(selection.fromMicros, video.startMicros));
  const whole =
    maxFramesPerSecond === undefined && options.startSeconds === undefined && options.endSeconds === undefined;
  return {
    kind: 'video',
    path: video.file,
    fingerprint,
    ...size,
    frameRate: Math.min(video.frameRate, maxFramesPerSecond ?? Infinity),
    ...(whole && video.totalFrames !== undefined && { totalFrames: video.totalFrames }),
    ...(Number.isFinite(durationMicros) && { durationMicros }),
    ...(intrinsics && { intrinsics: scaleIntrinsics(intrinsics, size) }),
    ...(distortion && { distortion }),
    ...(video.likelyIntrinsics && { likelyIntrinsics: scaleIntrinsics(video.likelyIntrinsics, size) }),
    hasDepth: false,
    hasRecordedPoses: false,
  };
};

class VideoSource implements OpenedSource {
  readonly info: SourceInfo;
  readonly encoderInput: EncoderInput;
  readonly #request: DecodeRequest;
  readonly #closing = new AbortController();

  constructor(info: SourceInfo, request: DecodeRequest) {
    this.info = info;
    this.#request = request;
    this.encoderInput = { type: 'video', ...videoInput(request) };
  }

  async *frames(
    options: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SourceEvent, void, undefined> {
    const { fromPtsMicros = -Infinity, signal } = options;
    const leaving = new AbortController();
    const stopped = AbortSignal.any([this.#closing.signal, leaving.signal, ...(signal ? [signal] : [])]);
    const { selection } = this.#request;
    const fromMicros = Math.max(selection.fromMicros, fromPtsMicros);
    const request = { ...this.#request, selection: { ...selection, fromMicros } };
    let frames = 0;
    for await (const event of prefetch(decodeVideo(request, stopped), framesAhead, () => leaving.abort())) {
      if (stopped.aborted) {
        yield { type: 'end', error: cancelled(this.info.path) };
        return;
      }
      frames += event.type === 'frame' ? 1 : 0;
      // A resumed reading may well begin after the last frame; a first one that finds nothing has a reason to tell.
      const nothing = event.type === 'end' && event.error === undefined && frames === 0;
      yield nothing && fromPtsMicros === -Infinity ? { type: 'end', error: noFramesChosen(this.info.path) } : event;
    }
  }

  async frameAt(ptsMicros: number): Promise<Result<Frame>> {
    for await (const event of this.frames({ fromPtsMicros: ptsMicros })) {
      if (event.type === 'end' && event.error !== undefined) {
        return failure(event.error);
      }
      if (event.type === 'frame') {
        if (event.frame.ptsMicros === ptsMicros) {
          return success(event.frame);
        }
        break;
      }
    }
    return failure(noFrameAt(this.info.path, ptsMicros));
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
 * Any video that FFmpeg reads. Frames keep the container's presentation time stamps, also at a variable rate, so a
 * nominal `framesPerSecond` is not asked for. Intrinsics that were given are those of the upright frame.
 */
export const videoFormat: SourceFormat = {
  kind: 'video',
  description: 'a video file',
  recognises: (names) => names === undefined,
  open: async (path, options) => {
    const probed = await probeVideo(path);
    if (!probed.ok) {
      return probed;
    }
    const video = probed.value;
    const selection = selectionFrom(options, video.startMicros);
    if (!selection.ok) {
      return selection;
    }
    const camera = await cameraOf(path, [], options, video.size);
    if (!camera.ok) {
      return camera;
    }
    const size = fitWithin(video.size, options.maxSizePixels);
    const fingerprint = await fingerprintOf(path, [
      path,
      ...(camera.value.file === undefined ? [] : [camera.value.file]),
    ]);
    return success(
      new VideoSource(infoFrom(video, size, selection.value, options, camera.value, fingerprint), {
        video,
        size,
        selection: selection.value,
      }),
    );
  },
};
