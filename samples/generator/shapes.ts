import type { Vector3 } from '../../app/contract/geometry.ts';

/** A vertex of a patch: metres, unit normal, and texture coordinates in metres (or 0…1 where a picture fits the face). */
export interface Vertex {
  readonly position: Vector3;
  readonly normal: Vector3;
  readonly uv: readonly [number, number];
}

/**
 * A piece of surface as a grid of `columns` × `rows` vertices, row by row. Every surface of the apartment is made of
 * these, because light is baked into their vertices and a grid can fill its holes from its neighbours.
 * Seen from outside, columns run to the right of rows: `∂column × ∂row` points along the normal.
 */
export interface Patch {
  readonly columns: number;
  readonly rows: number;
  readonly material: string;
  /** One side of something thin, rather than of a closed solid. */
  readonly isSheet?: boolean;
  readonly vertices: readonly Vertex[];
}

/**
 * A solid or a sheet, tessellated so that no cell of a flat face is longer than `cellMetres`. For infinity it is a coarse
 * stand-in that lies inside of the true surface, good enough to cast shadows.
 */
export type Shape = (cellMetres: number) => Patch[];

/** The six faces of a box, named by their outward axis. */
export type Face = '+x' | '-x' | '+y' | '-y' | '+z' | '-z';

/** One material for all faces, or one for some and `other` for the rest; a face of material `''` is left out. */
export type FaceMaterials = string | (Partial<Record<Face, string>> & { readonly other: string });

const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const normalize = (a: Vector3): Vector3 => {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
};

const patch = (
  us: readonly number[],
  vs: readonly number[],
  material: string,
  vertex: (u: number, v: number) => Vertex,
): Patch => ({
  columns: us.length,
  rows: vs.length,
  material,
  vertices: vs.flatMap((v) => us.map((u) => vertex(u, v))),
});

/** `count + 1` evenly spaced values from `low` to `high`. */
const spread = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);

const cells = (length: number, cellMetres: number): number =>
  Math.max(1, Math.min(200, Math.ceil(length / cellMetres)));

/** Which axes span a face: `column × row = normal`; sign −1 runs the axis backwards. */
const faceAxes: Readonly<Record<Face, readonly [number, number, number, number, number, number]>> = {
  // column axis, its sign, row axis, its sign, normal axis, its sign
  '+x': [1, 1, 2, 1, 0, 1],
  '-x': [1, -1, 2, 1, 0, -1],
  '+y': [0, -1, 2, 1, 1, 1],
  '-y': [0, 1, 2, 1, 1, -1],
  '+z': [0, 1, 1, 1, 2, 1],
  '-z': [0, 1, 1, -1, 2, -1],
};

const axisValue = (a: Vector3, axis: number): number => a[axis as 0 | 1 | 2];

/** Sample places along one side of a box: finer through the rounded edge, `cellMetres` between. */
const sideSamples = (half: number, round: number, cellMetres: number): number[] => {
  if (round === 0) {
    return spread(-half, half, cells(2 * half, cellMetres));
  }
  const inner = half - round;
  const angles = round > 0.025 ? [45, 28, 12] : [45];
  const edge = angles.map((degrees) => inner + round * Math.tan((degrees * Math.PI) / 180));
  const middle = inner > 1e-6 ? spread(-inner, inner, cells(2 * inner, cellMetres)) : [0];
  return [...edge.map((value) => -value), ...middle, ...edge.toReversed()];
};

/** How a box is made beyond its size. */
export interface BoxOptions {
  /** Radius of the edges, in metres. */
  readonly round?: number;
  /** Faces that show their texture exactly once, such as a picture. */
  readonly fit?: readonly Face[];
}

