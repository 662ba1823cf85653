import { createInterface } from 'node:readline';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import { errorMessageOf, exitCodeOf, startToolWithInput, stopTool } from './ffmpeg.ts';
import type { ToolWithInput } from './ffmpeg.ts';

/**
 * What is written and how: `colour` and `grey` (8 bit) as H.264 in an MP4 that every player opens, `depth` (16 bit) as
 * FFV1 in a Matroska file, value by value without loss.
 */
export type VideoFormat = 'colour' | 'grey' | 'depth';

const pixelFormats: Record<VideoFormat, string> = { colour: 'rgb24', grey: 'gray', depth: 'gray16le' };

const h264 = (constantRateFactor: number): string[] => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(constantRateFactor), '-pix_fmt', 'yuv420p'],
  ...['-movflags', '+faststart'],
];

/** The colours of high-definition video, named in the file, so that no player has to guess. */
const bt709 = [
  ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv'],
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
];

const encoders: Record<VideoFormat, readonly string[]> = {
  colour: [...bt709, ...h264(18)],
  grey: h264(18),
  depth: ['-c:v', 'ffv1', '-level', '3', '-slices', '4', '-pix_fmt', 'gray16le'],
};

/** Encodes pictures of one size, one after the other, to a video file. */
export class VideoWriter implements AsyncDisposable {
  readonly #child: ToolWithInput;
  readonly #file: string;
  #complaint: string | undefined;

  private constructor(child: ToolWithInput, file: string) {
    this.#child = child;
    this.#file = file;
    // A broken pipe is told by the encoder's own complaint and exit code.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#complaint = errorMessageOf(line) ?? this.#complaint;
    });
  }

  /** Starts the encoder; a failure says that there is none. H.264 wants even sides. */
  static async open(
    file: string,
    format: VideoFormat,
    size: { readonly width: number; readonly height: number },
    framesPerSecond: number,
  ): Promise<Result<VideoWriter>> {
    const started = await startToolWithInput('ffmpeg', [
      ...['-hide_banner', '-nostats', '-loglevel', 'level+error', '-y', '-f', 'rawvideo'],
      ...['-pix_fmt', pixelFormats[format], '-s', `${size.width}x${size.height}`],
      ...['-framerate', String(framesPerSecond), '-i', 'pipe:0', ...encoders[format], file],
    ]);
    return started.ok ? success(new VideoWriter(started.value, file)) : started;
  }

  /** Hands a picture to the encoder, and waits until it has taken it. What went wrong is told by `finish`. */
  write(picture: Uint8Array | Uint16Array): Promise<void> {
    const bytes = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength);
    return new Promise((resolve) => this.#child.stdin.write(bytes, () => resolve()));
  }

  /** Ends the file. */
  async finish(): Promise<Result<void>> {
    this.#child.stdin.end();
    if ((await exitCodeOf(this.#child)) === 0) {
      return success(undefined);
    }
    const complaint = this.#complaint ?? 'FFmpeg stopped without a reason';
    return failure(
      /no space left/i.test(complaint)
        ? lociError(
            'disk-full',
            `The disk is full: ${this.#file} cannot be written`,
            'Free some space and try again.',
            {
              file: this.#file,
            },
          )
        : lociError(
            'internal',
            `${this.#file} cannot be encoded: ${complaint}`,
            'Check that FFmpeg has libx264 and FFV1.',
            {
              file: this.#file,
            },
          ),
    );
  }

  /** Ends the encoder at once when it has not been finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await stopTool(this.#child);
  }
}
