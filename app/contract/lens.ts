import type { Distortion } from './geometry.ts';

/** A point of the plane at depth 1 in front of the camera: x/z and y/z in camera coordinates. */
export type PlanePoint = readonly [number, number];

/**
 * Where a point of the plane at depth 1 appears through the lens: normalised coordinates that focal lengths and
 * principal point then turn into pixels. Brown–Conrady as OpenCV writes it (calib3d, "Detailed Description"); fisheye by
 * the odd polynomial of the angle from the axis of Kannala and Brandt 2006, eq. 6, first term 1.
 */
export const distort = (lens: Distortion, [x, y]: PlanePoint): PlanePoint => {
  const rr = x * x + y * y;
  if (lens.model === 'kannala-brandt') {
    const radius = Math.sqrt(rr);
    const angle = Math.atan(radius);
    const aa = angle * angle;
    const bent = angle * (1 + aa * (lens.k1 + aa * (lens.k2 + aa * (lens.k3 + aa * lens.k4))));
    const factor = radius === 0 ? 1 : bent / radius;
    return [x * factor, y * factor];
  }
  const { k1, k2, k3, k4, k5, k6, p1, p2 } = lens;
  const radial = (1 + rr * (k1 + rr * (k2 + rr * k3))) / (1 + rr * (k4 + rr * (k5 + rr * k6)));
  return [x * radial + 2 * p1 * x * y + p2 * (rr + 2 * x * x), y * radial + p1 * (rr + 2 * y * y) + 2 * p2 * x * y];
};
