import type { MapSelection } from '../contract/edit.ts';
import type { OrientedBox, Similarity, Vector3 } from '../contract/geometry.ts';
import { project } from './camera.ts';
import { invertPose, transformPoint } from './pose.ts';
import { transformBox, transformPose } from './similarity.ts';

/** A part of space: an oriented box, or the cone that a camera sees inside a polygon. */
export type Region = Exclude<MapSelection, { by: 'object' }>;

/** Moves a region; a lasso's depths grow with the scale. */
export const transformRegion = (similarity: Similarity, region: Region): Region =>
  region.by === 'box'
    ? { by: 'box', box: transformBox(similarity, region.box) }
    : {
        ...region,
        worldFromCamera: [...transformPose(similarity, region.worldFromCamera)],
        ...(region.depths && {
          depths: [region.depths[0] * similarity.metresPerUnit, region.depths[1] * similarity.metresPerUnit],
        }),
      };

/** Tells of any point whether it lies in a region. */
export const containedIn = (region: Region): ((point: Vector3) => boolean) =>
  region.by === 'box' ? insideBox(region.box) : insideLasso(region);

const insideBox = ({ center: [cx, cy, cz], axesLengths, axes }: OrientedBox): ((point: Vector3) => boolean) => {
  const [ax = 1, ay = 0, az = 0, bx = 0, by = 1, bz = 0, tx = 0, ty = 0, tz = 1] = axes;
  const [a, b, c] = [axesLengths[0] / 2, axesLengths[1] / 2, axesLengths[2] / 2];
  return ([px, py, pz]) => {
    const [x, y, z] = [px - cx, py - cy, pz - cz];
    return (
      Math.abs(ax * x + ay * y + az * z) <= a &&
      Math.abs(bx * x + by * y + bz * z) <= b &&
      Math.abs(tx * x + ty * y + tz * z) <= c
    );
  };
};

const insideLasso = ({
  worldFromCamera,
  intrinsics,
  polygon,
  depths: [nearest, farthest] = [0, Infinity],
}: Extract<Region, { by: 'lasso' }>): ((point: Vector3) => boolean) => {
  const cameraFromWorld = invertPose(worldFromCamera);
  return (point) => {
    const inCamera = transformPoint(cameraFromWorld, point);
    const pixel = project(intrinsics, inCamera);
    return pixel !== undefined && inCamera[2] >= nearest && inCamera[2] <= farthest && insidePolygon(polygon, pixel);
  };
};

/** Even-odd rule: a ray to the right crosses the outline an odd number of times (Shimrat 1962, Algorithm 112). */
const insidePolygon = (polygon: readonly (readonly [number, number])[], [u, v]: readonly [number, number]): boolean => {
  let inside = false;
  polygon.forEach(([bu, bv], i) => {
    const [au, av] = polygon.at(i - 1) ?? [bu, bv];
    if (av > v !== bv > v && u < au + ((v - av) / (bv - av)) * (bu - au)) {
      inside = !inside;
    }
  });
  return inside;
};
