import type { OrientedBox } from '../contract/geometry.ts';
import { boxAxes, boxBounds, boxVolume } from './box.ts';

type Point2 = readonly [number, number];

/** Twice the signed area of the triangle `a b c`: positive where they turn left. */
const turn = (a: Point2, b: Point2, c: Point2): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Area of a polygon whose corners run counter-clockwise (the shoelace formula). */
export const polygonArea = (polygon: readonly Point2[]): number =>
  polygon.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length] ?? [x, y];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

/** The part of a convex polygon that lies inside another (Sutherland and Hodgman 1974); both counter-clockwise. */
export const clipPolygon = (subject: readonly Point2[], clip: readonly Point2[]): Point2[] => {
  let inside: Point2[] = [...subject];
  clip.forEach((from, i) => {
    const to = clip[(i + 1) % clip.length] ?? from;
    const input = inside;
    inside = [];
    input.forEach((current, j) => {
      const previous = input.at(j - 1) ?? current;
      const currentSide = turn(from, to, current);
      const previousSide = turn(from, to, previous);
      if (currentSide >= 0 !== previousSide >= 0) {
        const share = previousSide / (previousSide - currentSide);
        inside.push([
          previous[0] + share * (current[0] - previous[0]),
          previous[1] + share * (current[1] - previous[1]),
        ]);
      }
      if (currentSide >= 0) {
        inside.push(current);
      }
    });
  });
  return inside;
};

/** What a box covers of the floor: counter-clockwise corners. A box that is not upright counts with its bounds. */
export const footprint = (box: OrientedBox): Point2[] => {
  const axes = boxAxes(box);
  const vertical = axes.findIndex((axis) => Math.abs(axis[2]) > 0.999);
  const [first, second] = axes.flatMap((axis, i) =>
    i === vertical ? [] : [{ axis, half: (box.axesLengths[i] ?? 0) / 2 }],
  );
  if (vertical < 0 || !first || !second) {
    const { min, max } = boxBounds(box);
    return [
      [min[0], min[1]],
      [max[0], min[1]],
      [max[0], max[1]],
      [min[0], max[1]],
    ];
  }
  const [x, y] = box.center;
  const corner = (signFirst: number, signSecond: number): Point2 => [
    x + signFirst * first.half * first.axis[0] + signSecond * second.half * second.axis[0],
    y + signFirst * first.half * first.axis[1] + signSecond * second.half * second.axis[1],
  ];
  const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
  return polygonArea(corners) < 0 ? corners.reverse() : corners;
};

/** Area of the floor that two boxes both cover, in square units of the world. */
export const footprintOverlap = (a: OrientedBox, b: OrientedBox): number => {
  const shared = clipPolygon(footprint(a), footprint(b));
  return shared.length < 3 ? 0 : polygonArea(shared);
};

/** Volume that two boxes share: exact for upright boxes, an upper bound for tilted ones. */
export const overlapVolume = (a: OrientedBox, b: OrientedBox): number => {
  const boundsA = boxBounds(a);
  const boundsB = boxBounds(b);
  const height = Math.min(boundsA.max[2], boundsB.max[2]) - Math.max(boundsA.min[2], boundsB.min[2]);
  return height <= 0 ? 0 : height * footprintOverlap(a, b);
};

/** Intersection over union of two boxes' volumes, 0 … 1; see `overlapVolume` for tilted boxes. */
export const boxIou = (a: OrientedBox, b: OrientedBox): number => {
  const shared = overlapVolume(a, b);
  const union = boxVolume(a) + boxVolume(b) - shared;
  return union <= 0 ? 0 : Math.min(1, shared / union);
};
