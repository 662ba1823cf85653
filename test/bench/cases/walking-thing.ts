import { PlaceMap } from '../../../app/geometry/place-map.ts';
import { MovingPixels } from '../../../app/geometry/moving-pixels.ts';
import type { PointCloud } from '../../../app/contract/binary.ts';
import type { Pose } from '../../../app/contract/geometry.ts';
import type { DepthImage } from '../../../app/media/frame.ts';
import { lookFrom, renderRoom, roomIntrinsics, roomPlanes, type Thing } from '../../fixtures/textured-room.ts';
import { bounded, told, type Figure } from './figure.ts';

/** How much of what moved a map holds, and how much of what did not. */
export interface StaticShare {
  /** Of the voxels in which the depth camera saw the thing, the share that the map has no point in, %. */
  readonly absentPercent: number;
  /** Of the points of a map of the same walk without the thing, the share with a point of this map within 3 cm, %. */
  readonly keptPercent: number;
  readonly ghosts: number;
  readonly points: number;
  readonly cpuMillisPerKeyframe: number;
}

const voxelMetres = 0.02;
const nearMetres = 0.03;
/** So close to the room's own surfaces a noisy point of the thing cannot be told from theirs. */
const unclearMetres = 0.12;
const keyframesPerSecond = 4;

/** Standing in the room, swaying from side to side and looking about. */
const cameraAt = (seconds: number): Pose =>
  lookFrom(
    [1.1 * Math.sin(0.45 * seconds), -1.8 + 0.2 * Math.sin(0.9 * seconds), 0.2 + 0.05 * Math.sin(1.7 * seconds)],
    -0.3 * Math.sin(0.6 * seconds),
    0.22 + 0.05 * Math.sin(seconds),
  );

/** A thing as tall and wide as a person, walking round in the room at about 1 m/s: to the sides, away and back. */
export const walkerAt = (seconds: number): Thing => {
  const [x, y] = [1.7 * Math.cos(0.7 * seconds), 0.6 + 0.7 * Math.sin(0.7 * seconds)];
  return { min: [x - 0.25, y - 0.17, -1.3], max: [x + 0.25, y + 0.17, 0.4] };
};

/** Gaussian noise as a depth camera has it, the same every time (Box–Muller over a linear congruential generator). */
const noisy = (depth: DepthImage, seed: number): DepthImage => {
  let state = (seed * 2654435761 + 1) >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 4294967297;
  };
  const data = depth.data.map((millimetres) => {
    const sigma = 1 + 1.4 * (millimetres / 1000) ** 2;
    return Math.round(millimetres + sigma * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
  });
  return { ...depth, data };
};

const voxelOf = (x: number, y: number, z: number): string =>
  [x, y, z].map((value) => Math.floor(value / voxelMetres)).join(' ');

/** How far a point is from the nearest plane of the room. */
const fromRoom = (point: readonly number[]): number =>
  Math.min(...roomPlanes.flatMap(([axis, ...places]) => places.map((place) => Math.abs(place - (point[axis] ?? 0)))));

