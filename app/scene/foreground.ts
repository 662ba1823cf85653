import type { Rectangle, Vector3 } from '../contract/geometry.ts';
import { type DepthGrid, depthGrid, type DepthView } from './depth-grid.ts';
import { distanceToPlane, dominantPlane, type Plane } from './plane.ts';

/** A point belongs to a plane of the surroundings when it is closer than this share of its depth. */
const planeTolerance = 0.012;
/** Share of the surroundings that makes a plane of it: a table top, the floor, a wall. */
const planeShare = 0.2;
/** A plane that holds more than this share of the middle of the box is the thing itself, such as a picture on a wall. */
const ownPlaneShare = 0.4;
/** Enough points to find a plane in. */
const ringPoints = 400;
/** Depths of neighbours that differ by less than this share, or continue a slope that well, are one surface. */
const stepShare = 0.02;
/** Standard deviation, in half box sizes, of the weight that favours the middle of the box. */
const centralWidth = 0.4;
const fewestSamples = 12;

const isInside = ({ columns, across, down }: DepthGrid, cell: number): boolean =>
  Math.abs(across[cell % columns] ?? 2) <= 1 && Math.abs(down[Math.floor(cell / columns)] ?? 2) <= 1;

const isCentral = ({ columns, across, down }: DepthGrid, cell: number): boolean =>
  Math.abs(across[cell % columns] ?? 2) <= 0.5 && Math.abs(down[Math.floor(cell / columns)] ?? 2) <= 0.5;

const liesOn = (plane: Plane, point: Vector3): boolean => distanceToPlane(plane, point) <= planeTolerance * point[2];

/** The eight neighbours of a cell as steps of column and row. */
const neighbours = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const)).filter(([dx, dy]) => dx || dy);

/**
 * Cells that really are of the plane, rather than of a surface that it cuts: such a cut is a strip about as wide as the
 * tolerance makes it, so a cell needs others at that distance on all four sides, or to be next to one that has them.
 */
const withoutCuts = (grid: DepthGrid, onPlane: ReadonlySet<number>): Set<number> => {
  const { columns, rows, depths } = grid;
  const reach = Math.ceil(planeTolerance / grid.spacing);
  const goesOnAt = (column: number, row: number): boolean => {
    const cell = row * columns + column;
    const known = column >= 0 && row >= 0 && column < columns && row < rows && (depths[cell] ?? 0) > 0;
    return !known || onPlane.has(cell);
  };
  const kept = new Set<number>();
  for (const cell of onPlane) {
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const whole =
      goesOnAt(column - reach, row) &&
      goesOnAt(column + reach, row) &&
      goesOnAt(column, row - reach) &&
      goesOnAt(column, row + reach);
    if (!whole) {
      continue;
    }
    for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
      for (let x = Math.max(0, column - reach); x <= Math.min(columns - 1, column + reach); x++) {
        if (onPlane.has(y * columns + x)) {
          kept.add(y * columns + x);
        }
      }
    }
  }
  return kept;
};

/** Cells that hang together with such outside the box: a plane of the surroundings comes in from there. */
const reachedFromOutside = (grid: DepthGrid, onPlane: ReadonlySet<number>): number[] => {
  const left = new Set(onPlane);
  const reached = [...onPlane].filter((cell) => !isInside(grid, cell));
  reached.forEach((cell) => left.delete(cell));
  for (const cell of reached) {
    for (const [dx, dy] of neighbours) {
      const column = (cell % grid.columns) + dx;
      const next = cell + dy * grid.columns + dx;
      if (column >= 0 && column < grid.columns && left.delete(next)) {
        reached.push(next);
      }
    }
  }
  return reached;
};

/** Cells of planes that pass through the surroundings and are not the thing itself: what it stands on or before. */
const backgroundCells = (grid: DepthGrid, measured: readonly number[]): Set<number> => {
  const ring = measured.filter((cell) => !isInside(grid, cell));
  const centralCells = measured.filter((cell) => isCentral(grid, cell)).length;
  const stride = Math.max(1, Math.ceil(ring.length / ringPoints));
  let points = ring.filter((_, i) => i % stride === 0).map((cell) => grid.point(cell));
  const enough = Math.max(fewestSamples, planeShare * points.length);
  const background = new Set<number>();
  for (
    let found = dominantPlane(points, planeTolerance, enough);
    found;
    found = dominantPlane(points, planeTolerance, enough)
  ) {
    const { plane, rest } = found;
    const onPlane = new Set(measured.filter((cell) => liesOn(plane, grid.point(cell))));
    const cells = reachedFromOutside(grid, withoutCuts(grid, onPlane));
    if (cells.filter((cell) => isCentral(grid, cell)).length <= ownPlaneShare * centralCells) {
      cells.forEach((cell) => background.add(cell));
    }
    points = rest;
  }
  return background;
};

/**
 * Whether the surface goes on from one depth to the next. Either they hardly differ, or the next one continues the
 * slope from the one before: inverse depth is linear over the picture of a plane, however steeply it is seen.
 */
