import type { Rectangle } from '../../app/contract/geometry.ts';
import { distort } from '../../app/contract/lens.ts';
import type { Session } from '../../app/contract/session.ts';
import type { Pixel } from './projection.ts';

/** From a pixel of the session's frames to the same ray's pixel of the recording; undefined where the lens shows none. */
export type Bend = (pixel: Pixel) => Pixel | undefined;

/** A step along a ray of this share must lead outwards; where it does not, the polynomial has left the lens behind. */
const outwards = 1.01;

/** How to draw over the recording of a session whose frames were rectified; undefined when they are the recording's own. */
export const bendOf = ({ intrinsics: pinhole, lens }: Session): Bend | undefined => {
  if (!lens) {
    return undefined;
  }
  const { intrinsics, distortion } = lens;
  return ([u, v]) => {
    const [x, y] = [(u - pinhole.cx) / pinhole.fx, (v - pinhole.cy) / pinhole.fy];
    const [a, b] = distort(distortion, [x, y]);
    const [c, d] = distort(distortion, [x * outwards, y * outwards]);
    return (c - a) * x + (d - b) * y < 0
      ? undefined
      : [intrinsics.fx * a + intrinsics.cx, intrinsics.fy * b + intrinsics.cy];
  };
};

const pieces = 12;

/** A straight line of the session's frames as the pixels of the recording along it: both ends alone without a lens. */
export const bendLine = (bend: Bend | undefined, from: Pixel, to: Pixel): readonly Pixel[] =>
  bend
    ? Array.from({ length: pieces + 1 }, (_, i) => i / pieces).flatMap((share) => {
        const pixel = bend([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
        return pixel ? [pixel] : [];
      })
    : [from, to];

/** The smallest rectangle of the recording round a rectangle of the session's frames. */
export const bendRectangle = (bend: Bend | undefined, box: Rectangle): Rectangle => {
  if (!bend) {
    return box;
  }
  const [left, top, width, height] = box;
  const corners: readonly Pixel[] = [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
  const outline = corners.flatMap((corner, i) => bendLine(bend, corner, corners[(i + 1) % 4] ?? corner));
  if (outline.length === 0) {
    return box;
  }
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
};
