import { beforeAll, describe, expect, it } from 'vitest';
import { lookFrom, renderRoom, roomIntrinsics } from '../../../test/fixtures/textured-room.ts';
import type { PointCloud } from '../../contract/binary.ts';
import type { Pose } from '../../contract/geometry.ts';
import { unproject } from '../camera.ts';
import { transformPoint } from '../pose.ts';
import { chooseReferences, type Candidate } from './references.ts';
import { SurfaceRenderer } from './surface-view.ts';

// The map is made of what ray casting sees from some places; what is rendered from others is compared with ray casting
// there. Nothing of the renderer is used to make the truth.

/** The surfaces that cameras in the room see, a point for every pixel. */
const mapFrom = (poses: readonly Pose[]): PointCloud => {
  const positions: number[] = [];
  const colours: number[] = [];
  for (const pose of poses) {
    const { image, depth } = renderRoom(pose);
    for (let v = 0; v < depth.height; v++) {
      for (let u = 0; u < depth.width; u++) {
        const i = v * depth.width + u;
        positions.push(...transformPoint(pose, unproject(roomIntrinsics, u, v, depth.data[i]! / 1000)));
        colours.push(...image.data.subarray(3 * i, 3 * i + 3));
      }
    }
  }
  return { positions: Float32Array.from(positions), colours: Uint8Array.from(colours) };
};

const ahead = [0, 0.3, -0.3].map((yaw) => lookFrom([0, -2, 0], yaw, 0.15));
const between = lookFrom([0.15, -1.7, 0.1], 0.1, 0.2);

/** Pixels whose neighbourhood has no jump in depth: where a pixel more or less does not change what is seen. */
const smoothPixels = (depth: { width: number; height: number; data: Uint16Array }): number[] => {
  const kept: number[] = [];
  for (let v = 3; v < depth.height - 3; v++) {
    for (let u = 3; u < depth.width - 3; u++) {
      const i = v * depth.width + u;
      const around = [-3, 3, -3 * depth.width, 3 * depth.width].map((step) => depth.data[i + step]!);
      if (Math.max(...around) - Math.min(...around) < 250) {
        kept.push(i);
      }
    }
  }
  return kept;
};

const shareOf = (pixels: readonly number[], holds: (pixel: number) => boolean): number =>
  pixels.filter(holds).length / pixels.length;

describe('a rendered map', () => {
  let renderer: SurfaceRenderer;
  beforeAll(() => {
    renderer = new SurfaceRenderer(mapFrom(ahead));
  });

  it('has the depth that ray casting finds, in front of all that it hides', async () => {
    const truth = renderRoom(between).depth;
    const { depth } = await renderer.render(between, roomIntrinsics, 0.001);
    const pixels = smoothPixels(truth).filter((i) => depth.data[i] !== 0);
    const errors = pixels.map((i) => Math.abs(depth.data[i]! - truth.data[i]!)).sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(0.8 * truth.data.length);
    expect(errors[Math.floor(0.5 * errors.length)]).toBeLessThan(8);
    expect(errors[Math.floor(0.98 * errors.length)]).toBeLessThan(40);
  });

  it('hides what the map knows behind a thing', async () => {
    // The table's far side, and the wall and floor beyond it, are known from the sides.
    const sides = [Math.PI / 2, -Math.PI / 2].map((yaw) => lookFrom([yaw > 0 ? 2.6 : -2.6, 1.8, 0.2], yaw, 0.3));
    const all = new SurfaceRenderer(mapFrom([...ahead, ...sides]));
    const low = lookFrom([0, -0.5, -0.9], 0, 0);
    const truth = renderRoom(low).depth.data;
    const { depth } = await all.render(low, roomIntrinsics, 0.001);
    // Of what is in view only the table's front lies 1.7 m ahead.
    const front = Array.from(truth.keys()).filter((i) => Math.abs(truth[i]! - 1700) < 2);
    expect(front.length).toBeGreaterThan(10_000);
    expect(shareOf(front, (i) => Math.abs(depth.data[i]! - 1700) < 30)).toBeGreaterThan(0.97);
  });

  it('has the colours of the surface', async () => {
    const truth = renderRoom(between).image;
    const { image, visibility } = await renderer.render(between, roomIntrinsics, 0.001);
    let [squares, count] = [0, 0];
    for (let i = 0; i < image.data.length; i++) {
      if (visibility[Math.floor(i / 3)] === 255) {
        squares += (image.data[i]! - truth.data[i]!) ** 2;
        count++;
      }
    }
    expect(10 * Math.log10(255 ** 2 / (squares / count))).toBeGreaterThan(24);
  });

  it('tells what it knows from what no camera saw', async () => {
    const known = await renderer.render(between, roomIntrinsics, 0.001);
    const all = Array.from(known.visibility.keys());
    expect(shareOf(all, (i) => known.visibility[i] === 255)).toBeGreaterThan(0.95);
    const behind = await renderer.render(lookFrom([0, -2, 0], Math.PI, 0), roomIntrinsics, 0.001);
    expect(shareOf(all, (i) => behind.visibility[i] === 0)).toBeGreaterThan(0.98);
    expect(shareOf(all, (i) => (behind.visibility[i] === 0) === (behind.depth.data[i] === 0))).toBe(1);
  });

  it('is the same every time', async () => {
    const [once, again] = [
      await renderer.render(between, roomIntrinsics, 0.001),
      await renderer.render(between, roomIntrinsics, 0.001),
    ];
    expect(Buffer.compare(once.image.data, again.image.data)).toBe(0);
    expect(again.depth.data).toEqual(once.depth.data);
  });

  it('is sharper with the pixels of a picture, and no worse where the picture sees something else', async () => {
    const truth = renderRoom(between).image;
    const plain = await renderer.render(between, roomIntrinsics, 0.001);
    const errorOf = (data: Uint8Array): number =>
      data.reduce((sum, value, i) => {
        const isKnown = plain.visibility[Math.floor(i / 3)] === 255;
        return sum + (isKnown ? (value - truth.data[i]!) ** 2 : 0);
      }, 0) / data.length;
    const near = ahead[0]!;
    await renderer.addReference(1, {
      image: renderRoom(near).image,
      intrinsics: roomIntrinsics,
      worldFromCamera: near,
    });
    const blended = await renderer.render(between, roomIntrinsics, 0.001, [1]);
    expect(errorOf(blended.image.data)).toBeLessThan(0.8 * errorOf(plain.image.data));
    expect(blended.visibility).toEqual(plain.visibility);
    const away = lookFrom([0, -2, 0], Math.PI, 0);
    await renderer.addReference(2, {
      image: renderRoom(away).image,
      intrinsics: roomIntrinsics,
      worldFromCamera: away,
    });
    const unchanged = await renderer.render(between, roomIntrinsics, 0.001, [2]);
    expect(errorOf(unchanged.image.data)).toBeCloseTo(errorOf(plain.image.data), 3);
  });

  it('does not break on a single point or none', async () => {
    const single = new SurfaceRenderer({ positions: Float32Array.of(0, 2, 0), colours: Uint8Array.of(9, 8, 7) });
    const { visibility } = await single.render(lookFrom([0, 0, 0], 0, 0), roomIntrinsics, 0.001);
    expect(visibility.some((value) => value === 255)).toBe(true);
    const none = new SurfaceRenderer({ positions: new Float32Array(), colours: new Uint8Array() });
    expect((await none.render(between, roomIntrinsics, 0.001)).visibility.every((value) => value === 0)).toBe(true);
  });
});

