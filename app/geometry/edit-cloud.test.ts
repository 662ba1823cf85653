import { describe, expect, it } from 'vitest';
import type { Pose, Vector3 } from '../contract/geometry.ts';
import { editCloud, pointsInside } from './edit-cloud.ts';
import { transformRegion, type Region } from './map-region.ts';

/** Points along x at 0, 1 … 9; the colour and the confidence of each is its number. */
const row = (): Parameters<typeof editCloud>[0] => ({
  positions: Float32Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? i / 3 : 0)),
  colours: Uint8Array.from({ length: 30 }, (_, i) => Math.floor(i / 3)),
  normals: Int8Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 127 : 0)),
  confidences: Uint8Array.from({ length: 10 }, (_, i) => i),
});
const boxAt = (x: number, side: number): Region => ({
  by: 'box',
  box: { center: [x, 0, 0], axesLengths: [side, side, side], axes: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
});
const quarterTurn: Pose = [0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 1];

describe('editing a cloud', () => {
  it('deletes points with all that is known of them, and leaves the given cloud alone', () => {
    const cloud = row();
    const edited = editCloud(cloud, [{ kind: 'delete', region: boxAt(4, 2.2) }]);
    expect([...edited.confidences!]).toEqual([0, 1, 2, 6, 7, 8, 9]);
    expect([...edited.positions.filter((_, i) => i % 3 === 0)]).toEqual([0, 1, 2, 6, 7, 8, 9]);
    expect(edited.colours).toHaveLength(21);
    expect(cloud).toEqual(row());
  });

  it('moves points and turns their normals', () => {
    const edited = editCloud(row(), [{ kind: 'move', region: boxAt(9, 1), motion: quarterTurn }]);
    expect([...edited.positions.subarray(27)]).toEqual([0, 9, 5]);
    expect([...edited.normals!.subarray(27)]).toEqual([0, 127, 0]);
    expect([...edited.normals!.subarray(0, 3)]).toEqual([127, 0, 0]);
  });

  it('does one after the other: what was copied can be deleted where it came from', () => {
    const edited = editCloud(row(), [
      { kind: 'duplicate', region: boxAt(2, 1), motion: quarterTurn },
      { kind: 'delete', region: boxAt(2, 1) },
    ]);
    expect([...edited.confidences!]).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9, 2]);
    expect([...edited.positions.subarray(27)]).toEqual([0, 2, 5]);
  });

  it('gives the cloud back as it is where nothing is selected', () => {
    const cloud = row();
    expect(editCloud(cloud, [{ kind: 'delete', region: boxAt(50, 1) }])).toBe(cloud);
  });
});

describe('a lasso', () => {
  /** A camera at x = 3, y = −4 that looks along y. */
  const lasso: Region = {
    by: 'lasso',
    worldFromCamera: [1, 0, 0, 3, 0, 0, 1, -4, 0, -1, 0, 0, 0, 0, 0, 1],
    intrinsics: { fx: 100, fy: 100, cx: 100, cy: 100, width: 200, height: 200 },
    // An L, whose missing quarter holds what lies to the upper right of the middle.
    polygon: [
      [60, 60],
      [100, 60],
      [100, 90],
      [140, 90],
      [140, 140],
      [60, 140],
    ],
  };
  const pointsAt = (...points: Vector3[]) => ({
    positions: new Float32Array(points.flat()),
    colours: new Uint8Array(points.length * 3),
  });

  it('takes what the camera sees inside it', () => {
    // Four ahead of the camera, a pixel is 4 cm.
    const cloud = pointsAt([3, 0, 0], [4.2, 0, 0], [4.8, 0, 0], [4, 0, 0.8], [2, 0, 0.8], [3, -8, 0]);
    expect(pointsInside(cloud, lasso)).toEqual([0, 1, 4]);
    expect(pointsInside(cloud, { ...lasso, depths: [0, 3.5] })).toEqual([]);
  });

  it('takes the same of a scene that is moved and scaled as it is', () => {
    const similarity = { metresPerUnit: 2, pose: quarterTurn };
    // By hand: twice as large, then (x, y) ↦ (−y, x), then up by 5.
    const moved = pointsAt([0, 6, 5], [0, 8.4, 5], [0, 9.6, 5], [0, 8, 6.6], [0, 4, 6.6], [16, 6, 5]);
    expect(pointsInside(moved, transformRegion(similarity, { ...lasso, depths: [3, 4.5] }))).toEqual([0, 1, 4]);
  });
});
