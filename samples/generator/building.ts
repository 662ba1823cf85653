import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Daylight, Opening, Room, Wall } from './apartment.ts';
import { roomHeight, wallThickness } from './apartment.ts';
import { at, box, together } from './shapes.ts';
import type { Face, Shape } from './shapes.ts';

const trim = 'wood/white';

/** A box between two lengths along a wall, two offsets across it and two heights. */
const wallBox = (
  wall: Wall,
  [from, to]: readonly [number, number],
  [near, far]: readonly [number, number],
  [bottom, top]: readonly [number, number],
  material: string | (Partial<Record<Face, string>> & { readonly other: string }),
): Shape => {
  const [along, across, middle] = [to - from, far - near, (near + far) / 2];
  const size: Vector3 = wall.along === 'x' ? [along, across, top - bottom] : [across, along, top - bottom];
  const shape = box(size, material);
  return wall.along === 'x'
    ? at(shape, (from + to) / 2, wall.line + middle, bottom)
    : at(shape, wall.line + middle, (from + to) / 2, bottom);
};

const coverings = (wall: Wall): Partial<Record<Face, string>> & { readonly other: string } => {
  const [below, above] = [wall.below?.walls ?? '', wall.above?.walls ?? ''];
  return wall.along === 'x' ? { '-y': below, '+y': above, other: trim } : { '-x': below, '+x': above, other: trim };
};

/** Lengths of a wall that are free of openings of the given kinds. */
const freeStretches = (wall: Wall, blocks: (opening: Opening) => boolean): (readonly [number, number])[] => {
  const openings = wall.openings.filter(blocks).toSorted((a, b) => a.from - b.from);
  const edges = [wall.from, ...openings.flatMap(({ from, to }) => [from, to]), wall.to];
  return edges.flatMap((from, i) => (i % 2 === 0 ? [[from, edges[i + 1] ?? wall.to] as const] : []));
};

const frame = (wall: Wall, { kind, from, to, bottom, top }: Opening): Shape => {
  const outer = wallThickness / 2 + 0.012;
  const width = 0.06;
  const sides = [
    wallBox(wall, [from - width, from + 0.012], [-outer, outer], [Math.max(0, bottom - width), top + width], trim),
    wallBox(wall, [to - 0.012, to + width], [-outer, outer], [Math.max(0, bottom - width), top + width], trim),
    wallBox(wall, [from, to], [-outer, outer], [top - 0.012, top + width], trim),
  ];
  if (kind !== 'window') {
    return together(...sides);
  }
  const middle = (from + to) / 2;
  return together(
    ...sides,
    wallBox(wall, [from - 0.1, to + 0.1], [-outer - 0.08, outer + 0.08], [bottom - 0.04, bottom], trim),
    wallBox(wall, [middle - 0.03, middle + 0.03], [-0.025, 0.025], [bottom, top], trim),
    wallBox(
      wall,
      [from, to],
      [-0.02, 0.02],
      [bottom + (top - bottom) * 0.64, bottom + (top - bottom) * 0.64 + 0.04],
      trim,
    ),
    ...[from + 0.03, to - 0.03].map((x) => wallBox(wall, [x - 0.03, x + 0.03], [-0.03, 0.03], [bottom, top], trim)),
    ...[bottom + 0.03, top - 0.04].map((z) => wallBox(wall, [from, to], [-0.03, 0.03], [z - 0.03, z + 0.03], trim)),
  );
};

const skirting = (wall: Wall): Shape => {
  const sides = [
    { room: wall.below, sign: -1 },
    { room: wall.above, sign: 1 },
  ].filter(({ room }) => room !== undefined);
  const t = wallThickness / 2;
  return together(
    ...sides.flatMap(({ sign }) =>
      freeStretches(wall, ({ bottom }) => bottom === 0).map(([from, to]) => {
        const [near, far] = sign < 0 ? [-t - 0.015, -t] : [t, t + 0.015];
        return wallBox(wall, [from, to], [near, far], [0, 0.09], trim);
      }),
    ),
  );
};

