import { describe, expect, it } from 'vitest';
import type { Intrinsics, OrientedBox, Pose } from '../../app/contract/geometry.ts';
import { boxCorners, boxEdges, boxPath, projectPoint, projectSegment, worldAxes } from './projection.ts';

const intrinsics: Intrinsics = { fx: 500, fy: 500, cx: 320, cy: 240, width: 640, height: 480 };

// A camera 2 m above the floor that looks along world x: right is −y, down is −z.
const lookingAlongX: Pose = [0, 0, 1, 0, -1, 0, 0, 0, 0, -1, 0, 2, 0, 0, 0, 1];

describe('projection into the video', () => {
  it('puts what lies straight ahead at the principal point', () => {
    expect(projectPoint(lookingAlongX, intrinsics, [4, 0, 2])).toEqual([320, 240]);
  });

  it('puts left to the left and low things low', () => {
    // One metre to the left (+y) and one below, four metres ahead: 500 × 1/4 pixels each.
    expect(projectPoint(lookingAlongX, intrinsics, [4, 1, 1])).toEqual([320 - 125, 240 + 125]);
  });

  it('shows nothing that is behind the camera', () => {
    expect(projectPoint(lookingAlongX, intrinsics, [-1, 0, 2])).toBeUndefined();
    expect(projectSegment(lookingAlongX, intrinsics, [-1, 0, 2], [-2, 0, 2])).toBeUndefined();
  });

  it('cuts a line that passes the camera, leaving the part ahead in its place', () => {
    const line = projectSegment(lookingAlongX, intrinsics, [-1, 1, 2], [4, 1, 2]);
    expect(line?.[1]).toEqual([195, 240]);
    expect(line?.[0][0]).toBeLessThan(-5000);
    expect(line?.[0][1]).toBeCloseTo(240);
  });
});

describe('oriented boxes', () => {
  const box: OrientedBox = { center: [4, 0, 2], axesLengths: [2, 1, 0.5], axes: [1, 0, 0, 0, 1, 0, 0, 0, 1] };

  it('have eight corners half a side from the centre', () => {
    const corners = boxCorners(box);
    expect(new Set(corners.map(String)).size).toBe(8);
    for (const corner of corners) {
      expect(corner.map((value, i) => Math.abs(value - box.center[i]!))).toEqual([1, 0.5, 0.25]);
    }
  });

  it('turn with their axes', () => {
    const turned = boxCorners({ ...box, axes: [0, 1, 0, -1, 0, 0, 0, 0, 1] });
    expect(Math.max(...turned.map(([x]) => x))).toBeCloseTo(4.5);
    expect(Math.max(...turned.map(([, y]) => y))).toBeCloseTo(1);
  });

  it('have twelve edges, each along one axis', () => {
    expect(boxEdges).toHaveLength(12);
    expect(boxEdges.every(([a, b]) => [1, 2, 4].includes(a ^ b))).toBe(true);
  });

  it('draw twelve strokes, or none behind the camera', () => {
    expect(boxPath(lookingAlongX, intrinsics, box).match(/M/g)).toHaveLength(12);
    expect(boxPath(lookingAlongX, intrinsics, { ...box, center: [-4, 0, 2] })).toBe('');
  });
});

it('shows the world axes as the camera sees them', () => {
  const [x, y, z] = worldAxes(lookingAlongX);
  expect(x).toMatchObject({ name: 'x', x: 0, y: 0, depth: 1 });
  expect(y).toMatchObject({ x: -1, y: 0 });
  expect(z).toMatchObject({ x: 0, y: -1 });
});
