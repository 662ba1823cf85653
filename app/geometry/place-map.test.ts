import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookFrom, renderRoom, roomIntrinsics } from '../../test/fixtures/textured-room.ts';
import type { PointCloud } from '../contract/binary.ts';
import type { Pose } from '../contract/geometry.ts';
import type { DepthImage, RgbImage } from '../media/frame.ts';
import { PlaceMap } from './place-map.ts';
import { compose, invertPose } from './pose.ts';

const standing: Pose = lookFrom([0, -1.5, 0], 0, 0.2);

const image = (red: number, green: number, blue: number): RgbImage => ({
  width: 320,
  height: 240,
  data: Uint8Array.from({ length: 320 * 240 * 3 }, (_, i) => [red, green, blue][i % 3]!),
});

const depth = (millimetres: (u: number, v: number) => number): DepthImage => ({
  width: 320,
  height: 240,
  data: Uint16Array.from({ length: 320 * 240 }, (_, i) => millimetres(i % 320, Math.floor(i / 320))),
  metresPerUnit: 0.001,
});

const integrated = async (seen: DepthImage, picture = image(200, 100, 50), pose = standing): Promise<PlaceMap> => {
  const map = PlaceMap.create({ intrinsics: roomIntrinsics });
  // Three times, so that every voxel is hit often enough to count.
  for (let i = 0; i < 3; i++) {
    await map.integrate({ ptsMicros: i * 1e6, image: picture, depth: seen }, pose);
  }
  return map;
};