describe('references', () => {
  const walls = [0, Math.PI / 2, Math.PI, -Math.PI / 2].map((yaw, i) => ({
    ptsMicros: (i + 1) * 1000,
    worldFromCamera: lookFrom([0, 0, 0], yaw, 0),
  }));
  const map = mapFrom(walls.map(({ worldFromCamera }) => worldFromCamera));
  const choose = (
    path: readonly Pose[],
    options: { perStretch?: number; minOverlap?: number; stretchFrames?: number },
  ) =>
    chooseReferences(map, path, roomIntrinsics, walls, roomIntrinsics, {
      ...{ perStretch: 7, minOverlap: 0.15, stretchFrames: 10 },
      ...options,
    });

  it('are the pictures that see the same wall', async () => {
    const path = [Math.PI / 2, -Math.PI / 2].map((yaw) => lookFrom([0.1, 0.2, 0], yaw + 0.1, 0));
    const stretches = await choose(path, { stretchFrames: 1 });
    expect(stretches.map(({ firstFrame, lastFrame }) => [firstFrame, lastFrame])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(stretches.map(({ assignments }) => assignments.map(({ ptsMicros }) => ptsMicros))).toEqual([[2000], [4000]]);
    expect(stretches[0]!.assignments[0]!.overlap).toBeGreaterThan(0.7);
  });

  it('are given to one frame each, and never two of one picture', async () => {
    const path = Array.from({ length: 10 }, (_, i) => lookFrom([0, 0, 0], i * 0.33, 0));
    const [stretch] = await choose(path, { perStretch: 3 });
    const { assignments } = stretch!;
    expect(assignments.length).toBe(3);
    expect(new Set(assignments.map(({ ptsMicros }) => ptsMicros)).size).toBe(3);
    expect(new Set(assignments.map(({ frame }) => frame)).size).toBe(3);
  });

  it('are none where no picture sees enough', async () => {
    const [stretch] = await choose([lookFrom([0, 0, 0], Math.PI / 4, 0)], { minOverlap: 0.9 });
    expect(stretch!.assignments).toEqual([]);
  });

  it('do not count a wall that something hides from the picture', async () => {
    // From low behind the table the wall beyond it is hidden; from above the table it is in view.
    const hidden = { ptsMicros: 1, worldFromCamera: lookFrom([0.05, 1.15, -1], 0, 0) };
    const free = { ptsMicros: 2, worldFromCamera: lookFrom([0.05, 0.6, 0.9], 0, 0.25) };
    const wall = lookFrom([0.05, 1.9, 0], 0, 0);
    const seen = mapFrom([wall, hidden.worldFromCamera, free.worldFromCamera, lookFrom([0, -1, 0], 0, 0.3)]);
    const chosenFrom = async (candidates: readonly Candidate[]): Promise<number[]> => {
      const options = { perStretch: 2, minOverlap: 0.05, stretchFrames: 1 };
      const [stretch] = await chooseReferences(seen, [wall], roomIntrinsics, candidates, roomIntrinsics, options);
      return stretch!.assignments.map(({ ptsMicros }) => ptsMicros);
    };
    expect(await chosenFrom([hidden])).toEqual([]);
    expect(await chosenFrom([hidden, free])).toEqual([2]);
  });
});
