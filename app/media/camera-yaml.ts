import { distortionOf } from './distortion.ts';
import type { Distortion } from '../contract/geometry.ts';

/** What a calibration file tells, unchecked. */
interface YamlCamera {
  readonly fx: number | undefined;
  readonly fy: number | undefined;
  readonly cx: number | undefined;
  readonly cy: number | undefined;
  readonly width?: number;
  readonly height?: number;
  readonly distortion?: Distortion;
}

/** The numbers of a matrix: `name:` and, in the lines below it, `data: [ … ]`, as ROS and OpenCV both write it. */
const matrix = (text: string, ...names: readonly string[]): number[] | undefined => {
  const found = new RegExp(`^(?:${names.join('|')}):[^\\[]*?data:\\s*\\[([^\\]]*)\\]`, 'm').exec(text);
  return found?.[1]?.split(',').map(Number);
};

const scalar = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}:\\s*"?([\\w.+-]+)"?\\s*$`, 'm').exec(text)?.[1];

/**
 * Reads the calibration that ROS (`camera_info` YAML) and OpenCV (`FileStorage`) write: `camera_matrix`, and what there
 * is of `distortion_coefficients`, `distortion_model`, `image_width` and `image_height`. A string says what is missing.
 */
export const cameraOfYaml = (text: string): YamlCamera | string => {
  const k = matrix(text, 'camera_matrix', 'Camera_Matrix', 'K');
  if (k?.length !== 9) {
    return 'expected a camera_matrix of 9 numbers';
  }
  const coefficients = matrix(text, 'distortion_coefficients', 'Distortion_Coefficients', 'D') ?? [];
  const distortion = distortionOf(scalar(text, 'distortion_model'), coefficients);
  if (typeof distortion === 'string') {
    return distortion;
  }
  const [width, height] = [scalar(text, 'image_width'), scalar(text, 'image_height')];
  return {
    ...{ fx: k[0], fy: k[4], cx: k[2], cy: k[5] },
    ...(width !== undefined && height !== undefined && { width: Number(width), height: Number(height) }),
    ...(distortion && { distortion }),
  };
};
