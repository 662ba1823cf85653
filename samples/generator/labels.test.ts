import { describe, expect, test } from 'vitest';
import { labelDocumentSchema } from '../../app/contract/scene.ts';
import { intrinsicsFor, project } from './camera.ts';
import { isAfterMove, labelsFrom, sightingsIn } from './labels.ts';
import { layOut } from './layout.ts';
import { createRandom } from './random.ts';
import { RayCaster } from './rays.ts';
import { extentOf, silhouetteOf } from './silhouette.ts';
import { box } from './shapes.ts';
import { placed, solidSurfaces } from './surfaces.ts';
import { poseFrom, walkThrough } from './walk.ts';

describe('a silhouette', () => {
  const intrinsics = intrinsicsFor(640, 480);

  test('of a box straight ahead is the rectangle of its front face', () => {
    // Given a camera that looks along +x at a front face 0.6 m wide and 0.4 m high, 2 m away
    const pose = poseFrom([-2.5, 0, 0.2], 0, 0, 0);
    const silhouette = silhouetteOf(box([1, 0.6, 0.4], 'wood/oak')(0.1), pose, intrinsics);
    const [halfWidth, halfHeight] = [(460 * 0.3) / 2, (460 * 0.2) / 2];
    expect(silhouette).toEqual({
      left: Math.ceil(319.5 - halfWidth),
      right: Math.floor(319.5 + halfWidth),
      top: Math.ceil(239.5 - halfHeight),
      bottom: Math.floor(239.5 + halfHeight),
      pixels: 138 * 92,
    });
  });

  test('does not exist for what the picture cuts off or what is behind', () => {
    expect(
      silhouetteOf(box([1, 6, 0.4], 'wood/oak')(1), poseFrom([-2.5, 0, 0.2], 0, 0, 0), intrinsics),
    ).toBeUndefined();
    expect(silhouetteOf(box([1, 1, 1], 'wood/oak')(1), poseFrom([2.5, 0, 0.2], 0, 0, 0), intrinsics)).toBeUndefined();
  });
});

describe('labels made from masks', () => {
  // Given masks of a few frames, traced with rays instead of rendered, at a quarter of the size
  const apartment = layOut(1);
  const walk = walkThrough(apartment.plan);
  const intrinsics = intrinsicsFor(160, 120);
  const caster = new RayCaster(solidSurfaces(apartment, 0.3));
  const frames = walk.filter(({ index }) => index < 330 && index % 30 === 0);
  const maskOf = (pose: readonly number[]): Uint8Array => {
    const mask = new Uint8Array(160 * 120);
    for (let i = 0; i < mask.length; i += 1) {
      const ray = [
        ((i % 160) - intrinsics.cx) / intrinsics.fx,
        (Math.floor(i / 160) - intrinsics.cy) / intrinsics.fy,
        1,
      ];
      const direction = [0, 1, 2].map((row) => ray.reduce((sum, value, k) => sum + value * pose[row * 4 + k]!, 0));
      const length = Math.hypot(...direction);
      const unit = direction.map((value) => value / length) as [number, number, number];
      mask[i] = caster.nearest([pose[3]!, pose[7]!, pose[11]!], unit)?.maskNumber ?? 0;
    }
    return mask;
  };
  const sightings = frames.flatMap((frame) =>
    sightingsIn(apartment, frame, isAfterMove(walk, frame), maskOf(frame.worldFromCamera), intrinsics),
  );
  const labels = labelsFrom(apartment, sightings, createRandom(1, 'labels'));

  test('are a label document with three to five boxes for each thing', () => {
    const document = labelDocumentSchema.parse(labels);
    const boxes = document.frames.flatMap((frame) => frame.boxes);
    const counts = Map.groupBy(boxes, ({ label, instance }) => instance ?? label);
    expect(counts.size).toBeGreaterThanOrEqual(3);
    for (const [name, { length }] of counts) {
      expect(length, name).toBeGreaterThanOrEqual(3);
      expect(length, name).toBeLessThanOrEqual(5);
    }
  });

  test('fit the projected outline of the thing within the hand’s tremble', () => {
    for (const { ptsMicros, boxes } of labels.frames) {
      const frame = frames.find((candidate) => candidate.ptsMicros === ptsMicros)!;
      for (const { label, instance, box: rectangle } of boxes) {
        const item = apartment.items.find((candidate) =>
          instance ? candidate.id === instance : candidate.label === label,
        )!;
        const corners = placed(item)(0.3)
          .flatMap(({ vertices }) => vertices)
          .map(({ position }) => project(position, frame.worldFromCamera, intrinsics));
        const [left, right] = [Math.min(...corners.map(({ u }) => u)), Math.max(...corners.map(({ u }) => u))];
        expect(rectangle[0]).toBeGreaterThan(left - 3.5);
        expect(rectangle[0] + rectangle[2]).toBeLessThan(right + 4.5);
        // Up to 30 % may be hidden, so a box may be narrower than its outline, but not much.
        expect(rectangle[2]).toBeGreaterThan(0.6 * (right - left) - 5);
      }
    }
  });

  test('leave out what is hidden, cut off, or no thing to label', () => {
    const labelled = new Set(sightings.map(({ item }) => item.label));
    expect(labelled.has('door')).toBe(false);
    expect(sightings.every(({ visibleShare }) => visibleShare >= 0.7)).toBe(true);
    const mask = maskOf(frames[0]!.worldFromCamera);
    const cut = apartment.items.filter(({ maskNumber }) => {
      const extent = extentOf(mask, 160, maskNumber);
      return extent && (extent.left === 0 || extent.right === 159 || extent.top === 0 || extent.bottom === 119);
    });
    expect(cut.length).toBeGreaterThan(0);
    const inFirst = sightings.filter(({ frame }) => frame.index === 0).map(({ item }) => item);
    expect(inFirst.filter((item) => cut.includes(item))).toEqual([]);
  });
});
