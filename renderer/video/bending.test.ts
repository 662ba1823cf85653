import { expect, it } from 'vitest';
import type { Session } from '../../app/contract/session.ts';
import { aSession } from '../../test/fixtures/stored-session.ts';
import { bendLine, bendOf, bendRectangle } from './bending.ts';

const size = { width: 640, height: 480 };
const session: Session = {
  ...aSession('room', 'walk'),
  ...size,
  intrinsics: { fx: 250, fy: 250, cx: 320, cy: 240, ...size },
  lens: {
    intrinsics: { fx: 300, fy: 300, cx: 320, cy: 240, ...size },
    // An ideal fisheye: the distance from the middle is the angle times the focal length.
    distortion: { model: 'kannala-brandt', k1: 0, k2: 0, k3: 0, k4: 0 },
  },
};

it('finds the pixel of the recording that a ray of the rectified frame was seen at', () => {
  const bend = bendOf(session)!;
  expect(bend([320, 240])).toEqual([320, 240]);
  // 45° to the right.
  expect(bend([320 + 250, 240])![0]).toBeCloseTo(320 + (300 * Math.PI) / 4);
});

it('draws a straight line curved, and a box round what is inside it', () => {
  const bend = bendOf(session)!;
  const line = bendLine(bend, [0, 0], [640, 0]);
  // The edge of the picture bulges outwards in its middle.
  expect(line[6]![1]).toBeLessThan(line[0]![1]);
  const [left, top, width, height] = bendRectangle(bend, [0, 0, 640, 480]);
  expect(top).toBeCloseTo(line[6]![1]);
  expect(left + width / 2).toBeCloseTo(320);
  expect(top + height / 2).toBeCloseTo(240);
});

it('leaves the frames of a pinhole as they are', () => {
  const { lens: _, ...plain } = session;
  expect(bendOf(plain)).toBeUndefined();
  expect(bendRectangle(undefined, [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
});

it('shows nothing where the polynomial has left the lens behind', () => {
  const distortion = { model: 'brown-conrady', k1: -0.3, k2: 0, p1: 0, p2: 0, k3: 0, k4: 0, k5: 0, k6: 0 } as const;
  expect(bendOf({ ...session, lens: { ...session.lens!, distortion } })!([5000, 240])).toBeUndefined();
});
