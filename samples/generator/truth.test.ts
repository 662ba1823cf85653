import { describe, expect, test } from 'vitest';
import { sceneDocumentSchema } from '../../app/contract/scene.ts';
import { layOut } from './layout.ts';
import { placed } from './surfaces.ts';
import { boxOf, truthOf, tumTrajectory } from './truth.ts';
import { poseFrom, walkThrough } from './walk.ts';

const apartment = layOut(1);
const walk = walkThrough(apartment.plan);
const truth = truthOf(apartment, walk, 'apartment');

describe('the truth about an apartment', () => {
  test('is a scene document', () => {
    const document = sceneDocumentSchema.parse(truth);
    expect(document.objects).toHaveLength(apartment.items.length);
    expect(document.scale).toBe('metric');
  });

  test('puts a box round all of an item and no larger than it', () => {
    for (const item of apartment.items.filter(({ label }) => ['sofa', 'chair', 'armchair', 'kettle'].includes(label))) {
      const { center, axesLengths, axes } = boxOf(item);
      // Measured on the item as it stands in the world, finer than the box was.
      const points = placed(item)(0.1).flatMap(({ vertices }) => vertices.map(({ position }) => position));
      for (const axis of [0, 1, 2] as const) {
        const along = points.map((point) =>
          point.reduce((sum, value, k) => sum + (value - center[k]!) * axes[axis * 3 + k]!, 0),
        );
        expect(Math.max(...along), item.id).toBeCloseTo(axesLengths[axis] / 2, 3);
        expect(Math.min(...along), item.id).toBeCloseTo(-axesLengths[axis] / 2, 3);
      }
    }
  });

  test('measures floors between the walls', () => {
    for (const [i, { floorAreaSquareMetres, outline }] of truth.rooms.entries()) {
      const shoelace = outline.reduce((sum, [x = 0, y = 0], k) => {
        const [nextX = 0, nextY = 0] = outline[(k + 1) % outline.length]!;
        return sum + (x * nextY - nextX * y) / 2;
      }, 0);
      expect(floorAreaSquareMetres, apartment.rooms[i]!.name).toBeCloseTo(shoelace, 9);
    }
    const sum = truth.rooms.reduce((total, { floorAreaSquareMetres }) => total + floorAreaSquareMetres, 0);
    expect(truth.floorAreaSquareMetres).toBeCloseTo(sum, 9);
    expect(sum).toBeGreaterThan(70);
    expect(sum).toBeLessThan(100);
  });

  test('knows both places of the red mug: first the coffee table, then the sideboard', () => {
    const object = (label: string) => truth.objects.filter((candidate) => candidate.label === label);
    const isOn = ([x, y, z]: readonly number[], label: string): boolean =>
      object(label).some(
        ({ center, axesLengths }) =>
          Math.hypot(x! - center[0], y! - center[1]) < axesLengths[0] / 2 &&
          Math.abs(z! - 0.055 - (center[2] + axesLengths[2] / 2)) < 0.01,
      );
    expect(isOn(truth.moved.before.center, 'coffee table')).toBe(true);
    expect(isOn(truth.moved.after.center, 'sideboard')).toBe(true);
    expect(object('mug')[0]!.center).toEqual(truth.moved.after.center);
  });

  test('knows where the other person walked', () => {
    const { path } = truth.person;
    expect(path.length).toBeGreaterThan(100);
    expect(
      Math.hypot(path.at(-1)!.position[0] - path[0]!.position[0], path.at(-1)!.position[1] - path[0]!.position[1]),
    ).toBeGreaterThan(3);
  });
});

test('the TUM trajectory holds the same rotation as the pose', () => {
  for (const [yaw, pitch, roll] of [
    [0.3, -0.2, 0.1],
    [2.8, 0.4, -0.6],
    [-1.9, -0.7, 1.4],
    [3.1, 0.1, 3],
  ] as const) {
    const worldFromCamera = poseFrom([1, 2, 3], yaw, pitch, roll);
    const line = tumTrajectory([{ index: 30, ptsMicros: 1_000_000, position: [1, 2, 3], yaw, pitch, worldFromCamera }]);
    const [seconds, tx, ty, tz, x, y, z, w] = line.trim().split(' ').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect([seconds, tx, ty, tz]).toEqual([1, 1, 2, 3]);
    const rotation = [
      1 - 2 * (y * y + z * z),
      2 * (x * y - w * z),
      2 * (x * z + w * y),
      2 * (x * y + w * z),
      1 - 2 * (x * x + z * z),
      2 * (y * z - w * x),
      2 * (x * z - w * y),
      2 * (y * z + w * x),
      1 - 2 * (x * x + y * y),
    ];
    rotation.forEach((value, i) => {
      expect(value).toBeCloseTo(worldFromCamera[Math.floor(i / 3) * 4 + (i % 3)]!, 5);
    });
  }
});
