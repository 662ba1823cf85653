import { describe, expect, it } from 'vitest';
import { cameraPathSchema, projectionRequestSchema, type ProjectionRequest } from '../contract/projection.ts';
import type { FrameRecord } from '../contract/session.ts';
import { cameraPosition, identityPose } from '../geometry/pose.ts';
import { intrinsicsOfSize, posesOf } from './projection-path.ts';

const request = (path: unknown, changes: object = {}): ProjectionRequest =>
  projectionRequestSchema.parse({ sessionId: 'a/b', out: 'out', path, ...changes });

const keyed = (...keyPoses: unknown[]): ProjectionRequest => request({ kind: 'key-poses', version: 1, keyPoses });

const moved = (x: number): number[] => identityPose.map((value, i) => (i === 3 ? x : value));

/** The camera goes a metre a second along x; it was lost between 0.4 and 0.6 s. */
const frames: FrameRecord[] = Array.from({ length: 11 }, (_, i) => ({
  ptsMicros: i * 100_000,
  index: i,
  inliers: 0,
  ...(i === 5 ? { tracking: 'lost' as const } : { tracking: 'tracked' as const, worldFromCamera: moved(i / 10) }),
}));

const placesOf = (asked: ProjectionRequest, starts: readonly number[] = []): number[] => {
  const poses = posesOf(asked, frames, starts);
  return poses.ok ? poses.value.map((pose) => cameraPosition(pose)[0]) : [];
};

describe('a recorded path', () => {
  it('is sampled at the frame rate, across frames in which the camera was lost', () => {
    const places = placesOf(request({ kind: 'recorded' }, { framesPerSecond: 20 }));
    expect(places).toHaveLength(21);
    places.forEach((place, i) => expect(place).toBeCloseTo(i / 20, 6));
  });

  it('is cut to the times that are asked for', () => {
    const places = placesOf(request({ kind: 'recorded', fromSeconds: 0.2, toSeconds: 0.7 }, { framesPerSecond: 10 }));
    expect(places.map((place) => place.toFixed(3))).toEqual(['0.200', '0.300', '0.400', '0.500', '0.600', '0.700']);
  });

  it('begins a loop where a picture was kept, and comes back there', () => {
    const loop = request({ kind: 'recorded', fromSeconds: 0.1 }, { framesPerSecond: 10, closedLoop: true });
    const places = placesOf(loop, [0, 300_000, 900_000]);
    expect(places[0]).toBeCloseTo(0.3, 6);
    expect(places.at(-1)).toBeCloseTo(0.3, 6);
    expect(Math.max(...places)).toBeCloseTo(1, 6);
  });

  it('is refused where the camera was located once at most', () => {
    const nowhere = posesOf(request({ kind: 'recorded', fromSeconds: 0.95, toSeconds: 2 }), frames, []);
    expect(nowhere).toMatchObject({ ok: false, error: { code: 'path-invalid' } });
  });
});

describe('a path of key poses', () => {
  it('is at its key poses at their times', () => {
    const path = keyed(
      { worldFromCamera: moved(0), seconds: 1 },
      { worldFromCamera: moved(3), seconds: 2 },
      { position: [4, 0, 0], lookAt: [4, 0, 1], seconds: 4 },
    );
    const places = placesOf(path);
    expect(places).toHaveLength(91);
    expect([places[0], places[30], places[90]].map((place) => place?.toFixed(6))).toEqual([
      '0.000000',
      '3.000000',
      '4.000000',
    ]);
  });

  it.each([
    ['a matrix that is no pose', moved(0).map((value) => 2 * value), undefined, 'keyPoses[1]'],
    ['a time that goes back', moved(1), 1, 'keyPoses[1]'],
    ['a time that is missing', moved(1), undefined, 'keyPoses[1]'],
    ['a time beyond all sense', moved(1), 1e6, undefined],
  ])('is refused with %s, and told where', (_, worldFromCamera, seconds, place) => {
    const refused = posesOf(keyed({ worldFromCamera: moved(0), seconds: 2 }, { worldFromCamera, seconds }), [], []);
    expect(refused.ok ? undefined : refused.error).toMatchObject({ code: 'path-invalid', ...(place && { place }) });
  });

  it.each([
    ['one pose', [{ worldFromCamera: moved(0) }]],
    ['a number that is none', [{ worldFromCamera: moved(NaN) }, { worldFromCamera: moved(0) }]],
    ['an infinite one', [{ position: [0, 0, Infinity], lookAt: [0, 1, 0] }, { worldFromCamera: moved(0) }]],
    ['a pose of twelve numbers', [{ worldFromCamera: moved(0).slice(0, 12) }, { worldFromCamera: moved(0) }]],
    ['a pose written in two ways', [{ worldFromCamera: moved(0), position: [0, 0, 0] }, { worldFromCamera: moved(0) }]],
  ])('is no path with %s', (_, keyPoses) => {
    expect(cameraPathSchema.safeParse({ version: 1, keyPoses }).success).toBe(false);
  });
});

describe('a camera of another size', () => {
  const camera = { fx: 500, fy: 510, cx: 330, cy: 250, width: 640, height: 480 };

  it('sees as wide', () => {
    const half = intrinsicsOfSize(camera, { width: 320, height: 240 });
    const [left, right] = [half.cx / half.fx, (half.width - half.cx) / half.fx];
    expect(left + 0.5 / half.fx).toBeCloseTo((camera.cx + 0.5) / camera.fx, 9);
    expect(right - 0.5 / half.fx).toBeCloseTo((camera.width - camera.cx - 0.5) / camera.fx, 9);
    expect(half.fx / half.fy).toBeCloseTo(camera.fx / camera.fy, 9);
  });

  it('sees less above and below when it is flatter', () => {
    const flat = intrinsicsOfSize(camera, { width: 640, height: 360 });
    expect(flat).toMatchObject({ fx: 500, fy: 510, cx: 330 });
    expect(flat.cy).toBeCloseTo(250 - 60, 9);
  });
});
