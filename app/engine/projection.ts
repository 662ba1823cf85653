import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fromThrown, lociError, LociException, type Result } from '../contract/errors.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { PointCloud } from '../contract/binary.ts';
import type {
  ClosedLoop,
  ProjectionEvent,
  ProjectionManifest,
  ProjectionRequest,
  ProjectionSummary,
  Stretch,
} from '../contract/projection.ts';
import type { Session } from '../contract/session.ts';
import { motionBetween } from '../geometry/pose.ts';
import { likeness } from '../geometry/projection/likeness.ts';
import { chooseReferences, nearestTo, type Candidate } from '../geometry/projection/references.ts';
import { SurfaceRenderer, type SurfaceView } from '../geometry/projection/surface-view.ts';
import { decodeJpeg } from '../media/encode.ts';
import type { RgbImage } from '../media/frame.ts';
import { resizeRgb } from '../media/image-files.ts';
import { openSource } from '../media/open-source.ts';
import { VideoWriter } from '../media/video-writer.ts';
import type { Library } from '../memory/library.ts';
import { NewFolder } from './new-folder.ts';
import { intrinsicsOfSize, posesOf } from './projection-path.ts';

const widestDefault = 640;
const depthUnitMetres = 0.001;
/** A keyframe this near to the first view shows the same picture. */
const sameView = { metres: 0.02, radians: 0.02 };
const framesPerReport = 10;
/** Of a stretch's references so many are blended into a frame, those nearest to it. */
const blendedReferences = 4;

const files = { path: 'path.json', colour: 'colour.mp4', depth: 'depth.mkv', visibility: 'visibility.mp4' };

const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) {
    throw new LociException(result.error);
  }
  return result.value;
};

/** All that a projection is made from. */
interface Plan {
  readonly session: Session;
  readonly map: PointCloud;
  readonly poses: readonly Pose[];
  readonly intrinsics: Intrinsics;
  readonly candidates: readonly Candidate[];
  /** The keyframe that shows the first view; what is made is compared with it, so it is no reference. */
  readonly firstView: Candidate | undefined;
  readonly metresPerDepthUnit: number;
}

const even = (side: number): number => Math.max(16, 2 * Math.floor(side / 2));

/** Depth units that reach across the whole map where there are no millimetres. */
const depthUnitOf = ({ scale }: Session, { positions }: PointCloud): number => {
  if (scale === 'metric') {
    return depthUnitMetres;
  }
  let farthest = 0;
  for (let i = 0; i + 2 < positions.length; i += 3) {
    farthest = Math.max(farthest, Math.hypot(positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0));
  }
  return (2 * farthest) / 65_535;
};

const plan = async (library: Library, request: ProjectionRequest): Promise<Plan> => {
  const session = unwrap(await library.session(request.sessionId));
  const map = await library.points(session.id);
  if (!map || map.positions.length === 0) {
    throw new LociException(
      lociError(
        'nothing-to-export',
        `${session.id} has no map points`,
        'Points are there when its ingest is complete.',
      ),
    );
  }
  const keyframes = (await library.keyframes(session.id)).flatMap(({ ptsMicros, worldFromCamera }) =>
    worldFromCamera ? [{ ptsMicros, worldFromCamera }] : [],
  );
  const starts = keyframes.map(({ ptsMicros }) => ptsMicros);
  const poses = unwrap(posesOf(request, await library.frames(session.id), starts));
  const scale = Math.min(1, widestDefault / session.width);
  const size = request.size ?? { width: even(session.width * scale), height: even(session.height * scale) };
  const ownIntrinsics = request.path.kind === 'key-poses' ? request.path.intrinsics : undefined;
  const firstView = request.closedLoop ? keyframeAt(keyframes, poses[0]) : undefined;
  return {
    session,
    map,
    poses,
    intrinsics: intrinsicsOfSize(ownIntrinsics ?? session.intrinsics, size),
    candidates: keyframes.filter((keyframe) => keyframe !== firstView),
    firstView,
    metresPerDepthUnit: depthUnitOf(session, map),
  };
};

const keyframeAt = (keyframes: readonly Candidate[], pose: Pose | undefined): Candidate | undefined =>
  keyframes.find(({ worldFromCamera }) => {
    const { metres, radians } = motionBetween(worldFromCamera, pose ?? worldFromCamera);
    return metres <= sameView.metres && radians <= sameView.radians;
  });

const pictureOf = async (library: Library, { id }: Session, ptsMicros: number): Promise<Uint8Array> => {
  const jpeg = await library.picture(id, ptsMicros);
  if (!jpeg) {
    throw new Error(`Keyframe ${ptsMicros} of ${id} has lost its picture`);
  }
  return jpeg;
};