describe('PlaceMap', () => {
  it('puts points where the surfaces are', async () => {
    const { image: picture, depth: seen } = renderRoom(standing);
    using map = await integrated(seen, picture);
    const { positions, colours } = map.points();
    expect(positions.length).toBeGreaterThan(3 * 5000);
    expect(colours).toHaveLength(positions.length);
    // The room as the fixture describes it: every point lies on a wall, the floor, the ceiling or the table.
    const planes = [
      [0, -3, 3, -0.6, 0.7],
      [1, -2.5, 3, 1.2, 2],
      [2, -1.3, 1.5, -0.5],
    ] as const;
    let worst = 0;
    for (let i = 0; i < positions.length; i += 3) {
      const gaps = planes.flatMap(([axis, ...places]) => places.map((place) => Math.abs(positions[i + axis]! - place)));
      worst = Math.max(worst, Math.min(...gaps));
    }
    expect(worst).toBeLessThan(0.02);
  });

  it('is the same map in another unit of length', async () => {
    const { image: picture, depth: seen } = renderRoom(standing);
    using metric = await integrated(seen, picture);
    using map = PlaceMap.create({ intrinsics: roomIntrinsics });
    map.setUnit(8);
    const far = lookFrom([0, -12, 0], 0, 0.2);
    for (let i = 0; i < 3; i++) {
      const frame = { ptsMicros: i * 1e6, image: picture, depth: { ...seen, metresPerUnit: 8 * seen.metresPerUnit } };
      await map.integrate(frame, far);
    }
    // And moves alike.
    const to = lookFrom([8, -12, 0], 0.5, 0.2);
    await map.correct([{ ptsMicros: 0, from: far, to }]);
    await metric.correct([{ ptsMicros: 0, from: standing, to: lookFrom([1, -1.5, 0], 0.5, 0.2) }]);
    expect(map.voxelMetres()).toBe(0.16);
    expect(map.points().positions.map((value) => value / 8)).toEqual(metric.points().positions);
  });

  it('keeps the colour that the camera saw', async () => {
    using map = await integrated(depth(() => 2000));
    expect([...map.points().colours.subarray(0, 3)]).toEqual([200, 100, 50]);
  });

  it('has one point a voxel, however often it was seen', async () => {
    using map = await integrated(depth(() => 2000));
    const once = map.points().positions.length;
    await map.integrate({ ptsMicros: 3e6, image: image(200, 100, 50), depth: depth(() => 2000) }, standing);
    expect(map.points().positions).toHaveLength(once);
    // A wall of 2.29 m × 1.71 m at 2 m, on a grid of 2 cm; the wall is not parallel to the grid, so a few more.
    expect(once / 3).toBeGreaterThan(8_000);
    expect(once / 3).toBeLessThan(20_000);
  });

  it.each([
    ['none', 0],
    ['saturated', 65_535],
    ['far', 9_000],
  ])('drops depth that is %s', async (_, millimetres) => {
    using map = await integrated(depth(() => millimetres));
    expect(map.points().positions).toHaveLength(0);
  });

  it('drops what floats between a near and a far surface', async () => {
    // A sensor smears the edge over four columns.
    const smeared = (u: number): number => (u < 158 ? 1000 : u > 161 ? 3000 : 1000 + (u - 157) * 400);
    using map = await integrated(depth(smeared));
    const { positions } = map.points();
    const forward = [standing[2]!, standing[6]!, standing[10]!] as const;
    const depths: number[] = [];
    for (let i = 0; i < positions.length; i += 3) {
      depths.push([0, 1, 2].reduce((sum, k) => sum + (positions[i + k]! - [0, -1.5, 0][k]!) * forward[k]!, 0));
    }
    expect(depths.filter((metres) => metres > 1.05 && metres < 2.95)).toEqual([]);
    expect(depths.some((metres) => metres < 1.05)).toBe(true);
    expect(depths.some((metres) => metres > 2.95)).toBe(true);
  });

  it('coarsens instead of growing without bound', async () => {
    using map = PlaceMap.create({ intrinsics: roomIntrinsics, maxVoxels: 2000 });
    for (let i = 0; i < 3; i++) {
      await map.integrate({ ptsMicros: i * 1e6, image: image(1, 2, 3), depth: depth(() => 2000) }, standing);
    }
    const count = map.points().positions.length / 3;
    expect(count).toBeGreaterThan(200);
    expect(count).toBeLessThanOrEqual(2000);
    expect(map.voxelMetres()).toBeGreaterThan(0.02);
  });

  it('tells which way surfaces face, and when they were seen', async () => {
    const { image: picture, depth: seen } = renderRoom(standing);
    using map = await integrated(seen, picture);
    const { positions, normals, confidences, firstSeenMicros, lastSeenMicros } = map.points();
    expect(normals).toHaveLength(positions.length);
    const facing: number[] = [];
    for (let i = 0; i < positions.length; i += 3) {
      // The far wall is the plane y = 3, seen from y = −1.5, so it faces −y.
      if (Math.abs(positions[i + 1]! - 3) < 0.005) {
        facing.push(normals![i + 1]! / 127);
      }
    }
    expect(facing.length).toBeGreaterThan(1000);
    expect(facing.toSorted((a, b) => a - b)[Math.floor(facing.length / 2)]).toBeLessThan(-0.99);
    expect(new Set(firstSeenMicros)).toEqual(new Set([0]));
    expect(new Set(lastSeenMicros)).toEqual(new Set([2e6]));
    expect(confidences!.every((confidence) => confidence > 0)).toBe(true);
  });

  it('moves each point with the keyframe that saw it', async () => {
    // Two keyframes back to back, so that they see no surface in common.
    const ahead = lookFrom([0, -1.5, 0], 0, 0);
    const back = lookFrom([0, -1.5, 0], Math.PI, 0);
    const corrected = lookFrom([0.4, -1.1, 0.2], Math.PI + 0.3, 0.1);
    using map = PlaceMap.create({ intrinsics: roomIntrinsics });
    for (let i = 0; i < 3; i++) {
      await map.integrate({ ptsMicros: i, ...renderRoom(ahead) }, ahead);
      await map.integrate({ ptsMicros: 10 + i, ...renderRoom(back) }, back);
    }
    await map.correct([0, 1, 2].map((i) => ({ ptsMicros: 10 + i, from: back, to: corrected })));
    const { positions, normals } = map.points();
    // Carried back by the correction's inverse, worked out with matrices here, the moved points lie on the wall y = −2.5.
    const undo = compose(back, invertPose(corrected));
    const rotation = undo.map((value, i) => (i % 4 === 3 ? 0 : value));
    const carry = (pose: Pose, at: readonly number[]): number[] =>
      [0, 4, 8].map((row) => pose[row]! * at[0]! + pose[row + 1]! * at[1]! + pose[row + 2]! * at[2]! + pose[row + 3]!);
    let stayed = 0;
    let moved = 0;
    for (let i = 0; i < positions.length; i += 3) {
      const here = [...positions.subarray(i, i + 3)];
      const there = carry(undo, here);
      if (Math.abs(here[1]! - 3) < 0.01) {
        stayed++;
      } else if (Math.abs(there[1]! + 2.5) < 0.01) {
        moved++;
        expect(carry(rotation, [...normals!.subarray(i, i + 3)])[1]).toBeGreaterThan(120);
      }
    }
    expect(stayed).toBeGreaterThan(1000);
    expect(moved).toBeGreaterThan(1000);
  });

  it('grows what keyframes saw with their scale', async () => {
    const { image: picture, depth: seen } = renderRoom(standing);
    using map = await integrated(seen, picture);
    const before = map.points();
    await map.correct([0, 1, 2].map((i) => ({ ptsMicros: i * 1e6, from: standing, to: standing, scale: 1.5 })));
    const after = map.points();
    // About the camera, which stays where it is.
    const reach = ({ positions }: PointCloud): number =>
      Math.max(...Array.from({ length: positions.length / 3 }, (_, i) => positions[3 * i + 1]! + 1.5));
    expect(reach(after)).toBeCloseTo(1.5 * reach(before), 1);
  });

  it('passes over corrections of keyframes that it does not hold', async () => {
    using map = await integrated(depth(() => 2000));
    const before = map.points();
    await map.correct([{ ptsMicros: 77, from: standing, to: lookFrom([1, 1, 1], 1, 1) }]);
    expect(map.points()).toEqual(before);
  });

  it('is the same with most of its tiles in files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loci-tiles-'));
    using held = PlaceMap.create({ intrinsics: roomIntrinsics });
    using paged = PlaceMap.create({ intrinsics: roomIntrinsics, maxVoxels: 5000, folder });
    const poses = [0, 1, 2, 3, 0, 1, 2, 3, 0].map((quarter) => lookFrom([0, -0.5, 0], (quarter * Math.PI) / 2, 0.1));
    for (const map of [held, paged]) {
      for (const [i, pose] of poses.entries()) {
        await map.integrate({ ptsMicros: i, ...renderRoom(pose) }, pose);
      }
      await map.correct([{ ptsMicros: 0, from: poses[0]!, to: lookFrom([0.1, -0.5, 0], 0, 0.1) }]);
    }
    expect(paged.heldVoxels()).toBeLessThan(held.heldVoxels() / 2);
    expect(readdirSync(folder)).not.toHaveLength(0);
    expect(paged.voxels()).toBe(held.voxels());
    expect(paged.voxelMetres()).toBe(0.02);
    expect(paged.points()).toEqual(held.points());
    rmSync(folder, { recursive: true });
  });
});
