import type { Intrinsics, Vector3 } from '../contract/geometry.ts';

/** Pixel `[u, v]` of a point in camera coordinates (x right, y down, z forward, metres); none behind the camera. */
export const project = (intrinsics: Intrinsics, pointCamera: Vector3): [number, number] | undefined => {
  const [x, y, z] = pointCamera;
  if (z <= 0) {
    return undefined;
  }
  return [(intrinsics.fx * x) / z + intrinsics.cx, (intrinsics.fy * y) / z + intrinsics.cy];
};

/** Point in camera coordinates that is seen at pixel (u, v) at a depth along the camera's z axis. */
export const unproject = (intrinsics: Intrinsics, u: number, v: number, depthMetres: number): Vector3 => [
  ((u - intrinsics.cx) / intrinsics.fx) * depthMetres,
  ((v - intrinsics.cy) / intrinsics.fy) * depthMetres,
  depthMetres,
];

/** The same camera through an image of another size with the same field of view; pixel centres lie at whole numbers. */
export const resizeIntrinsics = (intrinsics: Intrinsics, width: number, height: number): Intrinsics => {
  const scaleX = width / intrinsics.width;
  const scaleY = height / intrinsics.height;
  return {
    fx: intrinsics.fx * scaleX,
    fy: intrinsics.fy * scaleY,
    cx: (intrinsics.cx + 0.5) * scaleX - 0.5,
    cy: (intrinsics.cy + 0.5) * scaleY - 0.5,
    width,
    height,
  };
};

/** Of the main camera of most phones and action cameras in video mode, across the longer side. */
const assumedFieldOfViewRadians = (65 * Math.PI) / 180;

/** Intrinsics for a video that brings none: 65° across the longer side, square pixels, centred. */
export const guessIntrinsics = (width: number, height: number): Intrinsics => {
  const focal = Math.max(width, height) / 2 / Math.tan(assumedFieldOfViewRadians / 2);
  return { fx: focal, fy: focal, cx: (width - 1) / 2, cy: (height - 1) / 2, width, height };
};
