import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Patch, Vertex } from './shapes.ts';

/** A triangle ready for intersection: one corner and two edges as plain numbers, which is what makes it fast. */
interface Triangle {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly ax: number;
  readonly ay: number;
  readonly az: number;
  readonly bx: number;
  readonly by: number;
  readonly bz: number;
  readonly min: Vector3;
  readonly max: Vector3;
  readonly isSheet: boolean;
  readonly maskNumber: number;
}

/** A box of the hierarchy: two children or a few triangles. */
interface Node {
  readonly minX: number;
  readonly minY: number;
  readonly minZ: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly maxZ: number;
  readonly left: Node | undefined;
  readonly right: Node | undefined;
  readonly triangles: readonly Triangle[];
}

/** A ray with what every box test needs of it. */
interface Ray {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly dx: number;
  readonly dy: number;
  readonly dz: number;
  readonly ix: number;
  readonly iy: number;
  readonly iz: number;
}

/** What a ray met first. */
export interface Hit {
  readonly distance: number;
  /** The ray came out of a closed solid, so it began inside of it. */
  readonly fromInside: boolean;
  readonly maskNumber: number;
}

/** Patches of one thing. */
export interface Surface {
  readonly maskNumber: number;
  readonly patches: readonly Patch[];
}

/** The triangles of a patch as corners, counter-clockwise seen from outside; degenerate ones are left out. */
export const trianglesOf = ({ columns, rows, vertices }: Patch): (readonly [Vertex, Vertex, Vertex])[] =>
  triangleIndices(columns, rows).flatMap(([i, j, k]) => {
    const [a, b, c] = [vertices[i], vertices[j], vertices[k]];
    return a && b && c ? [[a, b, c] as const] : [];
  });

/** Indices of the triangles of a grid of vertices. */
export const triangleIndices = (columns: number, rows: number): (readonly [number, number, number])[] => {
  const triangles: (readonly [number, number, number])[] = [];
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const i = row * columns + column;
      triangles.push([i, i + 1, i + columns + 1], [i, i + columns + 1, i + columns]);
    }
  }
  return triangles;
};

const toTriangle = ([a, b, c]: readonly [Vertex, Vertex, Vertex], isSheet: boolean, maskNumber: number): Triangle => {
  const [p, q, r] = [a.position, b.position, c.position];
  return {
    x: p[0],
    y: p[1],
    z: p[2],
    ax: q[0] - p[0],
    ay: q[1] - p[1],
    az: q[2] - p[2],
    bx: r[0] - p[0],
    by: r[1] - p[1],
    bz: r[2] - p[2],
    min: [Math.min(p[0], q[0], r[0]), Math.min(p[1], q[1], r[1]), Math.min(p[2], q[2], r[2])],
    max: [Math.max(p[0], q[0], r[0]), Math.max(p[1], q[1], r[1]), Math.max(p[2], q[2], r[2])],
    isSheet,
    maskNumber,
  };
};

const boundsOf = (boxes: readonly { readonly min: Vector3; readonly max: Vector3 }[]): [Vector3, Vector3] => {
  const min: Vector3 = [Infinity, Infinity, Infinity];
  const max: Vector3 = [-Infinity, -Infinity, -Infinity];
  for (const box of boxes) {
    for (const axis of [0, 1, 2] as const) {
      min[axis] = Math.min(min[axis], box.min[axis]);
      max[axis] = Math.max(max[axis], box.max[axis]);
    }
  }
  return [min, max];
};