/** A box standing on z = 0, centred on the z axis, of the given side lengths. */
export const box =
  (size: Vector3, materials: FaceMaterials, options: BoxOptions = {}): Shape =>
  (cellMetres) => {
    const wanted = Math.min(options.round ?? 0, size[0] * 0.499, size[1] * 0.499, size[2] * 0.499);
    const isCoarse = cellMetres === Infinity;
    // The largest plain box inside a rounded one: its corners end where the rounding's do.
    const shrink = isCoarse ? wanted * (1 - Math.sqrt(1 / 3)) : 0;
    const round = isCoarse ? 0 : wanted;
    const half: Vector3 = [size[0] / 2 - shrink, size[1] / 2 - shrink, size[2] / 2 - shrink];
    return (Object.keys(faceAxes) as Face[]).flatMap((face) => {
      const material = typeof materials === 'string' ? materials : (materials[face] ?? materials.other);
      if (material === '') {
        return [];
      }
      const [columnAxis, columnSign, rowAxis, rowSign, normalAxis, normalSign] = faceAxes[face];
      const fit = options.fit?.includes(face) ?? false;
      const columnHalf = axisValue(half, columnAxis);
      const rowHalf = axisValue(half, rowAxis);
      return [
        patch(
          sideSamples(columnHalf, round, cellMetres),
          sideSamples(rowHalf, round, cellMetres),
          material,
          (u, v): Vertex => {
            const surface: Vector3 = [0, 0, 0];
            surface[columnAxis as 0 | 1 | 2] = u * columnSign;
            surface[rowAxis as 0 | 1 | 2] = v * rowSign;
            surface[normalAxis as 0 | 1 | 2] = axisValue(half, normalAxis) * normalSign;
            const inner = surface.map((value, axis) => {
              const limit = axisValue(half, axis) - round;
              return Math.min(limit, Math.max(-limit, value));
            }) as Vector3;
            const flat: Vector3 = [0, 0, 0];
            flat[normalAxis as 0 | 1 | 2] = normalSign;
            const normal = round === 0 ? flat : normalize(subtract(surface, inner));
            const position: Vector3 =
              round === 0
                ? surface
                : [inner[0] + normal[0] * round, inner[1] + normal[1] * round, inner[2] + normal[2] * round];
            return {
              position: [position[0], position[1], position[2] + size[2] / 2],
              normal,
              uv: fit ? [0.5 + (0.5 * u) / columnHalf, 0.5 + (0.5 * v) / rowHalf] : [u, v],
            };
          },
        ),
      ];
    });
  };

/** Splits an outline where it bends by more than about 40°, so that each run is smooth. */
const smoothRuns = (profile: readonly (readonly [number, number])[]): (readonly [number, number])[][] => {
  const runs: (readonly [number, number])[][] = [];
  let run: (readonly [number, number])[] = [];
  profile.forEach((point, i) => {
    run.push(point);
    const before = profile[i - 1];
    const after = profile[i + 1];
    if (before && after) {
      const turn =
        Math.atan2(after[1] - point[1], after[0] - point[0]) - Math.atan2(point[1] - before[1], point[0] - before[0]);
      if (Math.cos(turn) < 0.77) {
        runs.push(run);
        run = [point];
      }
    }
  });
  return [...runs, run];
};

/**
 * A surface of revolution round the z axis. The profile lists (radius, z) such that outside lies to its right:
 * a cylinder's side runs upwards, its top runs inwards.
 */
export const lathe =
  (profile: readonly (readonly [number, number])[], material: string, segments = 20): Shape =>
  (cellMetres) =>
    smoothRuns(profile).map((run) => {
      const fine = run.flatMap((point, i): (readonly [number, number])[] => {
        const next = run[i + 1];
        if (!next) {
          return [point];
        }
        const count = cells(Math.hypot(next[0] - point[0], next[1] - point[1]), Math.max(cellMetres, 0.05));
        return spread(0, 1, count)
          .slice(0, -1)
          .map((t) => [point[0] + (next[0] - point[0]) * t, point[1] + (next[1] - point[1]) * t]);
      });
      const widest = Math.max(...fine.map(([radius]) => radius));
      let along = 0;
      const rows = fine.map(([radius, z], i) => {
        const before = fine[Math.max(0, i - 1)] ?? [radius, z];
        const after = fine[Math.min(fine.length - 1, i + 1)] ?? [radius, z];
        along += i === 0 ? 0 : Math.hypot(radius - before[0], z - before[1]);
        const length = Math.hypot(after[0] - before[0], after[1] - before[1]) || 1;
        return { radius, z, along, outward: (after[1] - before[1]) / length, upward: (before[0] - after[0]) / length };
      });
      return patch(
        spread(0, 2 * Math.PI, cellMetres === Infinity ? Math.min(8, segments) : segments),
        rows.map((_, i) => i),
        material,
        (angle, i): Vertex => {
          const row = rows[i] ?? { radius: 0, z: 0, along: 0, outward: 1, upward: 0 };
          const [c, s] = [Math.cos(angle), Math.sin(angle)];
          return {
            position: [row.radius * c, row.radius * s, row.z],
            normal: [row.outward * c, row.outward * s, row.upward],
            uv: [angle * widest, row.along],
          };
        },
      );
    });

/** A closed cylinder standing on z = 0. */
export const cylinder = (radius: number, height: number, material: string, segments = 16): Shape =>
  lathe(
    [
      [0, 0],
      [radius, 0],
      [radius, height],
      [0, height],
    ],
    material,
    segments,
  );

/** An ellipsoid with its lowest point at z = 0. */
export const ellipsoid = (size: Vector3, material: string, segments = 16): Shape =>
  scaled(
    lathe(
      spread(-90, 90, 10).map((degrees) => {
        const angle = (degrees * Math.PI) / 180;
        return [Math.cos(angle) / 2, 0.5 + Math.sin(angle) / 2] as const;
      }),
      material,
      segments,
    ),
    size,
  );

