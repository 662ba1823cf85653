import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { errorMessageOf } from './ffmpeg.ts';

/** Cuts a stream of bytes into pictures. A rest at the end that is shorter than one is dropped. */
export async function* pictures(stream: Readable, bytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  let picture = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let used = 0;
    while (used < chunk.length) {
      const copied = chunk.copy(picture, filled, used);
      used += copied;
      filled += copied;
      if (filled === bytes) {
        yield new Uint8Array(picture.buffer);
        picture = Buffer.allocUnsafeSlow(bytes);
        filled = 0;
      }
    }
  }
}

/** Listens to FFmpeg's log: one time stamp for every picture (`showinfo`), in the same order, and complaints. */
export class DecoderLog {
  readonly complaints: string[] = [];
  /** How many complaints there were; only the first few are kept. */
  complaintCount = 0;
  #secondsPerTick = 0;
  #ended = false;
  #wake: () => void = () => undefined;
  readonly #times: (number | undefined)[] = [];

  constructor(stderr: Readable) {
    const lines = createInterface({ input: stderr, crlfDelay: Infinity });
    lines.on('line', (line) => this.#read(line));
    lines.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  #read(line: string): void {
    const frame = /\] n: *\d+ pts: *(-?\d+|NOPTS) /.exec(line);
    if (frame) {
      const ticks = Number(frame[1]);
      this.#times.push(Number.isNaN(ticks) ? undefined : Math.round(ticks * this.#secondsPerTick * 1e6));
      this.#wake();
      return;
    }
    // The decimal `pts_time` of each frame is rounded to six digits; ticks of the time base are exact.
    const timeBase = /config in time_base: (\d+)\/(\d+)/.exec(line);
    if (timeBase) {
      this.#secondsPerTick = Number(timeBase[1]) / Number(timeBase[2]);
      return;
    }
    const complaint = errorMessageOf(line);
    if (complaint !== undefined) {
      this.complaintCount += 1;
      if (this.complaints.length < 20) {
        this.complaints.push(complaint);
      }
    }
  }

  /** The time stamp of the next picture in microseconds, `undefined` when it has none. */
  async nextPtsMicros(): Promise<number | undefined> {
    while (this.#times.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#times.shift();
  }

  /** Resolves once FFmpeg has closed its log. */
  async end(): Promise<void> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
