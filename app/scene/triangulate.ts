import type { Intrinsics, OrientedBox, Pose, Rectangle, Vector3 } from '../contract/geometry.ts';
import { project, unproject } from '../geometry/camera.ts';
import { cameraPosition, invertPose, transformPoint } from '../geometry/pose.ts';
import { median } from './fit-box.ts';
import { add, dot, normalise, scale, solveSymmetric, subtract, type Symmetric } from './vector.ts';

/** A box on a picture whose camera is known. */
export interface BoxView {
  readonly ptsMicros: number;
  readonly worldFromCamera: Pose;
  readonly intrinsics: Intrinsics;
  readonly box: Rectangle;
}

/** How far outside its box a view still shows a point of the thing, as a share of the box. */
const looseShare = 0.1;

/** Tells whether a point projects into the box of a view, or just beside it. */
export const seenThrough = ({ worldFromCamera, intrinsics, box }: BoxView): ((point: Vector3) => boolean) => {
  const cameraFromWorld = invertPose(worldFromCamera);
  const [left, top, width, height] = box;
  const [marginX, marginY] = [looseShare * width + 2, looseShare * height + 2];
  return (point) => {
    const pixel = project(intrinsics, transformPoint(cameraFromWorld, point));
    return (
      pixel !== undefined &&
      pixel[0] >= left - marginX &&
      pixel[0] <= left + width + marginX &&
      pixel[1] >= top - marginY &&
      pixel[1] <= top + height + marginY
    );
  };
};

interface Ray {
  readonly origin: Vector3;
  readonly direction: Vector3;
}

/** Rays that differ less than this in direction do not fix a distance. */
export const leastParallaxRadians = (2 * Math.PI) / 180;

/** A view with what every hypothesis needs of it, worked out once. */
interface Prepared {
  readonly view: BoxView;
  readonly ray: Ray;
  readonly cameraFromWorld: Pose;
}

/** Adds the ray through the middle of the box. */
const prepare = (view: BoxView): Prepared => {
  const { worldFromCamera, intrinsics, box } = view;
  const [left, top, width, height] = box;
  const origin = cameraPosition(worldFromCamera);
  const through = transformPoint(worldFromCamera, unproject(intrinsics, left + width / 2, top + height / 2, 1));
  return {
    view,
    ray: { origin, direction: normalise(subtract(through, origin)) },
    cameraFromWorld: invertPose(worldFromCamera),
  };
};

/** The point of least squared distance to the rays: Σ (I − d dᵀ) (x − o) = 0; none where they are parallel. */
export const nearestToRays = (rays: readonly Ray[]): Vector3 | undefined => {
  const matrix: Symmetric = [0, 0, 0, 0, 0, 0];
  let side: Vector3 = [0, 0, 0];
  for (const { origin, direction } of rays) {
    const [x, y, z] = direction;
    [1 - x * x, -x * y, -x * z, 1 - y * y, -y * z, 1 - z * z].forEach((value, i) => {
      matrix[i] = (matrix[i] ?? 0) + value;
    });
    side = add(side, subtract(origin, scale(direction, dot(direction, origin))));
  }
  return solveSymmetric(matrix, side);
};

/** How far from the middle of a box, as a share of its size, a thing's centre may project. */
const offCentreShare = 0.35;

/** Depth of a point in a view, where the point projects into the middle of its box. */
const depthWithin = ({ view, cameraFromWorld }: Prepared, point: Vector3): number | undefined => {
  const inCamera = transformPoint(cameraFromWorld, point);
  const pixel = project(view.intrinsics, inCamera);
  const [left, top, width, height] = view.box;
  const inside =
    pixel &&
    Math.abs(pixel[0] - left - width / 2) <= offCentreShare * width + 2 &&
    Math.abs(pixel[1] - top - height / 2) <= offCentreShare * height + 2;
  return inside ? inCamera[2] : undefined;
};

const parallax = (a: Ray, b: Ray): number => Math.acos(Math.min(1, Math.max(-1, dot(a.direction, b.direction))));

/** One thing, found in several views. */
export interface Triangulated {
  readonly box: OrientedBox;
  readonly views: readonly BoxView[];
}

/** The views, one a frame, whose boxes hold the point. */
const supporting = (views: readonly Prepared[], point: Vector3): Prepared[] => {
  const byFrame = new Map<number, Prepared>();
  for (const each of views) {
    if (!byFrame.has(each.view.ptsMicros) && depthWithin(each, point) !== undefined) {
      byFrame.set(each.view.ptsMicros, each);
    }
  }
  return [...byFrame.values()];
};

/** An upright box round the point, as large as the views show it at its depth; as deep as it is wide. */
const boxRound = (center: Vector3, views: readonly Prepared[]): OrientedBox => {
  const sizes = views.map((each) => {
    const { box, intrinsics } = each.view;
    const depth = depthWithin(each, center) ?? 0;
    return { width: (box[2] * depth) / intrinsics.fx, height: (box[3] * depth) / intrinsics.fy };
  });
  const width = median(sizes.map((size) => size.width));
  return {
    center,
    axesLengths: [width, width, median(sizes.map((size) => size.height))],
    axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
};

interface Hypothesis {
  readonly center: Vector3;
  readonly views: readonly Prepared[];
}

/** The point that two views agree on, with every other view that does. */
const hypothesis = (a: Prepared, b: Prepared, views: readonly Prepared[]): Hypothesis | undefined => {
  if (a.view.ptsMicros === b.view.ptsMicros || parallax(a.ray, b.ray) < leastParallaxRadians) {
    return undefined;
  }
  const start = nearestToRays([a.ray, b.ray]);
  const agreeing = start ? supporting(views, start) : [];
  const center = agreeing.length >= 2 ? nearestToRays(agreeing.map(({ ray }) => ray)) : undefined;
  const kept = center ? supporting(agreeing, center) : [];
  return center && kept.length >= 2 ? { center, views: kept } : undefined;
};

/** More pairs than this would not be better hypotheses, only slower ones. */
const mostPairs = 3_000;

/** The place that most views agree on; at most `mostPairs` pairs of views are tried, spread evenly. */
const bestHypothesis = (views: readonly Prepared[]): Hypothesis | undefined => {
  const stride = Math.max(1, Math.ceil((views.length * (views.length - 1)) / 2 / mostPairs));
  let pair = 0;
  let best: Hypothesis | undefined;
  for (const [i, a] of views.entries()) {
    for (const b of views.slice(i + 1)) {
      const candidate = pair++ % stride === 0 ? hypothesis(a, b, views) : undefined;
      if (candidate && candidate.views.length > (best?.views.length ?? 0)) {
        best = candidate;
      }
    }
  }
  return best;
};

/**
 * Places things that were boxed on at least two frames without any depth: the middle of each box is a ray, and a thing
 * is where rays of different frames meet inside one another's boxes. The place that most frames agree on is taken
 * first, then the next among what is left. Returns those and the views that fit none.
 */
export const triangulate = (views: readonly BoxView[]): { found: Triangulated[]; left: BoxView[] } => {
  const found: Triangulated[] = [];
  let left = views.map(prepare);
  for (let best = bestHypothesis(left); best; best = bestHypothesis(left)) {
    const taken = new Set(best.views);
    found.push({ box: boxRound(best.center, best.views), views: best.views.map(({ view }) => view) });
    left = left.filter((each) => !taken.has(each));
  }
  return { found, left: left.map(({ view }) => view) };
};
