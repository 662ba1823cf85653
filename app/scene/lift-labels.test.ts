import { describe, expect, it } from 'vitest';
import type { Intrinsics, OrientedBox, Pose, Rectangle, Vector3 } from '../contract/geometry.ts';
import type { LabelDocument, Observation, SceneObject } from '../contract/scene.ts';
import type { DepthImage } from '../media/frame.ts';
import { boxIou } from './box-overlap.ts';
import type { FrameView, LabelledSession } from './labelled-session.ts';
import { liftLabels, type LiftResult } from './lift-labels.ts';

/** A room that is ray-traced here, by other means than the product's, so that boxes, depth and poses are exact. */
interface Thing extends OrientedBox {
  readonly name: string;
}

const intrinsics: Intrinsics = { fx: 280, fy: 280, cx: 159.5, cy: 119.5, width: 320, height: 240 };

const thing = (name: string, center: Vector3, axesLengths: Vector3, degrees = 0): Thing => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { name, center, axesLengths, axes: [c, s, 0, -s, c, 0, 0, 0, 1] };
};

const shell = [
  thing('floor', [0, 0, -0.05], [8, 8, 0.1]),
  thing('wall', [0, 3.05, 1.3], [8, 0.1, 2.6]),
  thing('wall', [3.55, 0, 1.3], [0.1, 8, 2.6]),
];
const table = thing('table', [1, 1, 0.36], [1.4, 0.8, 0.72], 20);
const mug = thing('mug', [0.8, 0.95, 0.78], [0.12, 0.12, 0.12]);
const otherMug = thing('mug', [1.25, 1.05, 0.78], [0.12, 0.12, 0.12]);
const nearChair = thing('chair', [0.75, 0.15, 0.45], [0.45, 0.45, 0.9], 20);
const farChair = thing('chair', [1.5, 0.4, 0.45], [0.45, 0.45, 0.9], 20);
const picture = thing('picture', [-0.6, 2.98, 1.4], [0.8, 0.03, 0.6]);
const sofa = thing('sofa', [-1.4, 2.5, 0.4], [1.8, 0.85, 0.8]);

/** `worldFromCamera` of a level camera at `from` that looks at `to`. */
const looking = (from: Vector3, to: Vector3): Pose => {
  const unit = (v: number[]): number[] => v.map((x) => x / Math.hypot(...v));
  const forward = unit([to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const right = unit([forward[1]!, -forward[0]!, 0]);
  const down = [
    forward[1]! * right[2]! - forward[2]! * right[1]!,
    forward[2]! * right[0]! - forward[0]! * right[2]!,
    forward[0]! * right[1]! - forward[1]! * right[0]!,
  ];
  const row = (i: 0 | 1 | 2): number[] => [right[i]!, down[i]!, forward[i]!, from[i]];
  return [...row(0), ...row(1), ...row(2), 0, 0, 0, 1];
};

interface Picture {
  readonly view: FrameView & { readonly depth: DepthImage };
  /** What a careful annotator would draw: the visible extent of each thing, by its place in the list. */
  readonly boxes: ReadonlyMap<Thing, Rectangle>;
}

const render = (things: readonly Thing[], pose: Pose): Picture => {
  const { width, height, fx, fy, cx, cy } = intrinsics;
  const data = new Uint16Array(width * height);
  const extents = new Map<Thing, number[]>();
  const eye = [pose[3]!, pose[7]!, pose[11]!];
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const [x, y] = [(u - cx) / fx, (v - cy) / fy];
      const ray = [0, 1, 2].map((i) => pose[4 * i]! * x + pose[4 * i + 1]! * y + pose[4 * i + 2]!);
      let nearest = Infinity;
      let hit: Thing | undefined;
      for (const each of things) {
        let enter = 0;
        let leave = Infinity;
        for (let i = 0; i < 3; i++) {
          const [ax, ay, az] = each.axes.slice(3 * i, 3 * i + 3) as Vector3;
          const along = ax * ray[0]! + ay * ray[1]! + az * ray[2]!;
          const start =
            ax * (eye[0]! - each.center[0]) + ay * (eye[1]! - each.center[1]) + az * (eye[2]! - each.center[2]);
          const half = each.axesLengths[i]! / 2;
          const [t1, t2] = [(-half - start) / along, (half - start) / along];
          enter = Math.max(enter, Math.min(t1, t2));
          leave = Math.min(leave, Math.max(t1, t2));
        }
        if (enter <= leave && enter < nearest) {
          nearest = enter;
          hit = each;
        }
      }
      // A ray with z = 1 in the camera meets the surface at its depth; half a percent of noise, the same every time.
      const noise = 1 + 0.005 * Math.sin(12.9898 * u + 78.233 * v);
      data[v * width + u] = nearest < 60 ? Math.round(nearest * noise * 1000) : 0;
      if (hit) {
        const [left = u, top = v, right = u, bottom = v] = extents.get(hit) ?? [];
        extents.set(hit, [Math.min(left, u), Math.min(top, v), Math.max(right, u), Math.max(bottom, v)]);
      }
    }
  }
  const boxes = new Map(
    [...extents].map(([each, [left, top, right, bottom]]) => [
      each,
      [left!, top!, right! - left! + 1, bottom! - top! + 1] as Rectangle,
    ]),
  );
  return { view: { worldFromCamera: pose, depth: { width, height, data, metresPerUnit: 0.001 } }, boxes };
};

