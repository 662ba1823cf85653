import { describe, expect, it } from 'vitest';
import { lookFrom, renderRoom, roomIntrinsics, walkFrame } from '../../test/fixtures/textured-room.ts';
import type { DepthImage } from '../media/frame.ts';
import { ViewDepth, type EstimatedView } from './view-depth.ts';

/** Every third frame of the walk: 10 cm apart. */
const views = Array.from({ length: 9 }, (_, i) => walkFrame(3 * i));

const estimate = async (frames: typeof views): Promise<EstimatedView[]> => {
  using estimator = ViewDepth.create({ intrinsics: roomIntrinsics });
  const answers: EstimatedView[] = [];
  for (const { ptsMicros, image, recordedPose } of frames) {
    answers.push(...(await estimator.add(ptsMicros, image, recordedPose)));
  }
  return [...answers, ...(await estimator.finish())];
};

/** Shares of pixels that have depth, and of those that are within 3 % of the rendered depth. */
const compare = ({ depth }: EstimatedView, truth: DepthImage): { filled: number; right: number } => {
  let filled = 0;
  let right = 0;
  depth.data.forEach((value, i) => {
    const metres = value * depth.metresPerUnit;
    const wanted = (truth.data[i] ?? 0) * truth.metresPerUnit;
    filled += value > 0 ? 1 : 0;
    right += value > 0 && Math.abs(metres - wanted) < 0.03 * wanted ? 1 : 0;
  });
  return { filled: filled / depth.data.length, right: right / filled };
};

describe('ViewDepth', () => {
  it('finds the depth of a room from pictures and poses', async () => {
    const answers = await estimate(views);
    expect(answers.map(({ ptsMicros }) => ptsMicros)).toEqual(views.map(({ ptsMicros }) => ptsMicros));
    for (const [i, answer] of answers.entries()) {
      const { filled, right } = compare(answer, views[i]!.depth);
      expect(filled, `view ${i}`).toBeGreaterThan(0.4);
      expect(right, `view ${i}`).toBeGreaterThan(0.93);
    }
  });

  it('has a confidence wherever there is depth, and only there', async () => {
    for (const { depth, confidence } of await estimate(views)) {
      expect(confidence.data.every((value, i) => value > 0 === depth.data[i]! > 0)).toBe(true);
    }
  });

  it('waits for later views, and says nothing of views without company', async () => {
    using estimator = ViewDepth.create({ intrinsics: roomIntrinsics });
    const { ptsMicros, image, recordedPose } = views[0]!;
    expect(await estimator.add(ptsMicros, image, recordedPose)).toEqual([]);
    expect(await estimator.finish()).toEqual([]);
  });

  it('leaves out a camera that stands still', async () => {
    const pose = lookFrom([0, -1.5, 0], 0, 0.2);
    const { image } = renderRoom(pose);
    const standing = Array.from({ length: 8 }, (_, i) => ({ ...views[0]!, ptsMicros: i, image, recordedPose: pose }));
    expect(await estimate(standing)).toEqual([]);
  });

  it('refuses work when closed', async () => {
    const estimator = ViewDepth.create({ intrinsics: roomIntrinsics });
    estimator.close();
    await expect(estimator.finish()).rejects.toThrow('closed');
  });
});