/** Both sides of a thin surface over the unit square. */
export const sheet =
  (
    surface: (u: number, v: number) => Vector3,
    columns: number,
    rows: number,
    material: string,
    uvMetres: readonly [number, number] = [1, 1],
  ): Shape =>
  () => {
    const step = 1e-3;
    const front = patch(spread(0, 1, columns), spread(0, 1, rows), material, (u, v): Vertex => {
      const [u0, u1] = [Math.max(0, u - step), Math.min(1, u + step)];
      const [v0, v1] = [Math.max(0, v - step), Math.min(1, v + step)];
      const normal = normalize(
        cross(subtract(surface(u1, v), surface(u0, v)), subtract(surface(u, v1), surface(u, v0))),
      );
      return { position: surface(u, v), normal, uv: [u * uvMetres[0], v * uvMetres[1]] };
    });
    return [
      { ...front, isSheet: true },
      { ...reversed(front), isSheet: true },
    ];
  };

/** The other side of a sheet. */
const reversed = (front: Patch): Patch => ({
  ...front,
  vertices: Array.from({ length: front.rows }, (_, row) =>
    front.vertices.slice(row * front.columns, (row + 1) * front.columns).toReversed(),
  )
    .flat()
    .map(({ position, normal, uv }) => ({ position, uv, normal: [-normal[0], -normal[1], -normal[2]] })),
});

/** A round bar along a line of points, without end caps. */
export const tube =
  (points: readonly Vector3[], radius: number, material: string, segments = 8): Shape =>
  (cellMetres) => {
    const frames = points.map((point, i) => {
      const along = normalize(subtract(points[i + 1] ?? point, points[i - 1] ?? point));
      const helper: Vector3 = Math.abs(along[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
      const side = normalize(cross(helper, along));
      return { point, side, other: cross(along, side) };
    });
    return [
      patch(
        spread(0, 2 * Math.PI, cellMetres === Infinity ? 4 : segments),
        frames.map((_, i) => i),
        material,
        (angle, i): Vertex => {
          const frame = frames[i] ?? { point: [0, 0, 0], side: [1, 0, 0], other: [0, 1, 0] };
          const normal = [0, 1, 2].map(
            (axis) => Math.cos(angle) * axisValue(frame.side, axis) + Math.sin(angle) * axisValue(frame.other, axis),
          ) as Vector3;
          return {
            position: [0, 1, 2].map(
              (axis) => axisValue(frame.point, axis) + radius * axisValue(normal, axis),
            ) as Vector3,
            normal,
            uv: [angle * radius, i * 0.1],
          };
        },
      ),
    ];
  };

/** Several shapes as one. */
export const together =
  (...shapes: readonly Shape[]): Shape =>
  (cellMetres) =>
    shapes.flatMap((shape) => shape(cellMetres));

/** A shape with every vertex mapped. */
const mapped =
  (shape: Shape, position: (p: Vector3) => Vector3, normal: (n: Vector3) => Vector3): Shape =>
  (cellMetres) =>
    shape(cellMetres).map((original) => ({
      ...original,
      vertices: original.vertices.map((vertex) => ({
        position: position(vertex.position),
        normal: normalize(normal(vertex.normal)),
        uv: vertex.uv,
      })),
    }));

/** A shape turned about the x axis, y axis or z axis through its origin, counter-clockwise seen from the axis' tip. */
export const turned = (shape: Shape, axis: 'x' | 'y' | 'z', radians: number): Shape => {
  const [c, s] = [Math.cos(radians), Math.sin(radians)];
  const rotations: Readonly<Record<'x' | 'y' | 'z', (p: Vector3) => Vector3>> = {
    x: ([x, y, z]) => [x, c * y - s * z, s * y + c * z],
    y: ([x, y, z]) => [c * x + s * z, y, c * z - s * x],
    z: ([x, y, z]) => [c * x - s * y, s * x + c * y, z],
  };
  return mapped(shape, rotations[axis], rotations[axis]);
};

/** A shape turned about the vertical by `yaw` radians and then moved to a place. */
export const at = (shape: Shape, x: number, y: number, z = 0, yaw = 0): Shape =>
  mapped(
    yaw === 0 ? shape : turned(shape, 'z', yaw),
    (p) => [p[0] + x, p[1] + y, p[2] + z],
    (n) => n,
  );

/** A shape stretched along its axes by positive factors. */
export const scaled = (shape: Shape, factors: Vector3): Shape =>
  mapped(
    shape,
    (p) => [p[0] * factors[0], p[1] * factors[1], p[2] * factors[2]],
    (n) => [n[0] / factors[0], n[1] / factors[1], n[2] / factors[2]],
  );
