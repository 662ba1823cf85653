import { KnownPoses } from '../../../app/geometry/known-poses.ts';
import { MovingPixels } from '../../../app/geometry/moving-pixels.ts';
import { PlaceMap } from '../../../app/geometry/place-map.ts';
import type { PointCloud } from '../../../app/contract/binary.ts';
import type { Pose, Vector3 } from '../../../app/contract/geometry.ts';
import type { ByteImage, DepthImage, RgbImage } from '../../../app/media/frame.ts';
import { lookFrom, renderRoom, roomIntrinsics, roomPlanes, type Thing } from '../../fixtures/textured-room.ts';
import { bounded, told, type Figure } from './figure.ts';

const voxelMetres = 0.02;
const nearMetres = 0.03;
/** So close to a surface that stays, a noisy point of what moves cannot be told from its points. */
const unclearMetres = 0.12;
/** What the map asks for, whatever else it does: a point was seen in as many keyframes. */
const minKeyframes = 3;

const seconds = 24;
const framesPerSecond = 30;
/** As `app/engine/recorder.ts` keeps keyframes: every half second, and where the tracker wants one. */
const stepMicros = 500_000;
const minApartMicros = 250_000;

/** Hand-held in the room: swaying from side to side and looking about, at up to half a metre a second. */
const cameraAt = (time: number): Pose =>
  lookFrom(
    [1.1 * Math.sin(0.45 * time), -1.8 + 0.2 * Math.sin(0.9 * time), 0.2 + 0.05 * Math.sin(1.7 * time)],
    -0.3 * Math.sin(0.6 * time),
    0.22 + 0.05 * Math.sin(time),
  );

type Stop = readonly [time: number, x: number, y: number];

/** Where something is that goes straight from stop to stop. */
const along = (stops: readonly Stop[], time: number): readonly [x: number, y: number] => {
  const next = stops.findIndex(([at]) => at > time);
  const to = stops[next] ?? stops.at(-1) ?? [0, 0, 0];
  const from = stops[Math.max(0, next - 1)] ?? to;
  const share = next <= 0 ? 1 : (time - from[0]) / (to[0] - from[0]);
  const start = next === -1 ? to : from;
  return [start[1] + share * (to[1] - start[1]), start[2] + share * (to[2] - start[2])];
};

const standing = ([x, y]: readonly [number, number], width: number, depth: number, height: number): Thing => ({
  min: [x - width / 2, y - depth / 2, -1.3],
  max: [x + width / 2, y + depth / 2, -1.3 + height],
});

/** As large as a person, at half a metre a second, with three pauses of two seconds; gone out of sight at the end. */
const walkerAt = (time: number): Thing =>
  standing(
    along(
      [
        [0, -1.9, 0.2],
        [3, -0.6, 0.4],
        [5, -0.6, 0.4],
        [8, 0.9, 0.2],
        [10, 0.9, 0.2],
        [13, 0.2, 0.9],
        [15, 0.2, 0.9],
        [19, -1.7, 0.6],
        [24, -1.7, -2.3],
      ],
      time,
    ),
    0.5,
    0.34,
    1.7,
  );

const movedWhen = { from: 8, to: 9.5 };

/** A box on the floor that somebody takes from one place to another, where it stays. */
const movedAt = (time: number): Thing =>
  standing(
    along(
      [
        [movedWhen.from, 1.4, 0.9],
        [movedWhen.to, -1.3, 1.7],
      ],
      time,
    ),
    0.45,
    0.45,
    0.5,
  );

interface Keyframe {
  readonly ptsMicros: number;
  readonly worldFromCamera: Pose;
}

