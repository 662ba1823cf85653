import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Daylight, Lamp } from './apartment.ts';
import type { RayCaster } from './rays.ts';
import type { Patch, Vertex } from './shapes.ts';

/** What shines into the rooms, and how finely its shadows are sampled. */
export interface Lighting {
  readonly daylight: readonly Daylight[];
  readonly lamps: readonly Lamp[];
  /** Rays for the light that comes from everywhere; 40 look smooth. */
  readonly ambientRays: number;
}

const ambient: Vector3 = [0.74, 0.71, 0.66];
const sky: Vector3 = [7.4, 7.9, 8.6];
const lampColour: Vector3 = [1.05, 0.9, 0.7];
const sun: Vector3 = [2.9, 2.6, 2.1];
const sunDirection: Vector3 = [-0.6, -0.58, 0.551];

/** Darkening by things nearer than this: contact shadows, corners. */
const ambientReachMetres = 1.5;

/** Farther lights are too faint to be worth a ray. */
const windowReachMetres = 7;
const lampReachMetres = 4;

/** Directions over the unit hemisphere round z, denser where they count more (cosine, Fibonacci spiral). */
const hemisphere = (count: number): Vector3[] =>
  Array.from({ length: count }, (_, i) => {
    const r = Math.sqrt((i + 0.5) / count);
    const angle = i * Math.PI * (3 - Math.sqrt(5));
    return [r * Math.cos(angle), r * Math.sin(angle), Math.sqrt(1 - r * r)];
  });

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const along = (origin: Vector3, direction: Vector3, distance: number): Vector3 => [
  origin[0] + direction[0] * distance,
  origin[1] + direction[1] * distance,
  origin[2] + direction[2] * distance,
];

/** Two unit directions that make a right-handed frame with a normal. */
const frameOf = (n: Vector3): readonly [Vector3, Vector3] => {
  const sign = n[2] >= 0 ? 1 : -1;
  const a = -1 / (sign + n[2]);
  const b = n[0] * n[1] * a;
  return [
    [1 + sign * n[0] * n[0] * a, sign * b, -sign * n[0]],
    [b, sign + n[1] * n[1] * a, -n[1]],
  ];
};

/** Light from one point, if nothing is in between, by its direction, distance and visible share. */
const reaches = (caster: RayCaster, origin: Vector3, normal: Vector3, target: Vector3) => {
  const way: Vector3 = [target[0] - origin[0], target[1] - origin[1], target[2] - origin[2]];
  const distance = Math.hypot(...way);
  const direction: Vector3 = [way[0] / distance, way[1] / distance, way[2] / distance];
  const cosine = dot(direction, normal);
  return cosine > 0 && !caster.blocked(origin, direction, distance) ? { direction, distance, cosine } : undefined;
};

const add = (sum: Vector3, colour: Vector3, amount: number): void => {
  sum[0] += colour[0] * amount;
  sum[1] += colour[1] * amount;
  sum[2] += colour[2] * amount;
};

const directLight = (caster: RayCaster, lighting: Lighting, origin: Vector3, normal: Vector3): Vector3 => {
  const light: Vector3 = [0, 0, 0];
  for (const { center, along: side, inward, halfWidth, halfHeight } of lighting.daylight) {
    const area = 4 * halfWidth * halfHeight;
    const away: Vector3 = [origin[0] - center[0], origin[1] - center[1], origin[2] - center[2]];
    if (dot(away, inward) < 0 || dot(away, away) > windowReachMetres ** 2) {
      continue;
    }
    for (const [u, v] of windowSamples) {
      const target = along(center, side, u * halfWidth);
      target[2] += v * halfHeight;
      const ray = reaches(caster, origin, normal, target);
      const leaving = ray ? -dot(ray.direction, inward) : 0;
      if (ray && leaving > 0) {
        const share = (area * ray.cosine * leaving) / (Math.PI * (ray.distance ** 2 + 0.2));
        add(light, sky, share / windowSamples.length);
      }
    }
  }
  for (const { position, power } of lighting.lamps) {
    if (Math.hypot(position[0] - origin[0], position[1] - origin[1]) > lampReachMetres) {
      continue;
    }
    for (const [dx, dy] of lampSamples) {
      const ray = reaches(caster, origin, normal, [position[0] + dx, position[1] + dy, position[2]]);
      if (ray) {
        add(light, lampColour, (power * ray.cosine) / (0.6 + ray.distance ** 2) / lampSamples.length);
      }
    }
  }
  const height = dot(normal, sunDirection);
  if (height > 0) {
    for (const [dx, dy] of lampSamples) {
      const toSun: Vector3 = [sunDirection[0] + dx * 0.15, sunDirection[1] + dy * 0.15, sunDirection[2]];
      if (!caster.blocked(origin, toSun, 40)) {
        add(light, sun, height / lampSamples.length);
      }
    }
  }
  return light;
};

