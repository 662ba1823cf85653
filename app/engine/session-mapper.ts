import { failure, lociError, LociException, success, type LociError, type Result } from '../contract/errors.ts';
import type { PointCloud } from '../contract/binary.ts';
import type { FrameRecord, Session } from '../contract/session.ts';
import { resizeIntrinsics } from '../geometry/camera.ts';
import type { PoseCorrection } from '../geometry/place-map.ts';
import { motionBetween } from '../geometry/pose.ts';
import { correctPose, SessionMap, type Correction } from '../geometry/session-map.ts';
import type { Tracker } from '../geometry/tracker.ts';
import type { View } from '../geometry/view.ts';
import type { Library } from '../memory/library.ts';

/** Less than this a correction does not move a frame: a tenth of a millimetre, a hundredth of a degree. */
const noticeableMetres = 1e-4;
const noticeableRadians = 2e-4;

/**
 * How sure a focal length can be that pictures tell, as a share of it. What they scatter is less than half of that; but a
 * lens of which nobody has told bends them, and a bend of k₁ = 0.01 looks like 1.5 % of focal length.
 */
const focalSigma = 0.015;

/**
 * Gathers the views of a session while it is read, and at its end makes them agree: loops are closed, sub-maps joined,
 * and all poses that were written before are corrected. Views are matched on a worker thread while tracking goes on.
 */
export class SessionMapper implements Disposable {
  readonly map: SessionMap;
  readonly #library: Library;
  readonly #session: Session;
  #kept: number;
  #matching: Promise<View[]> = Promise.resolve([]);

  private constructor(library: Library, session: Session, map: SessionMap, kept: number) {
    this.#library = library;
    this.#session = session;
    this.map = map;
    this.#kept = kept;
  }

  /** Begins with nothing, or with the views that the library held at a checkpoint. */
  static async open(library: Library, session: Session, kept: number): Promise<Result<SessionMapper>> {
    const stored = kept === 0 ? [] : await library.views(session.id);
    if (stored.length < kept) {
      return failure(
        lociError(
          'library-damaged',
          `Views of the session ${session.id} are missing from the library`,
          'Ingest the recording again under another name.',
        ),
      );
    }
    const map = SessionMap.restore(session.scale, stored.slice(0, kept), !session.intrinsicsKnown);
    return map.ok ? success(new SessionMapper(library, session, map.value, kept)) : map;
  }

  /**
   * Takes over the views that tracking has finished with; only between frames. Answers those of the call before that are
   * to be stored, and how many there are by then. A snapshot of the tracker taken before this call goes with the answer.
   */
  async take(tracker: Tracker): Promise<{ readonly views: readonly View[]; readonly kept: number }> {
    const views = await this.#matching;
    this.#kept += views.length;
    this.#matching = this.map.add(tracker.takeViews());
    // The next call awaits it; until then a failure must not count as unhandled.
    this.#matching.catch(() => undefined);
    return { views, kept: this.#kept };
  }

  /**
   * Makes all views agree and corrects the poses of the session's frames in the library. Answers how keyframes moved, for
   * the map, and a warning for each part of the session that could not be joined. Done again after a crash it ends alike.
   */
  async adjust(signal: AbortSignal): Promise<{ corrections: readonly PoseCorrection[]; warnings: LociError[] }> {
    if (!this.map.adjusted) {
      await this.map.adjust(signal);
      if (signal.aborted) {
        throw new LociException(lociError('cancelled', 'Cancelled', 'The same command goes on from there.'));
      }
      await this.#library.saveViews(this.#session.id, this.map.views());
    }
    const corrections = this.map.corrections();
    const frames = await this.#library.frames(this.#session.id);
    const moved = wereCorrected(frames, corrections) ? [] : correctedFrames(frames, corrections);
    await this.#library.appendFrames(
      this.#session.id,
      moved.map(({ frame, to }) => ({ ...frame, worldFromCamera: to })),
    );
    return {
      corrections: moved.map(({ frame: { ptsMicros }, from, to, scale }) => ({ ptsMicros, from, to, scale })),
      warnings: this.map.apart().map((span) => {
        const seconds = (micros: number): string => ((micros - this.#session.firstPtsMicros) / 1e6).toFixed(1);
        const time = `${seconds(span.fromPtsMicros)}–${seconds(span.toPtsMicros)} s`;
        return lociError(
          'place-not-recognised',
          `Tracking was lost in ${this.#session.sourcePath}, and what was seen at ${time} could not be joined to the rest`,
          'Film a place again that was seen before, from a similar side.',
          { file: this.#session.sourcePath, place: time },
        );
      }),
    };
  }

  /**
   * The camera that all views agree on, of frames of the session's size, with the standard deviation of its focal length;
   * undefined when it was known, or tracking could not tell it either.
   */
  camera(): Pick<Session, 'intrinsics' | 'focalSigmaPixels'> | undefined {
    const { intrinsicsKnown, width, height } = this.#session;
    const camera = intrinsicsKnown ? undefined : this.map.camera();
    if (!camera) {
      return undefined;
    }
    const intrinsics = resizeIntrinsics(camera, width, height);
    return { intrinsics, focalSigmaPixels: focalSigma * intrinsics.fx };
  }

  /** The landmarks of all views. */
  points(): PointCloud {
    return this.map.points();
  }

  async close(): Promise<void> {
    await this.#matching.catch(() => undefined);
    this.map.close();
  }

  [Symbol.dispose](): void {
    void this.close();
  }
}

interface MovedFrame {
  readonly frame: FrameRecord;
  readonly from: readonly number[];
  readonly to: number[];
  readonly scale: number;
}

const correctedFrames = (frames: readonly FrameRecord[], corrections: readonly Correction[]): MovedFrame[] =>
  frames.flatMap((frame) => {
    const from = frame.worldFromCamera;
    if (!from) {
      return [];
    }
    const { pose, scale } = correctPose(corrections, frame.ptsMicros, from);
    const { metres, radians } = motionBetween(from, pose);
    return metres > noticeableMetres || radians > noticeableRadians ? [{ frame, from, to: [...pose], scale }] : [];
  });

/** Whether the frames are where the corrections lead already: the one that leads farthest tells it best. */
const wereCorrected = (frames: readonly FrameRecord[], corrections: readonly Correction[]): boolean => {
  const length = ({ from, to }: Correction): number => {
    const { metres, radians } = motionBetween(from, to);
    return metres + radians;
  };
  const [first, ...others] = corrections;
  const longest = others.reduce((best, each) => (best && length(best) >= length(each) ? best : each), first);
  const frame = longest && frames.find(({ ptsMicros }) => ptsMicros === longest.ptsMicros);
  return frame?.worldFromCamera !== undefined && longest !== undefined
    ? length({ ...longest, from: frame.worldFromCamera }) < length({ ...longest, to: frame.worldFromCamera })
    : false;
};