const goesOn = (before: number, here: number, next: number): boolean => {
  if (Math.abs(next - here) <= stepShare * here) {
    return true;
  }
  const expected = before > 0 ? 2 / here - 1 / before : 0;
  return expected > 0 && Math.abs(next * expected - 1) <= stepShare;
};

/** Parts of the grid that hang together without a step in depth, as lists of cells. */
const components = ({ columns, rows }: DepthGrid, depths: Float64Array): number[][] => {
  const seen = new Uint8Array(depths.length);
  const depthAt = (column: number, row: number): number =>
    column >= 0 && row >= 0 && column < columns && row < rows ? (depths[row * columns + column] ?? 0) : 0;
  const grow = (start: number): number[] => {
    const component = [start];
    seen[start] = 1;
    // The list is its own queue: it grows while it is read.
    for (const cell of component) {
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const here = depthAt(column, row);
      for (const [dx, dy] of neighbours) {
        const next = depthAt(column + dx, row + dy);
        const at = cell + dy * columns + dx;
        if (next > 0 && seen[at] === 0 && goesOn(depthAt(column - dx, row - dy), here, next)) {
          seen[at] = 1;
          component.push(at);
        }
      }
    }
    return component;
  };
  const found: number[][] = [];
  depths.forEach((depth, cell) => {
    if (depth > 0 && seen[cell] === 0) {
      found.push(grow(cell));
    }
  });
  return found;
};

/** A rectangle in the coordinates of the box: −1 … 1 from edge to edge. */
interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const own: Extent = { left: -1, right: 1, top: -1, bottom: 1 };

const extentOf = ({ columns, across, down }: DepthGrid, component: readonly number[]): Extent => {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const cell of component) {
    const [x, y] = [across[cell % columns] ?? 0, down[Math.floor(cell / columns)] ?? 0];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { left, right, top, bottom };
};

const areaOf = ({ left, right, top, bottom }: Extent): number => Math.max(0, right - left) * Math.max(0, bottom - top);

const intersection = (a: Extent, b: Extent): Extent => ({
  left: Math.max(a.left, b.left),
  right: Math.min(a.right, b.right),
  top: Math.max(a.top, b.top),
  bottom: Math.min(a.bottom, b.bottom),
});

/** Intersection over union. */
const agreement = (a: Extent, b: Extent): number => {
  const shared = areaOf(intersection(a, b));
  return shared / (areaOf(a) + areaOf(b) - shared);
};

/** What is seen of other boxes in the grid, in the coordinates of this one. */
const othersIn = (grid: DepthGrid, [left, top, width, height]: Rectangle, others: readonly Rectangle[]): Extent[] => {
  const seen: Extent = {
    left: grid.across[0] ?? -1,
    right: grid.across.at(-1) ?? 1,
    top: grid.down[0] ?? -1,
    bottom: grid.down.at(-1) ?? 1,
  };
  return others.map(([x, y, w, h]) =>
    intersection(seen, {
      left: (2 * (x - left)) / width - 1,
      right: (2 * (x + w - left)) / width - 1,
      top: (2 * (y - top)) / height - 1,
      bottom: (2 * (y + h - top)) / height - 1,
    }),
  );
};

/**
 * How much a component looks like the thing: it fills the middle of the box, and ends where the box ends. What fits the
 * box of another thing better is that.
 */
const score = (grid: DepthGrid, component: readonly number[], others: readonly Extent[]): number => {
  const extent = extentOf(grid, component);
  const agrees = agreement(extent, own);
  if (others.some((other) => agreement(extent, other) > agrees)) {
    return 0;
  }
  let weight = 0;
  for (const cell of component) {
    const x = grid.across[cell % grid.columns] ?? 0;
    const y = grid.down[Math.floor(cell / grid.columns)] ?? 0;
    weight += isInside(grid, cell) ? Math.exp(-(x * x + y * y) / (2 * centralWidth * centralWidth)) : 0;
  }
  return weight * agrees ** 2;
};

/**
 * The points of the thing that a box was drawn round, in camera coordinates. Planes that run on outside the box (the
 * table that a mug stands on, the wall behind) are left out; of the surfaces that remain, the thing is the one that
 * fills the middle of the box, ends where it ends, and is not what one of the `others`, boxes of the same picture, was
 * drawn round. Empty where too little was measured.
 */
export const foregroundPoints = (view: DepthView, box: Rectangle, others: readonly Rectangle[] = []): Vector3[] => {
  const grid = depthGrid(view, box);
  const measured = [...grid.depths.keys()].filter((cell) => (grid.depths[cell] ?? 0) > 0);
  const background = backgroundCells(grid, measured);
  const standing = grid.depths.map((depth, cell) => (background.has(cell) ? 0 : depth));
  const elsewhere = othersIn(grid, box, others);
  const [best] = components(grid, standing)
    .filter((component) => component.length >= fewestSamples)
    .map((component) => ({ component, score: score(grid, component, elsewhere) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score);
  const points = (best?.component ?? []).filter((cell) => isInside(grid, cell)).map((cell) => grid.point(cell));
  return points.length < fewestSamples ? [] : points;
};