const windowSamples = [-0.75, -0.25, 0.25, 0.75].flatMap((u) => [-0.5, 0.5].map((v) => [u, v] as const));
const lampSamples = [
  [0.11, 0.03],
  [-0.03, 0.11],
  [-0.11, -0.03],
  [0.03, -0.11],
] as const;

/** Light at one vertex, or nothing when the vertex is inside something solid. */
const lightAt = (
  caster: RayCaster,
  lighting: Lighting,
  directions: readonly Vector3[],
  { position, normal }: Vertex,
): Vector3 | undefined => {
  const origin = along(position, normal, 0.004);
  const [tangent, bitangent] = frameOf(normal);
  let occlusion = 0;
  let inside = 0;
  for (const [x, y, z] of directions) {
    const direction: Vector3 = [
      tangent[0] * x + bitangent[0] * y + normal[0] * z,
      tangent[1] * x + bitangent[1] * y + normal[1] * z,
      tangent[2] * x + bitangent[2] * y + normal[2] * z,
    ];
    const hit = caster.nearest(origin, direction, ambientReachMetres);
    inside += hit?.fromInside ? 1 : 0;
    occlusion += hit ? 1 - hit.distance / ambientReachMetres : 0;
  }
  if (inside > directions.length * 0.35) {
    return undefined;
  }
  const openness = (1 - occlusion / directions.length) ** 1.4;
  const light = directLight(caster, lighting, origin, normal);
  add(light, ambient, (0.12 + 0.88 * openness) * (0.92 + 0.08 * normal[2]));
  return light;
};

/** Gives buried vertices the light of their neighbours in the grid, so that no darkness bleeds out of a corner. */
const fillHoles = ({ columns, rows }: Patch, lights: (Vector3 | undefined)[]): Vector3[] => {
  let current = lights;
  for (let round = 0; round < columns + rows && current.includes(undefined); round += 1) {
    const before = current;
    current = before.map((light, i) => {
      if (light) {
        return light;
      }
      const column = i % columns;
      const neighbours = [
        column > 0 ? before[i - 1] : undefined,
        column + 1 < columns ? before[i + 1] : undefined,
        before[i - columns],
        before[i + columns],
      ].filter((neighbour) => neighbour !== undefined);
      return neighbours.length === 0
        ? undefined
        : ([0, 1, 2].map(
            (channel) =>
              neighbours.reduce((sum, neighbour) => sum + neighbour[channel as 0 | 1 | 2], 0) / neighbours.length,
          ) as Vector3);
    });
  }
  return current.map((light) => light ?? [0.05, 0.05, 0.05]);
};

/**
 * Computes the light that falls on each vertex of a patch, as linear red, green and blue where 1 lights a white wall
 * well: daylight through the windows, sun, lamps, and an even ambient light darkened near other surfaces.
 */
export const bakePatch = (patch: Patch, caster: RayCaster, lighting: Lighting): Vector3[] => {
  const directions = hemisphere(lighting.ambientRays);
  return fillHoles(
    patch,
    patch.vertices.map((vertex) => lightAt(caster, lighting, directions, vertex)),
  );
};