const buildWall = (wall: Wall): Shape => {
  const t = wallThickness / 2;
  const materials = coverings(wall);
  return together(
    ...freeStretches(wall, () => true).map(([from, to]) =>
      wallBox(wall, [from, to], [-t, t], [0, roomHeight], materials),
    ),
    ...wall.openings.flatMap((opening) => [
      wallBox(wall, [opening.from, opening.to], [-t, t], [opening.top, roomHeight], materials),
      ...(opening.bottom > 0
        ? [wallBox(wall, [opening.from, opening.to], [-t, t], [0, opening.bottom], materials)]
        : []),
      frame(wall, opening),
    ]),
    skirting(wall),
  );
};

/** Floor and ceiling of a room, reaching under its walls so that no gap shows in a doorway. */
const buildFloor = (room: Room): Shape => {
  const [width, depth] = [room.maxX - room.minX + wallThickness, room.maxY - room.minY + wallThickness];
  const [x, y] = [(room.minX + room.maxX) / 2, (room.minY + room.maxY) / 2];
  return together(
    at(box([width, depth, 0.05], { other: '', '+z': room.floor }), x, y, -0.05),
    // All faces, since a ray from the very top of a wall must not find its way out.
    at(box([width, depth, 0.05], 'plaster/white'), x, y, roomHeight),
  );
};

/** Glazed tiles above a kitchen's worktops, round the window of its south wall. */
const splashback = (wall: Wall): Shape => {
  const t = wallThickness / 2;
  const panel = (from: number, to: number, top: number): Shape =>
    wallBox(wall, [from, to], [t, t + 0.012], [0.88, top], 'glazed/teal');
  const [from, to] = [wall.from + t, wall.to - t];
  return together(
    ...wall.openings.map((opening) => panel(opening.from - 0.07, opening.to + 0.07, opening.bottom - 0.05)),
    ...freeStretches({ ...wall, from, to }, () => true).map(([left, right]) =>
      panel(left === from ? from : left + 0.07, right === to ? to : right - 0.07, 1.46),
    ),
  );
};

const beams = (room: Room, spacing: number): Shape => {
  const count = Math.floor((room.maxX - room.minX) / spacing);
  return together(
    ...Array.from({ length: count }, (_, i) =>
      at(
        box([0.13, room.maxY - room.minY, 0.14], 'wood/oak'),
        room.minX + (i + 0.5) * ((room.maxX - room.minX) / count),
        (room.minY + room.maxY) / 2,
        roomHeight - 0.14,
      ),
    ),
  );
};

/** Everything that belongs to the building itself. */
export const build = (rooms: readonly Room[], walls: readonly Wall[]): Shape =>
  together(
    ...rooms.map(buildFloor),
    ...rooms.filter(({ name }) => name === 'living room' || name === 'bedroom').map((room) => beams(room, 1.15)),
    ...walls.map(buildWall),
    ...walls.filter(({ above, below }) => above?.name === 'kitchen' && below === undefined).map(splashback),
  );

/** Windows as sources of daylight. */
export const daylightOf = (walls: readonly Wall[]): Daylight[] =>
  walls.flatMap((wall) =>
    wall.openings
      .filter(({ kind }) => kind === 'window')
      .map(({ from, to, bottom, top }): Daylight => {
        const middle = (from + to) / 2;
        const into = wall.above ? 1 : -1;
        const z = (bottom + top) / 2;
        return {
          center: wall.along === 'x' ? [middle, wall.line, z] : [wall.line, middle, z],
          along: wall.along === 'x' ? [1, 0, 0] : [0, 1, 0],
          inward: wall.along === 'x' ? [0, into, 0] : [into, 0, 0],
          halfWidth: (to - from) / 2 - 0.06,
          halfHeight: (top - bottom) / 2 - 0.06,
        };
      }),
  );

/** Large pictures of garden, houses and sky, some metres behind the windows of each side. */
export const outdoorsOf = (rooms: readonly Room[]): Shape => {
  const away = 6;
  const [minX, maxX] = [Math.min(...rooms.map((r) => r.minX)), Math.max(...rooms.map((r) => r.maxX))];
  const [minY, maxY] = [Math.min(...rooms.map((r) => r.minY)), Math.max(...rooms.map((r) => r.maxY))];
  const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
  const board = (motif: number): Shape =>
    box([30, 0.02, 15], { other: '', '+y': `outdoors/${motif}` }, { fit: ['+y'] });
  return together(
    at(board(0), x, minY - away, -6),
    at(board(1), minX - away, y, -6, -Math.PI / 2),
    at(board(2), x, maxY + away, -6, Math.PI),
    at(board(3), maxX + away, y, -6, Math.PI / 2),
  );
};
