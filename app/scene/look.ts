import type { Rectangle, Vector3 } from '../contract/geometry.ts';
import { transformPoint } from '../geometry/pose.ts';
import type { DepthView } from './depth-grid.ts';
import { foregroundPoints } from './foreground.ts';
import type { LabelledBox } from './labelled-box.ts';
import type { FrameView, LabelledSession } from './labelled-session.ts';
import { renderDepth } from './render-depth.ts';
import { boxOfPoints, type Sighting } from './sighting.ts';
import type { BoxView } from './triangulate.ts';

/** A box that lies on the surface that was measured in it. */
export interface Sighted {
  readonly labelled: LabelledBox;
  readonly sighting: Sighting;
}

/** A box without depth: only the direction is known. */
export interface Unmeasured {
  readonly labelled: LabelledBox;
  readonly view: BoxView;
  readonly quality: number;
}

/** A box that no camera can place, and why. */
export interface Unplaced {
  readonly labelled: LabelledBox;
  readonly reason: string;
}

/** What came of looking at every box in its frame. */
export interface Looked {
  readonly sighted: readonly Sighted[];
  readonly unmeasured: readonly Unmeasured[];
  readonly unplaced: readonly Unplaced[];
}

/** A box that covers this share of the picture shows its thing as well as any. */
const fullShare = 0.08;
/** A box that touches the border shows a part of its thing only. */
const cutQuality = 0.4;

/** How well a box shows its thing: large and not cut off by the border. */
const qualityOf = ([left, top, width, height]: Rectangle, { intrinsics }: LabelledSession): number => {
  const share = (width * height) / (intrinsics.width * intrinsics.height);
  const cut = left <= 2 || top <= 2 || left + width >= intrinsics.width - 2 || top + height >= intrinsics.height - 2;
  return Math.min(1, share / fullShare) * (cut ? cutQuality : 1);
};

const isOutside = ([left, top, width, height]: Rectangle, { intrinsics }: LabelledSession): boolean =>
  left + width <= 0 || top + height <= 0 || left >= intrinsics.width || top >= intrinsics.height;

/** Depth for a frame: its own, else the map as its camera saw it. */
const depthOf = (
  { depth, worldFromCamera }: FrameView,
  { intrinsics, depthIntrinsics, points }: LabelledSession,
): DepthView | undefined => {
  if (depth) {
    return { depth, depthIntrinsics: depthIntrinsics ?? intrinsics, intrinsics };
  }
  return points && points.positions.length > 0 && worldFromCamera
    ? { ...renderDepth(points, worldFromCamera, intrinsics), intrinsics }
    : undefined;
};

/** The other boxes of the frame. */
const othersOf = (one: LabelledBox, inFrame: readonly LabelledBox[]): Rectangle[] =>
  inFrame.filter((each) => each !== one).map(({ observation }) => observation.box);

/** Looks at every box in its frame, one frame at a time. */
export const lookAt = async (boxes: readonly LabelledBox[], session: LabelledSession): Promise<Looked> => {
  const sighted: Sighted[] = [];
  const unmeasured: Unmeasured[] = [];
  const unplaced: Unplaced[] = [];
  const frames = Map.groupBy(boxes, ({ observation }) => observation.ptsMicros);
  for (const [ptsMicros, inFrame] of [...frames].sort(([a], [b]) => a - b)) {
    const frame = await session.frame(ptsMicros);
    const worldFromCamera = frame?.worldFromCamera;
    const depth = frame && depthOf(frame, session);
    for (const labelled of inFrame) {
      const { box } = labelled.observation;
      if (!frame || !worldFromCamera || isOutside(box, session)) {
        const reason = !frame
          ? `the session has no frame at ${ptsMicros} µs`
          : !worldFromCamera
            ? 'the camera was not located at this frame'
            : 'the box lies outside the picture';
        unplaced.push({ labelled, reason });
        continue;
      }
      const quality = qualityOf(box, session);
      const points = (depth ? foregroundPoints(depth, box, othersOf(labelled, inFrame)) : []).map((point): Vector3 =>
        transformPoint(worldFromCamera, point),
      );
      const view = { ptsMicros, worldFromCamera, intrinsics: session.intrinsics, box };
      if (points.length > 0) {
        const { observation } = labelled;
        sighted.push({ labelled, sighting: { observation, view, points, box: boxOfPoints(points), quality } });
      } else {
        unmeasured.push({ labelled, view, quality });
      }
    }
  }
  return { sighted, unmeasured, unplaced };
};
