import { distortionSchema } from '../contract/geometry.ts';
import type { Distortion } from '../contract/geometry.ts';

/** Names of one model in ROS (`distortion_model`), OpenCV, and on the command line. */
const brownNames = /^(brown-conrady|brown|plumb_bob|rational_polynomial|radtan|opencv)$/i;
const fisheyeNames = /^(kannala-brandt|fisheye|equidistant|kannala_brandt4?|opencv_fisheye)$/i;

const coefficientNames = {
  'brown-conrady': ['k1', 'k2', 'p1', 'p2', 'k3', 'k4', 'k5', 'k6'],
  'kannala-brandt': ['k1', 'k2', 'k3', 'k4'],
} as const;

/** How many coefficients there may be; OpenCV's thin-prism and tilt terms (12 and 14) are not among them. */
const counts = { 'brown-conrady': [4, 5, 8], 'kannala-brandt': [4] } as const;

/**
 * The distortion of a list of coefficients in OpenCV's order (k1 k2 p1 p2 k3 k4 k5 k6, or k1 k2 k3 k4 of a fisheye).
 * `undefined` when there is none, all zero included; a string says what is wrong.
 */
export const distortionOf = (
  modelName: string | undefined,
  coefficients: readonly number[],
): Distortion | undefined | string => {
  if (coefficients.every((value) => value === 0)) {
    // Zeros of a fisheye still are a fisheye: its angle, not its tangent, grows with the distance from the middle.
    if (modelName === undefined || !fisheyeNames.test(modelName) || coefficients.length !== 4) {
      return undefined;
    }
  }
  const name = modelName ?? 'brown-conrady';
  const model = brownNames.test(name) ? 'brown-conrady' : fisheyeNames.test(name) ? 'kannala-brandt' : undefined;
  if (model === undefined) {
    return `the distortion model "${name}" is not known; brown-conrady and kannala-brandt are`;
  }
  if (!coefficients.every(Number.isFinite)) {
    return 'a distortion coefficient is not a finite number';
  }
  const allowed: readonly number[] = counts[model];
  if (!allowed.includes(coefficients.length)) {
    return `${model} has ${allowed.join(' or ')} coefficients, not ${coefficients.length}`;
  }
  const named = Object.fromEntries(coefficientNames[model].map((key, i) => [key, coefficients[i] ?? 0]));
  return distortionSchema.parse({ model, ...named });
};