const buildNode = (triangles: readonly Triangle[]): Node => {
  const [min, max] = boundsOf(triangles);
  const bounds = { minX: min[0], minY: min[1], minZ: min[2], maxX: max[0], maxY: max[1], maxZ: max[2] };
  if (triangles.length <= 4) {
    return { ...bounds, left: undefined, right: undefined, triangles };
  }
  const [x, y, z] = [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
  const axis = x >= y && x >= z ? 0 : y >= z ? 1 : 2;
  const sorted = triangles.toSorted((a, b) => a.min[axis] + a.max[axis] - b.min[axis] - b.max[axis]);
  const half = sorted.length >> 1;
  return { ...bounds, left: buildNode(sorted.slice(0, half)), right: buildNode(sorted.slice(half)), triangles: [] };
};

/** Distance at which a ray enters a box, or infinity when it misses it or comes to it only beyond `limit` (slabs). */
const enter = (node: Node, ray: Ray, limit: number): number => {
  const x0 = (node.minX - ray.x) * ray.ix;
  const x1 = (node.maxX - ray.x) * ray.ix;
  const y0 = (node.minY - ray.y) * ray.iy;
  const y1 = (node.maxY - ray.y) * ray.iy;
  const z0 = (node.minZ - ray.z) * ray.iz;
  const z1 = (node.maxZ - ray.z) * ray.iz;
  const near = Math.max(Math.min(x0, x1), Math.min(y0, y1), Math.min(z0, z1));
  const far = Math.min(Math.max(x0, x1), Math.max(y0, y1), Math.max(z0, z1));
  return far < 0 || near > far * (1 + 1e-9) + 1e-9 || near > limit ? Infinity : near;
};

/** Distance to a triangle, or infinity (Möller and Trumbore 1997). */
const meet = (t: Triangle, ray: Ray): number => {
  const px = ray.dy * t.bz - ray.dz * t.by;
  const py = ray.dz * t.bx - ray.dx * t.bz;
  const pz = ray.dx * t.by - ray.dy * t.bx;
  const determinant = t.ax * px + t.ay * py + t.az * pz;
  if (Math.abs(determinant) < 1e-12) {
    return Infinity;
  }
  const inverse = 1 / determinant;
  const tx = ray.x - t.x;
  const ty = ray.y - t.y;
  const tz = ray.z - t.z;
  const u = (tx * px + ty * py + tz * pz) * inverse;
  if (u < 0 || u > 1) {
    return Infinity;
  }
  const qx = ty * t.az - tz * t.ay;
  const qy = tz * t.ax - tx * t.az;
  const qz = tx * t.ay - ty * t.ax;
  const v = (ray.dx * qx + ray.dy * qy + ray.dz * qz) * inverse;
  if (v < 0 || u + v > 1) {
    return Infinity;
  }
  const distance = (t.bx * qx + t.by * qy + t.bz * qz) * inverse;
  return distance > 1e-6 ? distance : Infinity;
};

/** Whether a ray goes along the outward normal of a triangle, that is, meets it from behind. */
const fromBehind = (t: Triangle, ray: Ray): boolean =>
  (t.ay * t.bz - t.az * t.by) * ray.dx + (t.az * t.bx - t.ax * t.bz) * ray.dy + (t.ax * t.by - t.ay * t.bx) * ray.dz >
  0;

/** Keeps slabs finite: a ray exactly along an axis never leaves a slab of another one. */
const inverted = (value: number): number => 1 / (Math.abs(value) < 1e-12 ? 1e-12 : value);

const toRay = (origin: Vector3, direction: Vector3): Ray => ({
  x: origin[0],
  y: origin[1],
  z: origin[2],
  dx: direction[0],
  dy: direction[1],
  dz: direction[2],
  ix: inverted(direction[0]),
  iy: inverted(direction[1]),
  iz: inverted(direction[2]),
});

/** Answers what a ray meets first among the triangles of a scene: a bounding volume hierarchy. */
export class RayCaster {
  readonly #root: Node;

  constructor(surfaces: readonly Surface[]) {
    this.#root = buildNode(
      surfaces.flatMap(({ maskNumber, patches }) =>
        patches.flatMap((patch) =>
          trianglesOf(patch).map((corners) => toTriangle(corners, patch.isSheet ?? false, maskNumber)),
        ),
      ),
    );
  }

  /** The nearest hit along a unit direction within `limit` metres. */
  nearest(origin: Vector3, direction: Vector3, limit = Infinity): Hit | undefined {
    const ray = toRay(origin, direction);
    const stack: Node[] = [this.#root];
    let best: Triangle | undefined;
    let distance = limit;
    for (let node = stack.pop(); node; node = stack.pop()) {
      for (const triangle of node.triangles) {
        const candidate = meet(triangle, ray);
        if (candidate < distance) {
          best = triangle;
          distance = candidate;
        }
      }
      if (node.left && node.right) {
        const left = enter(node.left, ray, distance);
        const right = enter(node.right, ray, distance);
        const [near, far, nearAt, farAt] =
          left < right ? [node.left, node.right, left, right] : [node.right, node.left, right, left];
        if (farAt < distance) {
          stack.push(far);
        }
        if (nearAt < distance) {
          stack.push(near);
        }
      }
    }
    return best && { distance, fromInside: !best.isSheet && fromBehind(best, ray), maskNumber: best.maskNumber };
  }

  /** Whether anything stands between a place and a distance along a unit direction. */
  blocked(origin: Vector3, direction: Vector3, limit: number): boolean {
    const ray = toRay(origin, direction);
    const stack: Node[] = [this.#root];
    for (let node = stack.pop(); node; node = stack.pop()) {
      for (const triangle of node.triangles) {
        if (meet(triangle, ray) < limit) {
          return true;
        }
      }
      if (node.left && enter(node.left, ray, limit) < limit) {
        stack.push(node.left);
      }
      if (node.right && enter(node.right, ray, limit) < limit) {
        stack.push(node.right);
      }
    }
    return false;
  }
}
