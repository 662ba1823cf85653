import { describe, expect, test } from 'vitest';
import type { Vector3 } from '../../app/contract/geometry.ts';
import { figureAt } from './figure.ts';
import { layOut } from './layout.ts';
import { RayCaster } from './rays.ts';
import { solidSurfaces } from './surfaces.ts';
import { frameRate, poseFrom, walkThrough } from './walk.ts';

const degrees = 180 / Math.PI;

test('a level camera that looks along +x has its right along −y and its down along −z', () => {
  const pose = poseFrom([1, 2, 3], 0, 0, 0);
  const column = (i: number): number[] => [pose[i]!, pose[4 + i]!, pose[8 + i]!].map((value) => value + 0);
  expect(column(0)).toEqual([0, -1, 0]);
  expect(column(1)).toEqual([0, 0, -1]);
  expect(column(2)).toEqual([1, 0, 0]);
  expect(column(3)).toEqual([1, 2, 3]);
});

test('positive pitch looks up', () => {
  expect(poseFrom([0, 0, 0], 0.3, 0.4, 0)[10]).toBeCloseTo(Math.sin(0.4), 9);
});

test('a second visit passes from the bedroom through the living room into the kitchen, never where the first one stood', () => {
  const { plan, rooms } = layOut(1);
  const [first, second] = [walkThrough(plan), walkThrough(plan, 'second')];
  const order = second
    .map(
      ({ position: [x, y] }) =>
        rooms.find((room) => x > room.minX && x < room.maxX && y > room.minY && y < room.maxY)?.name,
    )
    .filter((name, i, names) => name !== undefined && name !== names[i - 1]);
  expect(order).toEqual(['bedroom', 'corridor', 'living room', 'kitchen']);
  for (const { position, index } of second) {
    const nearest = Math.min(
      ...first.map((frame) => Math.hypot(...frame.position.map((value, axis) => value - position[axis]!))),
    );
    expect(nearest, `frame ${index}`).toBeGreaterThan(0.03);
    expect(nearest, `frame ${index}`).toBeLessThan(0.6);
  }
});

describe.each([1, 2])('the walk of seed %i', (seed) => {
  const apartment = layOut(seed);
  const walk = walkThrough(apartment.plan);
  const bothWalks = [...walk, ...walkThrough(apartment.plan, 'second')];
  const caster = new RayCaster(solidSurfaces(apartment));
  const everyThird = bothWalks.filter(({ index }) => index % 9 === 0);
  const roomAt = ([x, y]: Vector3): string | undefined =>
    apartment.rooms.find((room) => x > room.minX && x < room.maxX && y > room.minY && y < room.maxY)?.name;

  test('lasts a minute or so and names frames by their time', () => {
    expect(walk.length / frameRate).toBeGreaterThanOrEqual(60);
    expect(walk.length / frameRate).toBeLessThanOrEqual(90);
    expect(walk.slice(0, 4).map(({ ptsMicros }) => ptsMicros)).toEqual([0, 33333, 66667, 100000]);
  });

  test('visits every room and comes back to the first', () => {
    const visits = walk.map(({ position }) => roomAt(position)).filter((name) => name !== undefined);
    const order = visits.filter((name, i) => name !== visits[i - 1]);
    expect(order).toEqual([
      'living room',
      'kitchen',
      'corridor',
      'study',
      'corridor',
      'bedroom',
      'corridor',
      'living room',
    ]);
  });

  test('turns gently, and never on the spot', () => {
    for (const [i, frame] of walk.entries()) {
      const before = walk[i - 1];
      if (before) {
        const turn = Math.hypot(frame.yaw - before.yaw, frame.pitch - before.pitch) * frameRate * degrees;
        const step = Math.hypot(...frame.position.map((value, axis) => value - before.position[axis]!));
        expect(turn, `frame ${i}`).toBeLessThan(40);
        expect(step * frameRate, `frame ${i}`).toBeLessThan(0.7);
        if (turn > 15) {
          expect(step * frameRate, `frame ${i}`).toBeGreaterThan(0.06);
        }
      }
    }
  });

  test('keeps a shoulder’s width from walls and furniture', () => {
    for (const { position, index } of everyThird) {
      for (const z of [0.25, 0.7, 1.2, 1.5]) {
        for (let k = 0; k < 12; k += 1) {
          const direction: Vector3 = [Math.cos((k * Math.PI) / 6), Math.sin((k * Math.PI) / 6), 0];
          const hit = caster.nearest([position[0], position[1], z], direction, 1);
          expect(hit?.distance ?? 1, `frame ${index} at height ${z}`).toBeGreaterThan(0.25);
        }
      }
    }
  });

  test('never stares at something near', () => {
    for (const { position, worldFromCamera: pose, index } of everyThird) {
      const distances = [-0.5, -0.25, 0, 0.25, 0.5]
        .flatMap((u) => [-0.35, 0, 0.35].map((v) => [u, v, 1] as const))
        .map((ray) => {
          const direction = [0, 1, 2].map((row) =>
            ray.reduce((sum, value, column) => sum + value * pose[row * 4 + column]!, 0),
          );
          const length = Math.hypot(...direction);
          const unit: Vector3 = [direction[0]! / length, direction[1]! / length, direction[2]! / length];
          return caster.nearest(position, unit)?.distance ?? 10;
        })
        .toSorted((a, b) => a - b);
      expect(distances[7], `frame ${index}`).toBeGreaterThan(1);
    }
  });

  test('lets the other person pass at a distance, in sight for some seconds', () => {
    let seen = 0;
    for (const { index, position, yaw } of walk) {
      const figure = figureAt(apartment.plan, index / frameRate);
      if (figure) {
        const [dx, dy] = [figure.position[0] - position[0], figure.position[1] - position[1]];
        const distance = Math.hypot(dx, dy);
        expect(distance, `frame ${index}`).toBeGreaterThan(0.8);
        const aside = Math.atan2(dy, dx) - yaw;
        const isAhead = Math.abs(Math.atan2(Math.sin(aside), Math.cos(aside))) < 0.5;
        const isFree = !caster.blocked([position[0], position[1], 1.5], [dx / distance, dy / distance, 0], distance);
        seen += isAhead && isFree ? 1 : 0;
      }
    }
    expect(seen / frameRate).toBeGreaterThan(3);
  });
});