/** The frames of the walk that the pipeline would keep. */
const keyframes = async (): Promise<Keyframe[]> => {
  const tracker = new KnownPoses(({ ptsMicros }) => cameraAt(ptsMicros / 1e6));
  const kept: Keyframe[] = [];
  let [lastStep, lastKept] = [-Infinity, -Infinity];
  for (let index = 0; index < seconds * framesPerSecond; index++) {
    const ptsMicros = Math.round((index * 1e6) / framesPerSecond);
    const frame = { ptsMicros, index, image: { width: 0, height: 0, data: new Uint8Array() } };
    const wanted = (await tracker.track(frame)).some(({ keyframe }) => keyframe);
    const isStep = ptsMicros - lastStep >= stepMicros;
    if (isStep || (wanted && ptsMicros - lastKept >= minApartMicros)) {
      kept.push({ ptsMicros, worldFromCamera: cameraAt(ptsMicros / 1e6) });
      lastKept = ptsMicros;
      lastStep = isStep ? ptsMicros : lastStep;
    }
  }
  return kept;
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

function* pointsOf({ positions }: PointCloud): Generator<Vector3> {
  for (let i = 0; i + 2 < positions.length; i += 3) {
    yield [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
  }
}

/** Whether there is a point within `nearMetres` of a place. */
const neighbourhood = (points: readonly Vector3[]): ((place: readonly number[]) => boolean) => {
  const cellOf = (place: readonly number[]): number[] => place.map((value) => Math.floor(value / nearMetres));
  const cells = Map.groupBy(points, (point) => cellOf(point).join(' '));
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

/** A map that only counts: points of voxels that enough keyframes saw, with nothing ever seen through. */
class CountingMap {
  readonly #voxels = new Map<string, { count: number; readonly point: Vector3 }>();

  /** What one keyframe gives the map, had through a map of its own that sees nothing but it, often enough. */
  async integrate(
    seen: { readonly image: RgbImage; readonly depth: DepthImage; readonly moving?: ByteImage | undefined },
    worldFromCamera: Pose,
  ): Promise<void> {
    using alone = PlaceMap.create({ intrinsics: roomIntrinsics });
    for (let ptsMicros = 0; ptsMicros < minKeyframes; ptsMicros++) {
      await alone.integrate({ ptsMicros, ...seen }, worldFromCamera);
    }
    for (const point of pointsOf(alone.points())) {
      const key = point.map((value) => Math.floor(value / voxelMetres)).join(' ');
      const voxel = this.#voxels.get(key) ?? { count: 0, point };
      voxel.count++;
      this.#voxels.set(key, voxel);
    }
  }

  points(): Vector3[] {
    return [...this.#voxels.values()].flatMap(({ count, point }) => (count >= minKeyframes ? [point] : []));
  }
}

const distanceToBox = (point: Vector3, { min, max }: Thing): number =>
  Math.hypot(...point.map((value, axis) => Math.max(0, (min[axis] ?? 0) - value, value - (max[axis] ?? 0))));

/** How far a point is from the nearest plane of the room. */
const fromRoom = (point: Vector3): number =>
  Math.min(...roomPlanes.flatMap(([axis, ...places]) => places.map((place) => Math.abs(place - point[axis]))));

const left = movedAt(seconds);

/** Points of what was in a place only for a while. */
const ghosts = (points: readonly Vector3[]): Vector3[] =>
  points.filter((point) => fromRoom(point) > unclearMetres && distanceToBox(point, left) > unclearMetres);

/** What moves at this moment rather than pauses. */
const movingNow = (time: number): Thing[] =>
  [walkerAt, movedAt].flatMap((thingAt) => {
    const [thing, soon] = [thingAt(time), thingAt(time + 0.05)];
    return Math.hypot(soon.min[0] - thing.min[0], soon.min[1] - thing.min[1]) > 0.01 ? [thing] : [];
  });

/** Counts pixels of masks against the pixels in which something moves, and those in which nothing ever does. */
class MaskCount {
  readonly #counts = { moves: 0, movesMasked: 0, stays: 0, staysMasked: 0 };

  add(mask: ByteImage | undefined, seen: DepthImage, empty: DepthImage, time: number, worldFromCamera: Pose): void {
    const only = renderRoom(worldFromCamera, roomIntrinsics, [left, ...movingNow(time)]).depth;
    const [width, height] = [seen.width / 2, seen.height / 2];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = 2 * y * seen.width + 2 * x;
        const masked = mask?.data[y * width + x] ? 1 : 0;
        if (seen.data[pixel] === empty.data[pixel]) {
          this.#counts.stays++;
          this.#counts.staysMasked += masked;
        } else if (seen.data[pixel] === only.data[pixel]) {
          this.#counts.moves++;
          this.#counts.movesMasked += masked;
        }
      }
    }
  }

  get foundPercent(): number {
    return (100 * this.#counts.movesMasked) / this.#counts.moves;
  }

  get wrongPercent(): number {
    return (100 * this.#counts.staysMasked) / this.#counts.stays;
  }
}

/** How much of what moved a map holds, and how much of what did not. */
interface StaticShare {
  /** Of the points of what moved, that a map would show which only counted keyframes, the share that is absent, %. */
  readonly absentPercent: number;
  /** Of the points of a map of the same walk through the room as it was at the end, the share with a point within 3 cm, %. */
  readonly keptPercent: number;
  readonly ghosts: number;
  readonly points: number;
}

type Method = 'nothing' | 'seeing through' | 'mask' | 'both';

interface WalkingThing {
  readonly shares: Readonly<Record<Method, StaticShare>>;
  /** Of the pixels that show something moving, and of those that show what stays, the share in the mask, %. */
  readonly maskFoundPercent: number;
  readonly maskWrongPercent: number;
  readonly keyframes: number;
  readonly cpuMillisPerKeyframe: number;
  readonly clouds: Readonly<Record<Method | 'still', readonly Vector3[]>>;
}

/** Maps a walk through a room in which something walks and something is moved. */
const measureStaticShare = async (): Promise<WalkingThing> => {
  using both = PlaceMap.create({ intrinsics: roomIntrinsics });
  using seeingThrough = PlaceMap.create({ intrinsics: roomIntrinsics });
  using still = PlaceMap.create({ intrinsics: roomIntrinsics });
  const nothing = new CountingMap();
  const masked = new CountingMap();
  const moving = new MovingPixels({ intrinsics: roomIntrinsics });
  const masks = new MaskCount();
  let cpuMicros = 0;
  const kept = await keyframes();
  for (const { ptsMicros, worldFromCamera } of kept) {
    const time = ptsMicros / 1e6;
    const empty = renderRoom(worldFromCamera, roomIntrinsics, [left]);
    await still.integrate({ ptsMicros, image: empty.image, depth: noisy(empty.depth, ptsMicros) }, worldFromCamera);
    const { image, depth: exact } = renderRoom(worldFromCamera, roomIntrinsics, [walkerAt(time), movedAt(time)]);
    const depth = noisy(exact, ptsMicros);
    const before = process.cpuUsage();
    const mask = await moving.find({ ptsMicros, depth, worldFromCamera });
    await both.integrate({ ptsMicros, image, depth, moving: mask }, worldFromCamera);
    const spent = process.cpuUsage(before);
    cpuMicros += spent.user + spent.system;
    masks.add(mask, exact, empty.depth, time, worldFromCamera);
    await seeingThrough.integrate({ ptsMicros, image, depth }, worldFromCamera);
    await nothing.integrate({ image, depth }, worldFromCamera);
    await masked.integrate({ image, depth, moving: mask }, worldFromCamera);
  }
  const clouds = {
    nothing: nothing.points(),
    'seeing through': [...pointsOf(seeingThrough.points())],
    mask: masked.points(),
    both: [...pointsOf(both.points())],
    still: [...pointsOf(still.points())],
  };
  const shownAtMost = ghosts(clouds.nothing).length;
  const shareOf = (method: Method): StaticShare => {
    const isNear = neighbourhood(clouds[method]);
    const found = ghosts(clouds[method]).length;
    return {
      absentPercent: 100 * (1 - found / Math.max(1, shownAtMost)),
      keptPercent: (100 * clouds.still.filter(isNear).length) / clouds.still.length,
      ghosts: found,
      points: clouds[method].length,
    };
  };
  return {
    clouds,
    shares: {
      nothing: shareOf('nothing'),
      'seeing through': shareOf('seeing through'),
      mask: shareOf('mask'),
      both: shareOf('both'),
    },
    maskFoundPercent: masks.foundPercent,
    maskWrongPercent: masks.wrongPercent,
    keyframes: kept.length,
    cpuMillisPerKeyframe: cpuMicros / 1000 / kept.length,
  };
};

/** The map of a room in which something walks and something is moved; noisy depth, exact poses. */
export const walkingThing = async (): Promise<Figure[]> => {
  const on = 'room with a walking thing';
  const found = await measureStaticShare();
  const { shares } = found;
  const { both } = shares;
  return [
    bounded(on, 'points of what moved absent from the map, %', both.absentPercent, { atLeast: 95 }, 2),
    bounded(on, 'static surface kept, %', both.keptPercent, { atLeast: 98 }, 2),
    ...(['seeing through', 'mask'] as const).flatMap((method) => [
      told(on, `absent by ${method} alone, %`, shares[method].absentPercent, 2),
      told(on, `kept by ${method} alone, %`, shares[method].keptPercent, 2),
    ]),
    told(on, 'pixels of what moves in the mask, %', found.maskFoundPercent, 2),
    told(on, 'pixels of what stays in the mask, %', found.maskWrongPercent, 2),
    told(on, 'points of what moved that count without either', shares.nothing.ghosts),
    told(on, 'points in the map', both.points),
    told(on, 'keyframes', found.keyframes),
    told(on, 'processor time a keyframe, ms', found.cpuMillisPerKeyframe, 1),
  ];
};