const everything = [...shell, table, mug, otherMug, nearChair, farChair, picture, sofa];
const poses = [
  looking([-0.6, -1.6, 1.5], [0.9, 0.8, 0.6]),
  looking([0.9, -1.9, 1.4], [0.9, 0.8, 0.6]),
  looking([2.6, -1.2, 1.6], [0.9, 0.8, 0.6]),
  looking([-1.2, 0.2, 1.5], [0.9, 0.9, 0.6]),
  looking([-0.3, -0.6, 1.5], [-1.0, 2.6, 0.8]),
  looking([-2.4, 0.2, 1.5], [-0.9, 2.6, 0.8]),
];
const pictures = poses.map((pose) => render(everything, pose));
const second = 1_000_000;

const sessionOf = (views: readonly FrameView[], more: Partial<LabelledSession> = {}): LabelledSession => ({
  id: 'home/monday',
  environment: 'home',
  scale: 'metric',
  intrinsics,
  frame: (ptsMicros) => Promise.resolve(views[ptsMicros / second]),
  ...more,
});

const document = (
  frames: readonly { readonly at: number; readonly things: readonly (readonly [Thing, string?])[] }[],
  from: readonly Picture[] = pictures,
): LabelDocument => ({
  version: 1,
  annotator: 'person',
  frames: frames.map(({ at, things }) => ({
    ptsMicros: at * second,
    boxes: things.map(([each, instance]) => ({
      label: each.name,
      box: from[at]!.boxes.get(each)!,
      ...(instance === undefined ? {} : { instance }),
    })),
  })),
});

const lift = (
  labels: LabelDocument,
  session: LabelledSession,
  before: { objects?: readonly SceneObject[]; observations?: readonly Observation[] } = {},
): Promise<LiftResult> =>
  liftLabels({ document: labels, session, objects: before.objects ?? [], observations: before.observations ?? [] });

const offBy = (object: OrientedBox, truth: OrientedBox): number =>
  Math.hypot(...object.center.map((value, i) => value - truth.center[i]!));

/** The object of a label nearest to where a thing is. */
const nearest = ({ objects }: LiftResult, truth: Thing): SceneObject =>
  objects.filter(({ label }) => label === truth.name).sort((a, b) => offBy(a, truth) - offBy(b, truth))[0]!;

const dining = [0, 1, 2, 3].map((at) => ({
  at,
  things: [[table], [mug], [otherMug], [nearChair], [farChair]] as [Thing][],
}));
const lounge = [4, 5].map((at) => ({ at, things: [[picture], [sofa]] as [Thing][] }));

