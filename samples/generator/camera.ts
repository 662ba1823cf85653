import type { Intrinsics, Pose } from '../../app/contract/geometry.ts';

/** The camera that films the walk: 70° wide, principal point in the middle (pixel centres at whole numbers). */
export const intrinsicsFor = (width: number, height: number): Intrinsics => ({
  fx: (width * 460) / 640,
  fy: (width * 460) / 640,
  cx: (width - 1) / 2,
  cy: (height - 1) / 2,
  width,
  height,
});

/** Near and far limits of what is drawn, in metres. */
export const nearMetres = 0.05;
export const farMetres = 40;

/**
 * OpenGL's view matrix for a camera-to-world pose, column-major: camera axes turned from OpenCV's (y down, z forward) to
 * OpenGL's (y up, z backward).
 */
export const viewMatrix = (worldFromCamera: Pose): number[] => {
  const value = (row: number, column: number): number => worldFromCamera[row * 4 + column] ?? 0;
  const columns = [0, 1, 2].map((axis) => {
    const sign = axis === 0 ? 1 : -1;
    const direction = [0, 1, 2].map((row) => sign * value(row, axis));
    const shift = -direction.reduce((sum, component, row) => sum + component * value(row, 3), 0);
    return [...direction, shift];
  });
  return [0, 1, 2, 3].flatMap((column) => [...columns.map((row) => row[column] ?? 0), column === 3 ? 1 : 0]);
};

/** OpenGL's projection matrix of a pinhole camera, column-major. */
export const projectionMatrix = ({ fx, fy, cx, cy, width, height }: Intrinsics): number[] => {
  const depth = farMetres - nearMetres;
  return [
    ...[(2 * fx) / width, 0, 0, 0],
    ...[0, (2 * fy) / height, 0, 0],
    // OpenGL's pixel centres lie half a pixel beside whole numbers.
    ...[1 - (2 * (cx + 0.5)) / width, (2 * (cy + 0.5)) / height - 1, -(farMetres + nearMetres) / depth, -1],
    ...[0, 0, (-2 * farMetres * nearMetres) / depth, 0],
  ];
};

/** Where a world point falls in the image, in pixels, and its depth along z in metres (negative behind the camera). */
export const project = (
  point: readonly [number, number, number],
  worldFromCamera: Pose,
  { fx, fy, cx, cy }: Intrinsics,
): { readonly u: number; readonly v: number; readonly depth: number } => {
  const value = (row: number, column: number): number => worldFromCamera[row * 4 + column] ?? 0;
  const camera = [0, 1, 2].map((axis) =>
    point.reduce((sum, component, row) => sum + (component - value(row, 3)) * value(row, axis), 0),
  );
  const [x = 0, y = 0, depth = 0] = camera;
  return { u: (fx * x) / depth + cx, v: (fy * y) / depth + cy, depth };
};
