import type { OrientedBox, Vector3 } from '../contract/geometry.ts';
import { project } from '../geometry/camera.ts';
import { invertPose, transformPoint } from '../geometry/pose.ts';
import { boxAxes, boxCorners } from './box.ts';
import { minimise } from './least-squares.ts';
import type { BoxView } from './triangulate.ts';
import { add, distance, scale } from './vector.ts';

/** How precisely people draw: a few pixels, and a share of the box. */
const drawnPixels = 3;
const drawnShare = 0.03;
/** Beyond this many of those, a side is hidden by something rather than drawn badly, and counts less (Huber 1964). */
const huber = 1.5;
/** How far sizes may stray from the start, and width from depth, before it takes evidence: a factor of e. */
const sizePrior = 1;
const squarePrior = 1.5;
const iterations = 25;
/** How far the centre may move, as a share of the longest side. */
const mostMoved = 0.4;

/** Centre x, y, z; logarithms of width, depth, height; angle about the vertical. */
type Parameters = readonly number[];

const toBox = ([x = 0, y = 0, z = 0, width = 0, depth = 0, height = 0, angle = 0]: Parameters): OrientedBox => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    center: [x, y, z],
    axesLengths: [Math.exp(width), Math.exp(depth), Math.exp(height)],
    axes: [cos, sin, 0, -sin, cos, 0, 0, 0, 1],
  };
};

/** Points on the rims of the elliptic cylinder that fills a box: the outline of a lamp, a mug, a plant. */
const cylinderRims = (box: OrientedBox): Vector3[] => {
  const [first, second, third] = boxAxes(box);
  const [width, depth, height] = box.axesLengths;
  return Array.from({ length: 24 }, (_, i) => {
    const angle = (i * Math.PI) / 6;
    const level = add(box.center, scale(third, i < 12 ? -height / 2 : height / 2));
    return add(level, add(scale(first, (width / 2) * Math.cos(angle)), scale(second, (depth / 2) * Math.sin(angle))));
  });
};

/** What a thing may look like in its box: its outline is that of the box, or rounder. */
const outlines = [boxCorners, cylinderRims] as const;

/** A residual whose square is Huber's loss. */
const softened = (residual: number): number => {
  const size = Math.abs(residual);
  return size <= huber ? residual : Math.sign(residual) * Math.sqrt(2 * huber * size - huber * huber);
};

/** Differences between the four sides of a box as it projects and as it was drawn, in units of drawing precision. */
const differences = ({ worldFromCamera, intrinsics, box: [left, top, width, height] }: BoxView) => {
  const cameraFromWorld = invertPose(worldFromCamera);
  const [sigmaX, sigmaY] = [drawnPixels + drawnShare * width, drawnPixels + drawnShare * height];
  const cut = {
    left: left <= 2,
    top: top <= 2,
    right: left + width >= intrinsics.width - 2,
    bottom: top + height >= intrinsics.height - 2,
  };
  return (outline: readonly Vector3[]): number[] => {
    const pixels = outline.map((point): readonly [number, number] => {
      const [x, y, z] = transformPoint(cameraFromWorld, point);
      // A point behind the camera would project upside down; just before it, it lies far outside.
      return project(intrinsics, [x, y, Math.max(z, 0.05)]) ?? [0, 0];
    });
    const us = pixels.map(([u]) => u);
    const vs = pixels.map(([, v]) => v);
    return [
      cut.left ? 0 : (Math.min(...us) - left) / sigmaX,
      cut.right ? 0 : (Math.max(...us) - left - width) / sigmaX,
      cut.top ? 0 : (Math.min(...vs) - top) / sigmaY,
      cut.bottom ? 0 : (Math.max(...vs) - top - height) / sigmaY,
    ].map((difference) => softened(difference));
  };
};

const startAngles = [0, 1, 2, 3].map((eighth) => (eighth * Math.PI) / 8);
const startShapes = [
  [1, 1],
  [1, 0.4],
  [0.4, 1],
] as const;

/**
 * The upright box whose outlines agree best with boxes that were drawn round one thing in several views, begun at a
 * box of about the right place and size. Views from different sides tell width from depth; as long as none does, the
 * box stays about square. Needs at least three views to be better than its start, which it returns otherwise.
 */
export const fitBoxToViews = (start: OrientedBox, views: readonly BoxView[]): OrientedBox => {
  if (views.length < 3) {
    return start;
  }
  const measured = views.map(differences);
  const [width, , height] = start.axesLengths.map((length) => Math.log(Math.max(length, 1e-6))) as Vector3;
  const residuals = (outlineOf: (box: OrientedBox) => Vector3[], parameters: Parameters): number[] => {
    const outline = outlineOf(toBox(parameters));
    const [, , , w = 0, d = 0, h = 0] = parameters;
    return [
      ...measured.flatMap((differ) => differ(outline)),
      (w - width) / sizePrior,
      (d - width) / sizePrior,
      (h - height) / sizePrior,
      (w - d) / squarePrior,
    ];
  };
  const [best] = outlines
    .flatMap((outlineOf) =>
      startAngles.flatMap((angle) =>
        startShapes.map(([w, d]) =>
          minimise(
            (parameters) => residuals(outlineOf, parameters),
            [...start.center, width + Math.log(w), width + Math.log(d), height, angle],
            iterations,
          ),
        ),
      ),
    )
    .sort((a, b) => a.cost - b.cost);
  const fitted = best ? toBox(best.parameters) : start;
  // Where hidden sides lead the fit astray, the rays through the middles are the better guess.
  return distance(fitted.center, start.center) <= mostMoved * Math.max(...start.axesLengths) ? fitted : start;
};
