import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Apartment, Item } from './apartment.ts';
import { maskNumbers } from './apartment.ts';
import { bakePatch } from './bake.ts';
import { figureHeight, limbs } from './figure.ts';
import { hashText } from './random.ts';
import { RayCaster, triangleIndices } from './rays.ts';
import type { Surface } from './rays.ts';
import { at } from './shapes.ts';
import type { Patch, Shape } from './shapes.ts';

/** How finely the apartment is drawn and lit. `draft` is for tests: coarse, and shaded by direction alone. */
export type Quality = 'fine' | 'draft';

/** The detail of each quality: longest cell of building and of items in metres, and rays for even light (0: none). */
export const qualities = {
  fine: { structureCell: 0.17, itemCell: 0.16, ambientRays: 40 },
  draft: { structureCell: 0.7, itemCell: 0.6, ambientRays: 0 },
} as const;

/** Triangles of one material with baked light, ready for the graphics card. Coordinates are the world's. */
export interface Batch {
  readonly material: string;
  /** What moves them: nothing, the moved item before or after, or a limb of the figure by number. */
  readonly carrier: 'still' | 'before' | 'after' | number;
  readonly positions: number[];
  readonly uvs: number[];
  readonly lights: number[];
  readonly maskNumbers: number[];
  readonly indices: number[];
}

/** An item's shape at its place in the world. */
export const placed = (item: Item, where: { readonly position: Vector3; readonly yaw: number } = item): Shape =>
  at(item.piece.shape, ...where.position, where.yaw);

/** Everything solid that stands still throughout, coarse: what light and sight stop at. */
export const solidSurfaces = (apartment: Apartment, cellMetres = Infinity): Surface[] => [
  { maskNumber: maskNumbers.structure, patches: apartment.structure(cellMetres) },
  ...apartment.items
    .filter((item) => item !== apartment.moved.item)
    .map((item) => ({ maskNumber: item.maskNumber, patches: placed(item)(cellMetres) })),
];

/** Materials that shine by themselves, with the light they give off in place of baked light. */
const glow = (material: string): Vector3 | undefined => {
  if (material.startsWith('outdoors/')) {
    return [1.7, 1.75, 1.8];
  }
  if (material.startsWith('shade/')) {
    return [1.75, 1.5, 1.15];
  }
  return material.startsWith('screen/') ? [0.95, 0.97, 1] : undefined;
};

/** Texture coordinates that are whole pictures start at their corner; others start anywhere, so that no two boards match. */
const offsetOf = (patch: Patch, key: string): readonly [number, number] => {
  const isPicture = patch.vertices.every(({ uv }) => uv[0] >= 0 && uv[0] <= 1 && uv[1] >= 0 && uv[1] <= 1);
  const hash = hashText(key);
  return isPicture ? [0, 0] : [(hash % 1000) / 300, (Math.floor(hash / 1000) % 1000) / 300];
};

/** Collects patches into batches by material, carrier and part of the apartment, so that unseen ones can be skipped. */
class Batches {
  readonly #batches = new Map<string, Batch>();

  add(patch: Patch, lights: readonly Vector3[], maskNumber: number, carrier: Batch['carrier'], part: string): void {
    const key = `${patch.material}|${carrier}|${part}`;
    const batch: Batch = this.#batches.get(key) ?? {
      material: patch.material,
      carrier,
      positions: [],
      uvs: [],
      lights: [],
      maskNumbers: [],
      indices: [],
    };
    this.#batches.set(key, batch);
    const first = batch.maskNumbers.length;
    const offset = offsetOf(patch, `${maskNumber}/${first}`);
    patch.vertices.forEach((vertex, i) => {
      batch.positions.push(...vertex.position);
      batch.uvs.push(vertex.uv[0] + offset[0], vertex.uv[1] + offset[1]);
      batch.lights.push(...(lights[i] ?? [1, 1, 1]));
      batch.maskNumbers.push(maskNumber);
    });
    for (const triangle of triangleIndices(patch.columns, patch.rows)) {
      batch.indices.push(...triangle.map((index) => first + index));
    }
  }

  get all(): Batch[] {
    return [...this.#batches.values()];
  }
}

/** Light by direction alone, for what moves, since nothing can be baked for it. */
const plainLight = (patch: Patch): Vector3[] =>
  patch.vertices.map(({ normal, position }) => {
    const level = 0.62 + 0.26 * normal[2] + 0.1 * normal[0] + 0.12 * (position[2] / figureHeight);
    return [level * 1.05, level, level * 0.94];
  });

/** Builds and lights everything there is to draw. Takes tens of seconds when fine. */
export const buildBatches = (apartment: Apartment, quality: Quality): Batch[] => {
  const { structureCell, itemCell, ambientRays } = qualities[quality];
  const caster = new RayCaster(solidSurfaces(apartment));
  const lighting = { daylight: apartment.daylight, lamps: apartment.lamps, ambientRays };
  const lit = (patch: Patch): Vector3[] => (ambientRays === 0 ? plainLight(patch) : bakePatch(patch, caster, lighting));
  const batches = new Batches();
  const addLit = (patches: readonly Patch[], maskNumber: number, carrier: Batch['carrier'], part: string): void => {
    for (const patch of patches) {
      const shine = glow(patch.material);
      const lights = shine ? patch.vertices.map(() => shine) : lit(patch);
      batches.add(patch, lights, maskNumber, carrier, part);
    }
  };
  addLit(apartment.outdoors(Infinity), maskNumbers.outdoors, 'still', 'outdoors');
  for (const patch of apartment.structure(structureCell)) {
    const [x = 0, y = 0] = patch.vertices[Math.floor(patch.vertices.length / 2)]?.position ?? [];
    addLit([patch], maskNumbers.structure, 'still', `structure ${Math.floor(x / 3)} ${Math.floor(y / 3)}`);
  }
  const { moved } = apartment;
  for (const item of apartment.items) {
    if (item === moved.item) {
      addLit(placed(item)(itemCell), item.maskNumber, 'before', 'moved');
      addLit(placed(item, moved.after)(itemCell), item.maskNumber, 'after', 'moved');
    } else {
      addLit(placed(item)(itemCell), item.maskNumber, 'still', item.room);
    }
  }
  limbs.forEach(({ shape }, i) => {
    for (const patch of shape(itemCell)) {
      batches.add(patch, plainLight(patch), maskNumbers.person, i, 'figure');
    }
  });
  return batches.all;
};
