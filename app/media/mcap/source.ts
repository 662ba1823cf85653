import { failure, lociError, LociException, success } from '../../contract/errors.ts';
import type { LociError, Result } from '../../contract/errors.ts';
import type { DepthImage, Frame, RgbImage, SourceEvent, SourceInfo } from '../frame.ts';
import { resizeRgb } from '../image-files.ts';
import type { OpenedSource } from '../opened-source.ts';
import { decodePackets } from '../packet-decoder.ts';
import type { VideoPacket } from '../packet-decoder.ts';
import { prefetch } from '../read-ahead.ts';
import { fitWithin, sameSize, scaleDepth } from '../scaling.ts';
import type { ImageSize } from '../scaling.ts';
import { isSelected } from '../selection.ts';
import type { Selection } from '../selection.ts';
import { cancelled, noFrameAt, noFramesChosen } from '../source-errors.ts';
import { TimeOrder } from '../time-order.ts';
import type { McapLog } from './log.ts';
import type { ImageMessage } from './messages.ts';
import { colourOf, depthOf } from './pictures.ts';
import { imagesOf } from './topics.ts';
import type { ChosenTopics, Topic } from './topics.ts';

/** Depth belongs to the colour picture that it is at most this far from, as in TUM's recordings. */
const associationMicros = 20_000;

const framesAhead = 3;

/** One colour picture, or why there is none. */
interface Picture {
  readonly ptsMicros: number;
  readonly image: Result<RgbImage>;
  /** What there is to say of the pictures left out before it. */
  readonly warnings: readonly LociError[];
}

/** Walks along the depth topic beside the colour pictures. */
class DepthCursor {
  readonly #messages: AsyncGenerator<ImageMessage, void, undefined>;
  #near: ImageMessage[] = [];
  #ended = false;

  constructor(messages: AsyncGenerator<ImageMessage, void, undefined>) {
    this.#messages = messages;
  }

  /** The depth picture nearest to a time, where one is near enough. Times asked for ascend. */
  async at(stampMicros: number): Promise<ImageMessage | undefined> {
    while (!this.#ended && (this.#near.at(-1)?.stampMicros ?? -Infinity) <= stampMicros + associationMicros) {
      // Where the log breaks off, the colour pictures tell.
      const next = await this.#messages.next().catch(() => undefined);
      if (next === undefined || next.done === true) {
        this.#ended = true;
      } else {
        this.#near.push(next.value);
      }
    }
    this.#near = this.#near.filter((message) => message.stampMicros >= stampMicros - associationMicros);
    const distance = (message: ImageMessage): number => Math.abs(message.stampMicros - stampMicros);
    const [nearest] = this.#near.toSorted((a, b) => distance(a) - distance(b));
    return nearest && distance(nearest) <= associationMicros ? nearest : undefined;
  }

  async close(): Promise<void> {
    await this.#messages.return();
  }
}

/** What reading a log needs to know of it. */
export interface Plan {
  readonly topics: ChosenTopics;
  readonly selection: Selection;
  /** Of the pictures in the log, and of the frames. */
  readonly size: ImageSize;
  readonly frame: ImageSize;
  readonly metresPerUnit: number;
  readonly maxSizePixels: number | undefined;
}

/** The colour pictures of a log, with depth and poses of the same times. */
export class McapSource implements OpenedSource {
  readonly info: SourceInfo;
  readonly encoderInput = { type: 'frames' } as const;
  readonly #log: McapLog;
  readonly #plan: Plan;
  readonly #closing = new AbortController();

  constructor(info: SourceInfo, log: McapLog, plan: Plan) {
    this.info = info;
    this.#log = log;
    this.#plan = plan;
  }

