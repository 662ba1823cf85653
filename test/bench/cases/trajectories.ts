/**
 * Trajectories of whole ingests, from the file to the library and read back from there, against the truth. Each ingest
 * is a `loci` command of its own, as people run it. Truth is used for the error alone.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { align, applyAlignment } from '../../../app/geometry/alignment.ts';
import { trajectoryError, type TimedPose } from '../../../app/geometry/evaluate.ts';
import { cameraPosition, compose, invertPose, motionBetween } from '../../../app/geometry/pose.ts';
import type { FrameRecord } from '../../../app/contract/session.ts';
import type { Pose, Vector3 } from '../../../app/contract/geometry.ts';
import { renderSecondVisit } from '../../../samples/generator/session.ts';
import { bounded, told, type Figure } from './figure.ts';
import {
  apartment,
  apartmentIntrinsics,
  atTimesOf,
  ingest,
  kitchenVideo,
  recordedPoses,
  rendered,
  sharedData,
  tumPoses,
} from './recordings.ts';

const focalOfKitchen = 525;

/** Longest run of frames without a place. */
const longestLoss = (frames: readonly FrameRecord[]): number => {
  let [run, longest] = [0, 0];
  for (const { tracking } of frames) {
    run = tracking === 'lost' ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
};

const isPosed = ({ worldFromCamera }: FrameRecord): boolean => worldFromCamera !== undefined;

const pathLength = (poses: readonly TimedPose[]): number => {
  const positions = poses.flatMap(({ worldFromCamera }) => (worldFromCamera ? [cameraPosition(worldFromCamera)] : []));
  return positions.slice(1).reduce((sum, [x, y, z], i) => {
    const before = positions[i] ?? [x, y, z];
    return sum + Math.hypot(x - before[0], y - before[1], z - before[2]);
  }, 0);
};

interface PosePair {
  readonly ptsMicros: number;
  readonly estimate: Pose;
  readonly truth: Pose;
}

const paired = (frames: readonly TimedPose[], truth: readonly TimedPose[]): PosePair[] => {
  const truthAt = new Map(truth.map(({ ptsMicros, worldFromCamera }) => [ptsMicros, worldFromCamera]));
  return frames.flatMap(({ ptsMicros, worldFromCamera: estimate }) => {
    const wanted = truthAt.get(ptsMicros);
    return estimate && wanted ? [{ ptsMicros, estimate, truth: wanted }] : [];
  });
};

const revisitAfterMicros = 15_000_000;
const sameSpotMetres = 0.75;
const sameViewRadians = Math.PI / 4;

/**
 * How far a place has drifted when the camera comes back to it: for pairs of frames at least 15 s apart, within 0.75 m and
 * 45° of each other in truth, the error of their relative position. Root mean square over the pairs; undefined without any.
 */
const revisitDrift = (frames: readonly TimedPose[], truth: readonly TimedPose[], scale: number): number | undefined => {
  const pairs = paired(frames, truth).filter((_, i) => i % 5 === 0);
  const squares = pairs.flatMap((first, i) =>
    pairs.slice(i + 1).flatMap((second) => {
      const motion = motionBetween(first.truth, second.truth);
      const isRevisit =
        second.ptsMicros - first.ptsMicros > revisitAfterMicros &&
        motion.metres < sameSpotMetres &&
        motion.radians < sameViewRadians;
      if (!isRevisit) {
        return [];
      }
      const wanted = cameraPosition(compose(invertPose(first.truth), second.truth));
      const found = cameraPosition(compose(invertPose(first.estimate), second.estimate));
      return [wanted.reduce((sum, value, axis) => sum + (value - scale * (found[axis] ?? 0)) ** 2, 0)];
    }),
  );
  return squares.length === 0
    ? undefined
    : Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
};

/** Error of a second trajectory in the world of a first, whose own truth says how that world lies. */
const errorInWorldOf = (first: readonly PosePair[], second: readonly PosePair[]): number => {
  const alignment = align(
    first.map(({ estimate }) => cameraPosition(estimate)),
    first.map(({ truth }) => cameraPosition(truth)),
    false,
  );
  const squares = second.map(({ estimate, truth }) => {
    const found = applyAlignment(alignment, cameraPosition(estimate));
    const wanted: Vector3 = cameraPosition(truth);
    return wanted.reduce((sum, value, axis) => sum + (value - (found[axis] ?? 0)) ** 2, 0);
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
};

const livingroom = async (library: string): Promise<Figure[]> => {
  const [name, path] = ['livingroom, RGB-D', join(sharedData, 'livingroom')];
  const done = await ingest(library, name, path, '--intrinsics', '525,525,319.5,239.5');
  if (!done) {
    return [];
  }
  const truth = await recordedPoses(path, { intrinsics: { fx: 525, fy: 525, cx: 319.5, cy: 239.5 } });
  const error = trajectoryError(done.frames, truth);
  return [
    bounded(name, 'ATE RMSE m', error?.rmse, { atMost: 0.006 }, 4),
    told(name, 'frames/s', done.summary.framesPerSecond, 0),
  ];
};

const homeWalk = async (library: string): Promise<Figure[]> => {
  const [name, path] = ['home-walk, RGB-D', join(sharedData, 'home-walk')];
  const done = await ingest(library, name, path, '--fps', '5');
  if (!done) {
    return [];
  }
  const truth = await recordedPoses(path, { framesPerSecond: 5 });
  return [
    bounded(name, 'ATE RMSE m', trajectoryError(done.frames, truth)?.rmse, { atMost: 0.15 }),
    bounded(name, 'longest loss, frames', longestLoss(done.frames), { atMost: 3 }),
    told(name, 'drift at revisits m', revisitDrift(done.frames, truth, 1) ?? 'no revisit'),
    told(name, 'frames/s', done.summary.framesPerSecond, 0),
  ];
};

const kitchen = async (library: string): Promise<Figure[]> => {
  const [name, path] = ['kitchen, RGB-D', join(sharedData, 'kitchen')];
  const done = await ingest(library, name, path);
  if (!done) {
    return [];
  }
  const error = trajectoryError(done.frames, await recordedPoses(path));
  return [
    bounded(name, 'ATE RMSE m', error?.rmse, { atMost: 0.045 }),
    bounded(name, 'frames/s', done.summary.framesPerSecond, { atLeast: 100 }, 0),
  ];
};

const kitchenAsVideo = async (library: string): Promise<Figure[]> => {
  const video = await kitchenVideo();
  if (video === undefined) {
    return [];
  }
  const truth = await recordedPoses(join(sharedData, 'kitchen'));
  const figures: Figure[] = [];
  const name = 'kitchen, plain video';
  const known = await ingest(library, name, video, '--intrinsics', '525,525,319.5,239.5');
  if (known) {
    const start = known.frames.findIndex(isPosed);
    const error = trajectoryError(known.frames, atTimesOf(truth, known.frames), true);
    figures.push(
      bounded(name, 'ATE RMSE after Sim(3) m', error?.rmse, { atMost: 0.04 }),
      bounded(
        name,
        'frames after the start without a pose',
        known.frames.slice(start).filter((f) => !isPosed(f)).length,
        {
          atMost: 0,
        },
      ),
      bounded(name, 'frames/s', known.summary.framesPerSecond, { atLeast: 60 }, 0),
    );
  }
  const bare = 'kitchen, plain video, nothing known';
  const guessed = await ingest(library, bare, video);
  if (guessed) {
    const error = trajectoryError(guessed.frames, atTimesOf(truth, guessed.frames), true);
    const off = Math.abs(guessed.session.intrinsics.fx / focalOfKitchen - 1) * 100;
    figures.push(
      bounded(bare, 'focal length off, %', off, { atMost: 3 }, 1),
      told(bare, 'ATE RMSE after Sim(3) m', error?.rmse ?? 'none'),
      told(bare, 'frames posed', `${guessed.frames.filter(isPosed).length} of ${guessed.frames.length}`),
    );
  }
  return figures;
};

const homeTour = async (library: string): Promise<Figure[]> => {
  const name = 'home-tour, nothing known';
  const done = await ingest(library, name, join(sharedData, 'videos/home-tour.mp4'));
  return done
    ? [
        told(name, 'frames posed', `${done.frames.filter(isPosed).length} of ${done.frames.length}`),
        told(name, 'focal length, pixels', done.session.intrinsics.fx, 0),
        told(name, 'frames/s', done.summary.framesPerSecond, 0),
      ]
    : [];
};

/** The second visit's video, rendered on first use: some minutes. */
const secondVisit = async (): Promise<string> => {
  const folder = join(rendered, 'second-visit');
  if (!existsSync(join(folder, 'walk.mp4'))) {
    console.error('rendering a second visit of the apartment, some minutes, once');
    await renderSecondVisit(1, folder, () => undefined);
  }
  return folder;
};

const twoVisits = async (library: string): Promise<Figure[]> => {
  const name = 'apartment, monocular';
  const options = [...apartmentIntrinsics, '--camera-height', '1.5'];
  const first = await ingest(library, 'apartment', join(apartment, 'walk.mp4'), ...options);
  if (!first) {
    return [];
  }
  const truth = atTimesOf(await tumPoses(join(apartment, 'truth/poses.txt')), first.frames);
  const error = trajectoryError(first.frames, truth, true);
  const metric = trajectoryError(first.frames, truth);
  const share = error && (100 * error.rmse) / pathLength(truth);
  const figures = [
    bounded(name, 'ATE RMSE after Sim(3), % of the path', share, { atMost: 1 }, 2),
    told(name, 'ATE RMSE in metres, scale from the camera’s height', metric?.rmse ?? 'none'),
    bounded(name, 'drift at revisits m', revisitDrift(first.frames, truth, error?.scale ?? 1), { atMost: 0.05 }),
    told(name, 'frames/s', first.summary.framesPerSecond, 0),
  ];
  const folder = await secondVisit();
  const second = await ingest(
    library,
    'apartment',
    join(folder, 'walk.mp4'),
    '--session',
    'second',
    ...apartmentIntrinsics,
  );
  if (!second) {
    return figures;
  }
  const secondTruth = atTimesOf(await tumPoses(join(folder, 'truth/poses.txt')), second.frames);
  const inFirst = errorInWorldOf(paired(first.frames, truth), paired(second.frames, secondTruth));
  return [
    ...figures,
    told('apartment, second visit', 'ATE RMSE in the first visit’s world m', inFirst),
    told('apartment, second visit', 'scale', second.session.scale),
  ];
};

/** Every trajectory of the benchmark, in a library that is made afresh. */
export const trajectories: Readonly<Record<string, (library: string) => Promise<Figure[]>>> = {
  livingroom,
  'home-walk': homeWalk,
  kitchen,
  'kitchen-video': kitchenAsVideo,
  'home-tour': homeTour,
  apartment: twoVisits,
};