describe('lifting labels with depth', () => {
  it('finds each thing where it is, and things of one name that stand apart as several', async () => {
    const result = await lift(document([...dining, ...lounge]), sessionOf(pictures.map(({ view }) => view)));
    expect(result.objects.map(({ id }) => id).sort()).toEqual([
      'chair-1',
      'chair-2',
      'mug-1',
      'mug-2',
      'picture-1',
      'sofa-1',
      'table-1',
    ]);
    expect(result.report).toMatchObject({ observations: 24, objectsCreated: 7, objectsUpdated: 0, unplaced: [] });
    for (const [truth, centre, overlap] of [
      [table, 0.1, 0.7],
      [mug, 0.03, 0.4],
      [otherMug, 0.03, 0.4],
      [nearChair, 0.08, 0.6],
      [farChair, 0.1, 0.5],
      [sofa, 0.15, 0.5],
      [picture, 0.05, 0],
    ] as const) {
      const found = nearest(result, truth);
      expect.soft(offBy(found, truth), truth.name).toBeLessThan(centre);
      expect.soft(boxIou(found, truth), truth.name).toBeGreaterThanOrEqual(overlap);
    }
  });

  it('keeps who said so, when it was seen, and the frames that show it', async () => {
    const result = await lift(document(dining), sessionOf(pictures.map(({ view }) => view)));
    const found = nearest(result, mug);
    expect(found).toMatchObject({
      environment: 'home',
      source: 'person',
      scale: 'metric',
      observations: 4,
      firstSeen: { sessionId: 'home/monday', ptsMicros: 0 },
      lastSeen: { sessionId: 'home/monday', ptsMicros: 3 * second },
    });
    expect(found.evidence).toHaveLength(4);
    const own = result.observations.filter(({ objectId }) => objectId === found.id);
    expect(own.map(({ ptsMicros }) => ptsMicros)).toEqual([0, 1, 2, 3].map((at) => at * second));
  });

  it('trusts a thing more the more frames show it', async () => {
    const views = pictures.map(({ view }) => view);
    const [once, often] = await Promise.all([
      lift(document(dining.slice(0, 1)), sessionOf(views)),
      lift(document(dining), sessionOf(views)),
    ]);
    expect(nearest(once, table).confidence).toBeLessThan(nearest(often, table).confidence);
  });

  it('changes nothing when the same labels come again, and adds to objects when more come', async () => {
    const session = sessionOf(pictures.map(({ view }) => view));
    const first = await lift(document(dining.slice(0, 2)), session);
    const again = await lift(document(dining.slice(0, 2)), session, first);
    expect(again.objects).toEqual([]);
    expect(again.removedIds).toEqual([]);
    expect(again.report).toMatchObject({ objectsCreated: 0, objectsUpdated: 0 });
    expect(again.observations).toEqual(first.observations);

    const more = await lift(document(dining.slice(2)), session, first);
    expect(more.report).toMatchObject({ objectsCreated: 0, objectsUpdated: 5 });
    expect(nearest(more, mug)).toMatchObject({ id: nearest(first, mug).id, observations: 4 });
    const together = await lift(document(dining), session);
    expect(nearest(more, mug).center).toEqual(nearest(together, mug).center);
  });

  it('lets a corrected box replace the one before, and drops what no box shows any more', async () => {
    const session = sessionOf(pictures.map(({ view }) => view));
    const first = await lift(document([{ at: 0, things: [[mug]] }]), session);
    const corrected = await lift(
      document([
        { at: 0, things: [[sofa]] },
        { at: 0, things: [[otherMug]] },
      ]),
      session,
      first,
    );
    expect(first.objects.map(({ id }) => id)).toEqual(['mug-1']);
    expect(corrected.removedIds).toEqual(['mug-1']);
    expect(offBy(nearest(corrected, otherMug), otherMug)).toBeLessThan(0.05);
    expect(corrected.observations.map(({ id }) => id)).toContain(first.observations[0]!.id);
  });

  it('says why a box could not be placed', async () => {
    const views: (FrameView | undefined)[] = [pictures[0]!.view, { depth: pictures[1]!.view.depth }];
    const labels = document([
      { at: 1, things: [[mug]] },
      { at: 0, things: [[mug]] },
    ]);
    labels.frames.push({ ptsMicros: 77, boxes: [{ label: 'mug', box: [1, 1, 5, 5] }] });
    labels.frames[1]!.boxes.push({ label: 'ghost', box: [400, 20, 30, 30] });
    const { report, objects } = await lift(labels, sessionOf(views as FrameView[]));
    expect(objects.map(({ id }) => id)).toEqual(['mug-1']);
    expect(report.unplaced).toEqual([
      { ptsMicros: 0, label: 'ghost', reason: 'the box lies outside the picture' },
      { ptsMicros: 77, label: 'mug', reason: 'the session has no frame at 77 µs' },
      { ptsMicros: second, label: 'mug', reason: 'the camera was not located at this frame' },
    ]);
  });

  it('uses the depth camera of a sensor whose two cameras differ', async () => {
    // The same pictures as a depth camera of half the resolution and another principal point would have taken them.
    const half = pictures.slice(0, 4).map(({ view }) => {
      const [width, height] = [160, 120];
      const data = new Uint16Array(width * height);
      for (let v = 0; v < height; v++) {
        for (let u = 0; u < width; u++) data[v * width + u] = view.depth.data[2 * v * 320 + 2 * u]!;
      }
      return { ...view, depth: { width, height, data, metresPerUnit: 0.001 } };
    });
    const depthIntrinsics: Intrinsics = { fx: 140, fy: 140, cx: 79.75, cy: 59.75, width: 160, height: 120 };
    const result = await lift(document(dining), sessionOf(half, { depthIntrinsics }));
    expect(offBy(nearest(result, mug), mug)).toBeLessThan(0.04);
    expect(offBy(nearest(result, table), table)).toBeLessThan(0.1);
  });
});