  /** The time stamp from which the recording's own time counts. */
  get #beginMicros(): number {
    return this.#plan.topics.colour.first.stampMicros;
  }

  async *frames(
    options: { readonly fromPtsMicros?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SourceEvent, void, undefined> {
    const { fromPtsMicros = -Infinity, signal } = options;
    const leaving = new AbortController();
    const stopped = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const working = AbortSignal.any([stopped, leaving.signal]);
    const { topics } = this.#plan;
    const depths = topics.depth && new DepthCursor(imagesOf(this.#log, topics.depth));
    const order = new TimeOrder(this.info.path);
    let index = 0;
    if (fromPtsMicros === -Infinity) {
      yield* topics.warnings.map((warning) => ({ type: 'warning', warning }) as const);
    }
    try {
      for await (const { ptsMicros, image, warnings } of prefetch(
        this.#pictures(fromPtsMicros, order, working),
        framesAhead,
        () => leaving.abort(),
      )) {
        if (stopped.aborted) {
          break;
        }
        yield* warnings.map((warning) => ({ type: 'warning', warning }) as const);
        if (!image.ok) {
          yield { type: 'warning', warning: image.error };
          continue;
        }
        const depth = await this.#depth(await depths?.at(ptsMicros + this.#beginMicros));
        if (depth?.ok === false) {
          yield { type: 'warning', warning: depth.error };
        }
        const recordedPose = topics.poses?.at(ptsMicros + this.#beginMicros);
        const frame: Frame = {
          ptsMicros,
          index,
          image: image.value,
          ...(depth?.ok === true && { depth: depth.value }),
          ...(recordedPose && { recordedPose }),
        };
        yield { type: 'frame', frame };
        index += 1;
      }
      yield* order.takeWarning().map((warning) => ({ type: 'warning', warning }) as const);
      yield this.#end(stopped, index === 0 && fromPtsMicros === -Infinity ? noFramesChosen(this.info.path) : undefined);
    } catch (thrown) {
      if (!(thrown instanceof LociException)) {
        throw thrown;
      }
      yield this.#end(stopped, thrown.error);
    } finally {
      await depths?.close();
    }
  }

  #end(stopped: AbortSignal, error: LociError | undefined): SourceEvent {
    const told = stopped.aborted ? cancelled(this.info.path) : error;
    return { type: 'end', ...(told && { error: told }) };
  }

  /** The wanted colour pictures, in order of time. */
  async *#pictures(
    fromPtsMicros: number,
    order: TimeOrder,
    signal: AbortSignal,
  ): AsyncGenerator<Picture, void, undefined> {
    const { selection, topics } = this.#plan;
    let previous: number | undefined;
    const isWanted = (ptsMicros: number): boolean => {
      if (!order.accepts(ptsMicros)) {
        return false;
      }
      const wanted = isSelected(selection, ptsMicros, previous) && ptsMicros >= fromPtsMicros;
      previous = ptsMicros;
      return wanted;
    };
    if (topics.isVideo) {
      for await (const { ptsMicros, image } of decodePackets(
        topics.colour.first.type === 'compressed' ? topics.colour.first.format : '',
        this.#packets(),
        this.#plan.frame,
        signal,
      )) {
        if (isWanted(ptsMicros)) {
          yield { ptsMicros, image: success(image), warnings: order.takeWarning() };
        } else if (ptsMicros > selection.toMicros) {
          return;
        }
      }
      return;
    }
    for await (const message of imagesOf(this.#log, topics.colour)) {
      if (signal.aborted) {
        return;
      }
      const ptsMicros = message.stampMicros - this.#beginMicros;
      if (isWanted(ptsMicros)) {
        yield { ptsMicros, image: await this.#colour(message, ptsMicros), warnings: order.takeWarning() };
      } else if (ptsMicros > selection.toMicros) {
        return;
      }
    }
  }

  async *#packets(): AsyncGenerator<VideoPacket, void, undefined> {
    for await (const { stampMicros, ...message } of imagesOf(this.#log, this.#plan.topics.colour)) {
      yield { ptsMicros: stampMicros - this.#beginMicros, data: message.data };
    }
  }

  #place({ channel }: Topic, stampMicros: number): string {
    return `${this.info.path} (topic ${channel.topic}, at ${((stampMicros - this.#beginMicros) / 1e6).toFixed(6)} s)`;
  }

  async #colour(message: ImageMessage, ptsMicros: number): Promise<Result<RgbImage>> {
    const { size, frame, topics } = this.#plan;
    const place = this.#place(topics.colour, ptsMicros + this.#beginMicros);
    const image = await colourOf(message, place);
    if (!image.ok) {
      return image;
    }
    return sameSize(image.value, size)
      ? success(await resizeRgb(image.value, frame))
      : failure(
          lociError(
            'frame-unreadable',
            `${place} is ${image.value.width}×${image.value.height}, but the recording is ${size.width}×${size.height}`,
            'The frame is left out.',
            { file: this.info.path },
          ),
        );
  }

  async #depth(message: ImageMessage | undefined): Promise<Result<DepthImage> | undefined> {
    const { topics, metresPerUnit, maxSizePixels } = this.#plan;
    if (!message || !topics.depth) {
      return undefined;
    }
    const depth = await depthOf(message, metresPerUnit, this.#place(topics.depth, message.stampMicros));
    return depth.ok ? success(scaleDepth(depth.value, fitWithin(depth.value, maxSizePixels))) : depth;
  }

  async frameAt(ptsMicros: number): Promise<Result<Frame>> {
    for await (const event of this.frames({ fromPtsMicros: ptsMicros })) {
      if (event.type === 'end' && event.error) {
        return failure(event.error);
      }
      if (event.type === 'frame') {
        return event.frame.ptsMicros === ptsMicros
          ? success(event.frame)
          : failure(noFrameAt(this.info.path, ptsMicros));
      }
    }
    return failure(noFrameAt(this.info.path, ptsMicros));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#log.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