function* pointsOf({ positions }: PointCloud): Generator<[number, number, number]> {
  for (let i = 0; i + 2 < positions.length; i += 3) {
    yield [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
  }
}

/** Whether there is a point within `nearMetres` of a place. */
const neighbourhood = (cloud: PointCloud): ((place: readonly number[]) => boolean) => {
  const cellOf = (place: readonly number[]): number[] => place.map((value) => Math.floor(value / nearMetres));
  const cells = Map.groupBy(pointsOf(cloud), (point) => cellOf(point).join(' '));
  const steps = [-1, 0, 1];
  return (place) => {
    const cell = cellOf(place);
    return steps.some((i) =>
      steps.some((j) =>
        steps.some((k) =>
          (cells.get([i, j, k].map((step, axis) => step + (cell[axis] ?? 0)).join(' ')) ?? []).some(
            (point) => Math.hypot(...point.map((value, axis) => value - (place[axis] ?? 0))) < nearMetres,
          ),
        ),
      ),
    );
  };
};

/** Maps a walk through a room with a thing in it, and the same walk without. */
export const measureStaticShare = async (
  thingAt: (seconds: number) => Thing | undefined,
  seconds = 14,
): Promise<StaticShare & { readonly cloud: PointCloud }> => {
  using map = PlaceMap.create({ intrinsics: roomIntrinsics });
  using still = PlaceMap.create({ intrinsics: roomIntrinsics });
  const moving = new MovingPixels({ intrinsics: roomIntrinsics });
  const thingVoxels = new Set<string>();
  let cpuMicros = 0;
  const keyframes = Math.round(seconds * keyframesPerSecond);
  for (let i = 0; i < keyframes; i++) {
    const time = i / keyframesPerSecond;
    const ptsMicros = Math.round(time * 1e6);
    const worldFromCamera = cameraAt(time);
    const empty = renderRoom(worldFromCamera);
    await still.integrate({ ptsMicros, image: empty.image, depth: noisy(empty.depth, i) }, worldFromCamera);
    const thing = thingAt(time);
    const seen = renderRoom(worldFromCamera, roomIntrinsics, thing ? [thing] : []);
    const depth = noisy(seen.depth, i);
    const before = process.cpuUsage();
    const mask = await moving.find({ ptsMicros, depth, worldFromCamera });
    await map.integrate({ ptsMicros, image: seen.image, depth, moving: mask }, worldFromCamera);
    const spent = process.cpuUsage(before);
    cpuMicros += spent.user + spent.system;
    const isThing = (pixel: number): boolean => seen.depth.data[pixel] !== empty.depth.data[pixel];
    addThing(thingVoxels, depth, isThing, worldFromCamera);
  }
  const cloud = map.points();
  const stillCloud = still.points();
  const mapped = new Set([...pointsOf(cloud)].map((point) => voxelOf(...point)));
  const ghosts = [...thingVoxels].filter((voxel) => mapped.has(voxel)).length;
  const isNear = neighbourhood(cloud);
  const all = [...pointsOf(stillCloud)];
  return {
    cloud,
    absentPercent: 100 * (1 - ghosts / Math.max(1, thingVoxels.size)),
    keptPercent: (100 * all.filter(isNear).length) / all.length,
    ghosts,
    points: cloud.positions.length / 3,
    cpuMillisPerKeyframe: cpuMicros / 1000 / keyframes,
  };
};

/** Adds the voxels in which a keyframe saw the thing, away from the room's own surfaces. */
const addThing = (voxels: Set<string>, { data }: DepthImage, isThing: (pixel: number) => boolean, pose: Pose): void => {
  const { fx, fy, cx, cy, width } = roomIntrinsics;
  data.forEach((millimetres, i) => {
    if (!isThing(i)) {
      return;
    }
    const z = millimetres / 1000;
    const [x, y] = [(((i % width) - cx) / fx) * z, ((Math.floor(i / width) - cy) / fy) * z];
    const [a = 0, b = 0, c = 0] = [0, 4, 8].map(
      (row) => (pose[row] ?? 0) * x + (pose[row + 1] ?? 0) * y + (pose[row + 2] ?? 0) * z + (pose[row + 3] ?? 0),
    );
    if (fromRoom([a, b, c]) > unclearMetres) {
      voxels.add(voxelOf(a, b, c));
    }
  });
};

/** The map of a room through which something walks; noisy depth, exact poses. */
export const walkingThing = async (): Promise<Figure[]> => {
  const on = 'room with a walking thing';
  const share = await measureStaticShare(walkerAt);
  return [
    bounded(on, 'points of the thing absent from the map, %', share.absentPercent, { atLeast: 95 }, 2),
    bounded(on, 'static surface kept, %', share.keptPercent, { atLeast: 98 }, 2),
    told(on, 'points in the map', share.points),
    told(on, 'processor time a keyframe, ms', share.cpuMillisPerKeyframe, 1),
  ];
};