/** The three videos of a projection, written side by side. */
class Videos implements AsyncDisposable {
  readonly #writers: Readonly<Record<'colour' | 'depth' | 'visibility', VideoWriter>>;

  private constructor(writers: Readonly<Record<'colour' | 'depth' | 'visibility', VideoWriter>>) {
    this.#writers = writers;
  }

  static async open(folder: string, size: Intrinsics, framesPerSecond: number): Promise<Videos> {
    await using opening = new AsyncDisposableStack();
    const open = async (name: 'colour' | 'depth' | 'visibility', format: 'colour' | 'depth' | 'grey') =>
      opening.use(unwrap(await VideoWriter.open(join(folder, files[name]), format, size, framesPerSecond)));
    const writers = {
      colour: await open('colour', 'colour'),
      depth: await open('depth', 'depth'),
      visibility: await open('visibility', 'grey'),
    };
    opening.move();
    return new Videos(writers);
  }

  async write({ image, depth, visibility }: SurfaceView): Promise<void> {
    const { colour, depth: depths, visibility: known } = this.#writers;
    await Promise.all([colour.write(image.data), depths.write(depth.data), known.write(visibility)]);
  }

  async finish(): Promise<void> {
    const finished = await Promise.all(Object.values(this.#writers).map((writer) => writer.finish()));
    finished.forEach(unwrap);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.#writers).map((writer) => writer[Symbol.asyncDispose]()));
  }
}

const countKnown = (visibility: Uint8Array): number => {
  let known = 0;
  for (const value of visibility) {
    known += value === 0 ? 0 : 1;
  }
  return known;
};

/** Renders the path to videos, telling how far it is; answers the share of pixels that the map knows. */
const renderVideos = async function* (
  library: Library,
  request: ProjectionRequest,
  { session, map, poses, intrinsics, candidates, metresPerDepthUnit }: Plan,
  stretches: readonly Stretch[],
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<ProjectionEvent, number> {
  const renderer = new SurfaceRenderer(map);
  await using videos = await Videos.open(folder, intrinsics, request.framesPerSecond);
  let writing = Promise.resolve();
  let known = 0;
  for (const stretch of stretches) {
    const references = candidates.filter(
      ({ ptsMicros }) => request.blend && stretch.assignments.some((assigned) => assigned.ptsMicros === ptsMicros),
    );
    for (const { ptsMicros, worldFromCamera } of references) {
      const image = await decodeJpeg(await pictureOf(library, session, ptsMicros));
      await renderer.addReference(ptsMicros, { image, intrinsics: session.intrinsics, worldFromCamera });
    }
    for (let frame = stretch.firstFrame; frame <= stretch.lastFrame; frame++) {
      if (signal.aborted) {
        throw new LociException(
          lociError('cancelled', `The projection of ${session.id} was cancelled`, 'Nothing was written.'),
        );
      }
      const pose = poses[frame] ?? [];
      const blended = nearestTo([pose], references).slice(0, blendedReferences);
      const ids = blended.map(({ ptsMicros }) => ptsMicros);
      const view = await renderer.render(pose, intrinsics, metresPerDepthUnit, ids);
      known += countKnown(view.visibility);
      await writing;
      writing = videos.write(view);
      if ((frame + 1) % framesPerReport === 0) {
        yield { type: 'progress', sessionId: session.id, frames: frame + 1, totalFrames: poses.length };
      }
    }
    references.forEach(({ ptsMicros }) => renderer.dropReference(ptsMicros));
  }
  await writing;
  await videos.finish();
  return known / (poses.length * intrinsics.width * intrinsics.height);
};

/** First and last picture of a finished video. */
const endsOfVideo = async (file: string, frames: number, framesPerSecond: number): Promise<[RgbImage, RgbImage]> => {
  await using source = unwrap(await openSource(file, {}));
  const ends: RgbImage[] = [];
  let last: RgbImage | undefined;
  for await (const event of source.frames({ fromPtsMicros: 0 })) {
    if (event.type === 'frame') {
      last = event.frame.image;
      if (ends.length === 0) {
        ends.push({ ...last, data: last.data.slice() });
      }
    }
  }
  const [first] = ends;
  if (!first || !last) {
    throw new Error(`${file} of ${frames} frames at ${framesPerSecond} frames/s cannot be read back`);
  }
  return [first, last];
};

/** Compares the last frame of a loop with the first one, and with what the recording shows from there. */
const closeLoop = async (
  library: Library,
  request: ProjectionRequest,
  { session, poses, intrinsics, firstView }: Plan,
  folder: string,
): Promise<ClosedLoop> => {
  const [first, last] = await endsOfVideo(join(folder, files.colour), poses.length, request.framesPerSecond);
  const againstFirstFrame = await likeness(first, last);
  const { width, height } = intrinsics;
  const sameCamera = Math.abs(width * session.height - height * session.width) <= 2 * session.width;
  if (!firstView || !sameCamera || (request.path.kind === 'key-poses' && request.path.intrinsics)) {
    return { againstFirstFrame };
  }
  const picture = await decodeJpeg(await pictureOf(library, session, firstView.ptsMicros));
  const recorded = await resizeRgb(picture, { width, height });
  return {
    againstFirstFrame,
    againstRecording: { ptsMicros: firstView.ptsMicros, ...(await likeness(recorded, last)) },
  };
};

/** Writes the chosen pictures as they were recorded. */
const writeReferences = async (
  library: Library,
  { session, candidates }: Plan,
  stretches: readonly Stretch[],
  folder: string,
): Promise<ProjectionManifest['references']['pictures']> => {
  const chosen = new Set(stretches.flatMap(({ assignments }) => assignments.map(({ ptsMicros }) => ptsMicros)));
  await mkdir(join(folder, 'references'));
  const pictures: ProjectionManifest['references']['pictures'] = [];
  for (const { ptsMicros, worldFromCamera } of candidates) {
    if (chosen.has(ptsMicros)) {
      const file = `references/${String(ptsMicros).padStart(12, '0')}.jpg`;
      await writeFile(join(folder, file), await pictureOf(library, session, ptsMicros));
      pictures.push({ ptsMicros, file, worldFromCamera, intrinsics: session.intrinsics });
    }
  }
  return pictures;
};

const writeJson = (file: string, value: unknown): Promise<void> =>
  writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);

const make = async function* (
  library: Library,
  request: ProjectionRequest,
  signal: AbortSignal,
): AsyncGenerator<ProjectionEvent> {
  const began = performance.now();
  const out = resolve(request.out);
  const planned = await plan(library, request);
  const { session, map, poses, intrinsics, candidates, metresPerDepthUnit } = planned;
  await using folder = await NewFolder.make(out, 'loci-projection', request.force);
  yield { type: 'started', sessionId: session.id, totalFrames: poses.length };

  const { framesPerSecond, references: options } = request;
  const stretches = await chooseReferences(map, poses, intrinsics, candidates, session.intrinsics, options);
  const pictures = await writeReferences(library, planned, stretches, folder.path);
  const knownShare = yield* renderVideos(library, request, planned, stretches, folder.path, signal);
  const closedLoop = request.closedLoop ? await closeLoop(library, request, planned, folder.path) : undefined;
  await writeJson(join(folder.path, files.path), {
    version: 1,
    intrinsics,
    keyPoses: poses.map((worldFromCamera, i) => ({ seconds: i / framesPerSecond, worldFromCamera })),
  });
  const manifest: ProjectionManifest = {
    version: 1,
    kind: 'loci-projection',
    sessionId: session.id,
    scale: session.scale,
    width: intrinsics.width,
    height: intrinsics.height,
    framesPerSecond,
    frames: poses.length,
    intrinsics,
    files,
    metresPerDepthUnit,
    knownShare,
    blended: request.blend,
    references: { ...options, pictures, stretches },
    ...(closedLoop && { closedLoop }),
  };
  await writeJson(join(folder.path, 'manifest.json'), manifest);
  await folder.complete();

  const elapsedSeconds = (performance.now() - began) / 1000;
  const summary: ProjectionSummary = {
    type: 'summary',
    sessionId: session.id,
    out,
    frames: poses.length,
    durationSeconds: poses.length / framesPerSecond,
    elapsedSeconds,
    framesPerSecond: poses.length / elapsedSeconds,
    knownShare,
    references: pictures.length,
    ...(closedLoop && { closedLoop }),
  };
  yield summary;
};

/**
 * Renders the map of a session along a camera path to videos of colour, depth and visibility, with the pictures of the
 * session that show the same surfaces best (docs/projection.md). The folder appears when all of it is there; a failure
 * comes as the last event, and so does being cancelled.
 */
export const project = async function* (
  library: Library,
  request: ProjectionRequest,
  signal: AbortSignal,
): AsyncGenerator<ProjectionEvent> {
  try {
    yield* make(library, request, signal);
  } catch (thrown) {
    yield { type: 'failed', sessionId: request.sessionId, error: fromThrown(thrown) };
  }
};
