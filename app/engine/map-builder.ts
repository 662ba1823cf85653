import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { joinPoints, type PointCloud } from '../contract/binary.ts';
import { lociError, LociException } from '../contract/errors.ts';
import type { Pose } from '../contract/geometry.ts';
import type { Session } from '../contract/session.ts';
import { MovingPixels, type ReferenceKeyframe } from '../geometry/moving-pixels.ts';
import { PlaceMap, type MappedFrame, type PoseCorrection } from '../geometry/place-map.ts';
import { motionBetween } from '../geometry/pose.ts';
import type { Correction } from '../geometry/session-map.ts';
import { changesShape } from '../geometry/shape-change.ts';
import { decodeDepthPng, decodeJpeg, decodeMaskPng } from '../media/encode.ts';
import type { ByteImage, DepthImage, Frame, SourceInfo } from '../media/frame.ts';
import type { Library, MapCorrectionRow, PointTile } from '../memory/library.ts';
import type { Checkpoint } from './checkpoint.ts';
import { ViewMapper } from './view-mapper.ts';

/** Keyframes that wait at once; a camera that stands still for minutes settles nothing, yet must not fill the memory. */
const maxUnsettled = 24;

/** A keyframe in the map is moved when that carries what it sees at `typicalDepth` farther than a quarter of a voxel. */
const minCorrectionMetres = 0.005;
const typicalDepth = 2;

/** Points that are looked at to find the floor; more make it no surer. */
const maxSampledPoints = 500_000;

/** What a map has to know of its session. */
export type MappedSession = Pick<Session, 'id' | 'intrinsics' | 'intrinsicsKnown' | 'scale'>;

/** Adds a keyframe to the map, once its pose is known. */
type Join = (worldFromCamera: Pose) => Promise<void>;

interface StoredPicture {
  readonly jpeg: Uint8Array;
}

interface UnsettledFrame {
  readonly join: Join;
  /** Where the camera was, as far as known yet. */
  pose: Pose | undefined;
}

/** What has to be remembered of a map besides the keyframes in the library, to make it again as it was. */
export interface MapState {
  /** Keyframes whose pose may still change, and which are therefore not in the map yet. */
  readonly unsettledPtsMicros: readonly number[];
  /** Keyframes that the next one is compared with to see what moves, with their poses of then. */
  readonly references: readonly ReferenceKeyframe[];
  /** How many times keyframes that had joined the map were moved. */
  readonly corrections: number;
}

/**
 * Grows the map from keyframes, by their depth or, in a recording without any, by the depth that they give each other. A
 * keyframe joins when its pose has settled; should it change once more, as when a loop is closed, what it saw moves along.
 * Depth between views is only as right as their camera and poses: with a guessed camera it waits for the end of the
 * session, and when poses change there by more than a motion, it is found again.
 */
export class MapBuilder {
  readonly #library: Library;
  readonly #sessionId: string;
  readonly #folder: string;
  readonly #hasDepth: boolean;
  #map: PlaceMap;
  #views: ViewMapper | undefined;
  readonly #moving: MovingPixels | undefined;
  readonly #unsettled = new Map<number, UnsettledFrame>();
  /** Poses of the keyframes that have joined. */
  readonly #joined = new Map<number, Pose>();
  #corrections = 0;
  #unsavedCorrections: MapCorrectionRow[] = [];
  #work: Promise<void> = Promise.resolve();

  private constructor(
    library: Library,
    sessionId: string,
    folder: string,
    map: PlaceMap,
    views: ViewMapper | undefined,
    moving: MovingPixels | undefined,
  ) {
    this.#library = library;
    this.#sessionId = sessionId;
    this.#folder = folder;
    this.#hasDepth = moving !== undefined;
    this.#map = map;
    this.#views = views;
    this.#moving = moving;
  }

  static async create(
    library: Library,
    session: MappedSession,
    { hasDepth, depthIntrinsics }: Pick<SourceInfo, 'hasDepth' | 'depthIntrinsics'>,
  ): Promise<MapBuilder> {
    const { id, intrinsics } = session;
    const folder = await library.scratchFolder(id);
    if (!hasDepth) {
      const views = session.intrinsicsKnown ? new ViewMapper(session) : undefined;
      const map = PlaceMap.create({ intrinsics: views?.intrinsics ?? intrinsics, folder });
      return new MapBuilder(library, id, folder, map, views, undefined);
    }
    const cameras = { intrinsics, ...(depthIntrinsics && { depthIntrinsics }) };
    const map = PlaceMap.create({ ...cameras, folder });
    return new MapBuilder(library, id, folder, map, undefined, new MovingPixels(cameras));
  }

