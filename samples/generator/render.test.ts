import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intrinsicsFor } from './camera.ts';
import { figureAt } from './figure.ts';
import { maskNumbers } from './apartment.ts';
import { layOut } from './layout.ts';
import { RayCaster } from './rays.ts';
import { extentOf, silhouetteOf } from './silhouette.ts';
import { Studio } from './studio.ts';
import type { TruthImage } from './studio.ts';
import { placed, qualities, solidSurfaces } from './surfaces.ts';
import { frameRate, walkThrough } from './walk.ts';

const intrinsics = intrinsicsFor(320, 240);
const apartment = layOut(1);
const walk = walkThrough(apartment.plan);
const inLivingRoom = walk[0]!;
const withPerson = walk.find(({ index }) => {
  const figure = figureAt(apartment.plan, index / frameRate);
  return figure && figure.strideRadians > 6;
})!;

describe('a rendered frame', () => {
  let studio: Studio;
  let truth: TruthImage;
  let colour: Buffer;

  beforeAll(async () => {
    studio = await Studio.open(1, 'draft', intrinsics);
    const request = { worldFromCamera: inLivingRoom.worldFromCamera, seconds: 0, isAfterMove: false };
    truth = await studio.truth(request);
    colour = await studio.colour(request);
  });

  afterAll(async () => {
    await studio.close();
  });

  test('shows every item where its geometry projects', () => {
    let compared = 0;
    for (const item of apartment.items) {
      const whole = silhouetteOf(placed(item)(qualities.draft.itemCell), inLivingRoom.worldFromCamera, intrinsics);
      const seen = extentOf(truth.maskNumbers, intrinsics.width, item.maskNumber);
      if (whole && seen) {
        // Nothing shows outside of its outline,
        expect(seen.left, item.id).toBeGreaterThanOrEqual(whole.left - 1);
        expect(seen.right, item.id).toBeLessThanOrEqual(whole.right + 1);
        expect(seen.top, item.id).toBeGreaterThanOrEqual(whole.top - 1);
        expect(seen.bottom, item.id).toBeLessThanOrEqual(whole.bottom + 1);
        // and what is free shows all of it.
        if (['coffee table', 'mug', 'bowl', 'ottoman'].includes(item.label)) {
          expect(seen.pixels / whole.pixels, item.id).toBeGreaterThan(0.6);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(3);
  });

  test('has the depth that rays measure', () => {
    const caster = new RayCaster([
      ...solidSurfaces(apartment, qualities.draft.itemCell).slice(1),
      { maskNumber: maskNumbers.structure, patches: apartment.structure(qualities.draft.structureCell) },
    ]);
    const pose = inLivingRoom.worldFromCamera;
    let [compared, agreeing] = [0, 0];
    for (let v = 7; v < 240; v += 11) {
      for (let u = 5; u < 320; u += 13) {
        const i = v * intrinsics.width + u;
        if (
          ![maskNumbers.outdoors, maskNumbers.person, apartment.moved.item.maskNumber].includes(truth.maskNumbers[i]!)
        ) {
          const ray = [(u - intrinsics.cx) / intrinsics.fx, (v - intrinsics.cy) / intrinsics.fy, 1];
          const direction = [0, 1, 2].map((row) => ray.reduce((sum, value, k) => sum + value * pose[row * 4 + k]!, 0));
          const length = Math.hypot(...direction);
          const unit = direction.map((value) => value / length) as [number, number, number];
          const hit = caster.nearest([pose[3]!, pose[7]!, pose[11]!], unit);
          const expected = ((hit?.distance ?? 0) / length) * 1000;
          compared += 1;
          agreeing +=
            Math.abs(truth.depthMillimetres[i]! - expected) <= 2 && hit?.maskNumber === truth.maskNumbers[i] ? 1 : 0;
        }
      }
    }
    expect(compared).toBeGreaterThan(300);
    // A ray through the very edge of a thing may fall to either side.
    expect(agreeing / compared).toBeGreaterThan(0.98);
  });

  test('is lit and coloured, in the right way up', () => {
    const mean = (from: number, to: number, channel: number): number => {
      let sum = 0;
      for (let i = from * 320; i < to * 320; i += 1) {
        sum += colour[i * 3 + channel]!;
      }
      return sum / ((to - from) * 320);
    };
    expect(mean(0, 240, 1)).toBeGreaterThan(70);
    expect(mean(0, 240, 1)).toBeLessThan(200);
    // Light wallpaper above, the red rug and the wooden floor below.
    expect(mean(0, 60, 2)).toBeGreaterThan(mean(180, 240, 2) + 20);
  });

  test('moves the mug and the person as time goes on', async () => {
    const mug = apartment.moved.item.maskNumber;
    expect(extentOf(truth.maskNumbers, 320, mug)?.pixels).toBeGreaterThan(20);
    const later = await studio.truth({ worldFromCamera: inLivingRoom.worldFromCamera, seconds: 60, isAfterMove: true });
    expect(extentOf(later.maskNumbers, 320, mug)).toBeUndefined();
    const met = await studio.truth({
      worldFromCamera: withPerson.worldFromCamera,
      seconds: withPerson.index / frameRate,
      isAfterMove: false,
    });
    expect(extentOf(met.maskNumbers, 320, maskNumbers.person)?.pixels).toBeGreaterThan(100);
  });
});