describe('a thing that moved', () => {
  const later = thing('mug', [-1.4, 2.4, 0.86], [0.12, 0.12, 0.12]);
  const moved = [...shell, table, nearChair, farChair, picture, sofa, later];
  const shots = [...pictures.slice(0, 4), ...poses.slice(4).map((pose) => render(moved, pose))];
  const labels = document(
    [
      { at: 0, things: [[mug, 'red']] },
      { at: 2, things: [[mug, 'red']] },
      { at: 4, things: [[later, 'red']] },
      { at: 5, things: [[later, 'red']] },
    ],
    shots,
  );
  const session = sessionOf(shots.map(({ view }) => view));

  it('is where it was seen last, and its earlier place is kept', async () => {
    const result = await lift(labels, session);
    expect(result.objects.map(({ id }) => id)).toEqual(['mug-red']);
    expect(offBy(result.objects[0]!, later)).toBeLessThan(0.05);
    expect(result.objects[0]).toMatchObject({
      firstSeen: { ptsMicros: 0 },
      lastSeen: { ptsMicros: 5 * second },
    });
    expect(result.superseded).toHaveLength(1);
    expect(result.superseded[0]).toMatchObject({ id: 'mug-red', lastSeen: { ptsMicros: 2 * second } });
    expect(offBy(result.superseded[0]!, mug)).toBeLessThan(0.05);
    const again = await lift(labels, session, result);
    expect([again.objects, again.superseded]).toEqual([[], []]);
  });

  it('is two things when no instance says that it is one', async () => {
    const without = structuredClone(labels);
    without.frames.forEach(({ boxes }) => boxes.forEach((box) => delete box.instance));
    const result = await lift(without, session);
    expect(result.objects.map(({ id }) => id)).toEqual(['mug-1', 'mug-2']);
  });
});

describe('lifting labels without depth images', () => {
  const withoutDepth = poses.map((worldFromCamera): FrameView => ({ worldFromCamera }));

  it('uses the points of the map', async () => {
    const positions: number[] = [];
    pictures.forEach(({ view }) => {
      const pose = view.worldFromCamera!;
      for (let v = 0; v < 240; v += 2) {
        for (let u = 0; u < 320; u += 2) {
          const z = view.depth.data[v * 320 + u]! / 1000;
          const [x, y] = [((u - intrinsics.cx) / intrinsics.fx) * z, ((v - intrinsics.cy) / intrinsics.fy) * z];
          if (z > 0) {
            for (let i = 0; i < 3; i++) {
              positions.push(pose[4 * i]! * x + pose[4 * i + 1]! * y + pose[4 * i + 2]! * z + pose[4 * i + 3]!);
            }
          }
        }
      }
    });
    const points = { positions: Float32Array.from(positions), colours: new Uint8Array(positions.length) };
    const result = await lift(document([...dining, ...lounge]), sessionOf(withoutDepth, { points }));
    expect(result.report.unplaced).toEqual([]);
    expect(result.objects).toHaveLength(7);
    expect(offBy(nearest(result, table), table)).toBeLessThan(0.12);
    expect(offBy(nearest(result, nearChair), nearChair)).toBeLessThan(0.12);
    expect(offBy(nearest(result, sofa), sofa)).toBeLessThan(0.25);
    expect(offBy(nearest(result, mug), mug)).toBeLessThan(0.08);
  });

  it('triangulates over frames, tells two of a name apart, and says what one frame cannot place', async () => {
    const labels = document([...dining, { at: 4, things: [[sofa]] }]);
    const result = await lift(labels, sessionOf(withoutDepth));
    expect(result.objects.map(({ id }) => id).sort()).toEqual(['chair-1', 'chair-2', 'mug-1', 'mug-2', 'table-1']);
    for (const truth of [mug, otherMug]) {
      expect(offBy(nearest(result, truth), truth)).toBeLessThan(0.05);
      expect(nearest(result, truth).axesLengths[2]).toBeGreaterThan(0.08);
      expect(nearest(result, truth).axesLengths[2]).toBeLessThan(0.2);
    }
    expect(offBy(nearest(result, table), table)).toBeLessThan(0.25);
    expect(result.report.unplaced).toEqual([
      {
        ptsMicros: 4 * second,
        label: 'sofa',
        reason: 'no depth was measured here, and no other frame shows it from a direction at least 2° apart',
      },
    ]);
  });

  it('keeps an arbitrary scale arbitrary', async () => {
    const result = await lift(document(dining), sessionOf(withoutDepth, { scale: 'arbitrary' }));
    expect(new Set(result.objects.map(({ scale }) => scale))).toEqual(new Set(['arbitrary']));
  });
});