  get state(): MapState {
    return {
      unsettledPtsMicros: [...this.#unsettled.keys()],
      references: this.#moving?.references ?? [],
      corrections: this.#corrections,
    };
  }

  /** What moves in a keyframe; undefined when nothing does, or it cannot be told. To be asked of each keyframe once. */
  async findMoving({ ptsMicros, depth }: Frame, pose: Pose | undefined): Promise<ByteImage | undefined> {
    return depth && pose && this.#moving?.find({ ptsMicros, depth, worldFromCamera: pose });
  }

  /** Takes a keyframe and how it is stored; one without depth adds nothing where others have depth. */
  add(frame: Frame & Pick<MappedFrame, 'moving'>, pose: Pose | undefined, stored: Promise<StoredPicture>): void {
    const { ptsMicros, image, depth, moving } = frame;
    if (this.#views) {
      this.#wait(ptsMicros, pose, joinByViews(this.#map, this.#views, ptsMicros, stored));
    } else if (depth) {
      this.#wait(ptsMicros, pose, joinByDepth(this.#map, { ptsMicros, image, depth, moving }));
    }
  }

  /** Says better poses of frames: keyframes that wait join the map, those that have joined move. */
  settle(frames: readonly { readonly ptsMicros: number; readonly worldFromCamera?: Pose | undefined }[]): void {
    const corrections = frames.flatMap(({ ptsMicros, worldFromCamera: to }): PoseCorrection[] => {
      const from = this.#joined.get(ptsMicros);
      return from && to && isFar(from, to) ? [{ ptsMicros, from, to }] : [];
    });
    if (corrections.length > 0) {
      const row = { sequence: this.#corrections, afterKeyframes: this.#joined.size, corrections };
      this.#unsavedCorrections.push({ sessionId: this.#sessionId, ...row });
      this.#correct(corrections);
    }
    for (const { ptsMicros, worldFromCamera } of frames) {
      const frame = this.#unsettled.get(ptsMicros);
      if (frame) {
        frame.pose = worldFromCamera;
        this.#join(ptsMicros);
      }
    }
  }

  /** Waits until the keyframes that have settled are in the map, and how others were moved is in the library. */
  async idle(): Promise<void> {
    const corrections = this.#unsavedCorrections;
    this.#unsavedCorrections = [];
    await this.#library.saveMapCorrections(corrections);
    await this.#work;
  }

  /**
   * Takes all that still waits and moves it with its keyframes. A map without depth is made again instead where depth that
   * was found before is wrong by now: `session` has the final camera, `views` is how the session's views have changed.
   */
  async complete(
    session: MappedSession,
    corrections: readonly PoseCorrection[],
    views: readonly Correction[],
    signal: AbortSignal,
  ): Promise<void> {
    if (!this.#hasDepth && (!this.#views || changesShape(views, typicalDepth * this.#map.unit))) {
      await this.#remake(session, signal);
      return;
    }
    for (const ptsMicros of [...this.#unsettled.keys()]) {
      this.#join(ptsMicros);
    }
    await this.idle();
    await this.#views?.finish(this.#map);
    await this.#map.correct(corrections);
  }

  /**
   * Writes the map into the library, tile by tile; `landmarks` instead when they are more. Answers what was written, or
   * enough of it to find the floor in.
   */
  async save(landmarks: PointCloud): Promise<PointCloud> {
    const map = this.#map;
    const stride = Math.max(1, Math.ceil(map.voxels() / maxSampledPoints));
    const samples: PointCloud[] = [];
    let points = 0;
    const tiles = function* (): Generator<PointTile> {
      for (const tile of map.tiles()) {
        const cloud = map.tilePoints(tile);
        if (cloud.positions.length > 0) {
          points += cloud.positions.length / 3;
          samples.push(thinned(cloud, stride));
          yield { tile, cloud };
        }
      }
    };
    await this.#library.savePointTiles(this.#sessionId, tiles());
    if (points >= landmarks.positions.length / 3) {
      return joinPoints(samples);
    }
    await this.#library.savePoints(this.#sessionId, landmarks);
    return landmarks;
  }

  /** Makes the map again from what is in the library, as it was at a checkpoint. */
  async rebuild({ lastPtsMicros, map: state }: Checkpoint): Promise<void> {
    const [library, sessionId] = [this.#library, this.#sessionId];
    if (!this.#hasDepth && !this.#views) {
      return;
    }
    const corrections = await library.mapCorrections(sessionId);
    // A keyframe that was moved joined with the pose that it was moved from first.
    const poseAtJoining = new Map<number, Pose>();
    for (const { ptsMicros, from } of corrections.flatMap((row) => row.corrections).reverse()) {
      poseAtJoining.set(ptsMicros, from);
    }
    const unsettled = new Set(state.unsettledPtsMicros);
    const references = new Map(state.references.map((reference) => [reference.ptsMicros, reference]));
    for (const { ptsMicros, index, tracking, worldFromCamera } of await library.keyframes(sessionId)) {
      const jpeg = ptsMicros > lastPtsMicros ? undefined : await library.picture(sessionId, ptsMicros);
      if (!jpeg) {
        continue;
      }
      const seen = this.#views ? undefined : await readSurface(library, sessionId, ptsMicros);
      const reference = references.get(ptsMicros);
      if (seen && reference) {
        this.#moving?.remember({ ...reference, depth: seen.depth });
      }
      // Where the camera was only predicted, nothing joined.
      const located = tracking === 'predicted' ? undefined : worldFromCamera;
      const pose = poseAtJoining.get(ptsMicros) ?? located;
      // Only what joins by its own depth needs the picture's pixels.
      const image = seen ? await decodeJpeg(jpeg) : noPixels;
      this.add({ ptsMicros, index, image, ...seen }, pose, Promise.resolve({ jpeg }));
      if (!unsettled.has(ptsMicros)) {
        this.#join(ptsMicros);
        this.#repeatCorrections(corrections.slice(0, state.corrections));
        await this.#work;
      }
    }
  }

  async close(): Promise<void> {
    await this.#work.catch(() => undefined);
    this.#views?.close();
    this.#map.close();
    await this.#library.removeScratchFolder(this.#sessionId);
  }

  /** Makes the map from the keyframes in the library as they are by now. */
  async #remake(session: MappedSession, signal: AbortSignal): Promise<void> {
    await this.#work;
    this.#views?.close();
    this.#map.close();
    // The files of the map before may outlive it for a while.
    const folder = join(this.#folder, 'remade');
    await mkdir(folder);
    const views = new ViewMapper(session);
    this.#views = views;
    this.#map = PlaceMap.create({ intrinsics: views.intrinsics, folder });
    for (const { ptsMicros, tracking, worldFromCamera } of await this.#library.keyframes(this.#sessionId)) {
      if (signal.aborted) {
        throw new LociException(lociError('cancelled', 'Cancelled', 'The same command goes on from there.'));
      }
      const jpeg =
        worldFromCamera && tracking !== 'predicted'
          ? await this.#library.picture(this.#sessionId, ptsMicros)
          : undefined;
      if (jpeg && worldFromCamera) {
        await views.add(this.#map, ptsMicros, jpeg, worldFromCamera);
      }
    }
    await views.finish(this.#map);
  }

  #wait(ptsMicros: number, pose: Pose | undefined, join: Join): void {
    this.#unsettled.set(ptsMicros, { join, pose });
    const [oldest] = this.#unsettled.keys();
    if (this.#unsettled.size > maxUnsettled && oldest !== undefined) {
      this.#join(oldest);
    }
  }

  #join(ptsMicros: number): void {
    const frame = this.#unsettled.get(ptsMicros);
    this.#unsettled.delete(ptsMicros);
    const { pose } = frame ?? {};
    if (frame && pose) {
      this.#joined.set(ptsMicros, pose);
      this.#next(() => frame.join(pose));
    }
  }

  #correct(corrections: readonly PoseCorrection[]): void {
    this.#corrections++;
    for (const { ptsMicros, to } of corrections) {
      this.#joined.set(ptsMicros, to);
    }
    this.#moving?.correct(corrections);
    this.#next(() => this.#map.correct(corrections));
  }

  /** Moves keyframes again as they were moved when so many had joined. */
  #repeatCorrections(rows: readonly MapCorrectionRow[]): void {
    for (const { sequence, afterKeyframes, corrections } of rows) {
      if (sequence === this.#corrections && afterKeyframes === this.#joined.size) {
        this.#correct(corrections);
      }
    }
  }

  #next(task: () => Promise<void>): void {
    this.#work = this.#work.then(task);
    // Whoever waits for the work learns of a failure; until then it must not count as unhandled.
    this.#work.catch(() => undefined);
  }
}

const noPixels = { width: 0, height: 0, data: new Uint8Array() };

/** The depth of a keyframe in the library and what moves in it; undefined when it has no depth. */
const readSurface = async (
  library: Library,
  sessionId: string,
  ptsMicros: number,
): Promise<{ readonly depth: DepthImage; readonly moving: ByteImage | undefined } | undefined> => {
  const stored = await library.keyframeDepth(sessionId, ptsMicros);
  if (!stored) {
    return undefined;
  }
  const mask = await library.mask(sessionId, ptsMicros);
  const depth = await decodeDepthPng(stored.png, stored.metresPerUnit);
  return { depth, moving: mask && (await decodeMaskPng(mask)) };
};

const joinByDepth =
  (map: PlaceMap, frame: MappedFrame): Join =>
  (worldFromCamera) =>
    map.integrate(frame, worldFromCamera);

/** Holds on to nothing but the packed picture while the keyframe waits. */
const joinByViews =
  (map: PlaceMap, views: ViewMapper, ptsMicros: number, stored: Promise<StoredPicture>): Join =>
  async (worldFromCamera) =>
    views.add(map, ptsMicros, (await stored).jpeg, worldFromCamera);

const isFar = (from: Pose, to: Pose): boolean => {
  const { metres, radians } = motionBetween(from, to);
  return metres + typicalDepth * radians > minCorrectionMetres;
};

/** Every so many points. */
const thinned = ({ positions, colours, normals }: PointCloud, stride: number): PointCloud => {
  const keep = (_: number, i: number): boolean => Math.floor(i / 3) % stride === 0;
  return {
    positions: positions.filter(keep),
    colours: colours.filter(keep),
    ...(normals && { normals: normals.filter(keep) }),
  };
};
