import { describe, expect, test } from 'vitest';
import { maskNumbers } from './apartment.ts';
import { layOut } from './layout.ts';
import { boxOf } from './truth.ts';

/** Horizontal half extents of an oriented box along the world's axes. */
const halfExtents = ({ axesLengths, axes }: ReturnType<typeof boxOf>): readonly [number, number] => [
  (axesLengths[0] * Math.abs(axes[0]!) + axesLengths[1] * Math.abs(axes[3]!)) / 2,
  (axesLengths[0] * Math.abs(axes[1]!) + axesLengths[1] * Math.abs(axes[4]!)) / 2,
];

describe.each([1, 2, 7])('the apartment of seed %i', (seed) => {
  const apartment = layOut(seed);

  test('is the same every time', () => {
    const again = layOut(seed);
    const describeItems = ({ items }: typeof apartment) =>
      items.map((item) => [item.id, item.position, item.yaw, item.piece.shape(0.3)]);
    expect(describeItems(again)).toEqual(describeItems(apartment));
    expect(again.structure(1)).toEqual(apartment.structure(1));
  });

  test('differs from that of another seed', () => {
    expect(layOut(seed + 1).rooms).not.toEqual(apartment.rooms);
  });

  test('has four rooms and a corridor, well furnished', () => {
    expect(apartment.rooms.map(({ name }) => name)).toEqual(['living room', 'kitchen', 'corridor', 'bedroom', 'study']);
    expect(apartment.items.length).toBeGreaterThanOrEqual(25);
    expect(new Set(apartment.items.map(({ label }) => label)).size).toBeGreaterThanOrEqual(15);
    for (const room of apartment.rooms) {
      expect(apartment.items.filter((item) => item.room === room.name).length).toBeGreaterThanOrEqual(5);
    }
  });

  test('gives every item a name and a mask number of its own', () => {
    const { items } = apartment;
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(new Set(items.map(({ maskNumber }) => maskNumber)).size).toBe(items.length);
    for (const { maskNumber } of items) {
      expect(maskNumber).toBeGreaterThanOrEqual(maskNumbers.firstItem);
      expect(maskNumber).toBeLessThan(maskNumbers.person);
    }
  });

  test('keeps every item between the walls of its room', () => {
    for (const item of apartment.items) {
      const room = apartment.rooms.find(({ name }) => name === item.room)!;
      const box = boxOf(item);
      const [x, y] = halfExtents(box);
      const slack = 0.06;
      expect(box.center[0] - x, item.id).toBeGreaterThan(room.minX - slack);
      expect(box.center[0] + x, item.id).toBeLessThan(room.maxX + slack);
      expect(box.center[1] - y, item.id).toBeGreaterThan(room.minY - slack);
      expect(box.center[1] + y, item.id).toBeLessThan(room.maxY + slack);
      expect(box.center[2] - box.axesLengths[2] / 2, item.id).toBeGreaterThan(-0.01);
    }
  });

  test('lets no two pieces of furniture stand in one another', () => {
    const standing = apartment.items.filter(
      (item) => item.position[2] === 0 && !['rug', 'curtain', 'plant', 'chair', 'office chair'].includes(item.label),
    );
    for (const [i, a] of standing.entries()) {
      for (const b of standing.slice(i + 1)) {
        const [boxA, boxB] = [boxOf(a), boxOf(b)];
        const [[ax, ay], [bx, by]] = [halfExtents(boxA), halfExtents(boxB)];
        const gap = Math.max(
          Math.abs(boxA.center[0] - boxB.center[0]) - ax - bx,
          Math.abs(boxA.center[1] - boxB.center[1]) - ay - by,
        );
        expect(gap, `${a.id} and ${b.id}`).toBeGreaterThan(-0.03);
      }
    }
  });
});
