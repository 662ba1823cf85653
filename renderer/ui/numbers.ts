import type { Scale } from '../../app/contract/geometry.ts';

/** Significant digits that a measurement of this system deserves: centimetres below ten metres. */
const honest = (value: number): string => {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0).replace('-', '−');
};

/** Unit of lengths under a scale; an arbitrary scale has none, and says so. */
export const lengthUnit = (scale: Scale): string => (scale === 'metric' ? 'm' : 'units');

/** A length with its unit, `1.42 m`. */
export const length = (value: number, scale: Scale): string => `${honest(value)} ${lengthUnit(scale)}`;

/** A place, `1.20, −0.35, 0.80 m`. */
export const place = (position: readonly number[], scale: Scale): string =>
  `${position.map(honest).join(', ')} ${lengthUnit(scale)}`;

/** A value of an answer with honest digits. */
export const answerValue = (value: number | string): string =>
  typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : honest(value);

/** A share as whole percents. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A count with thin spaces between thousands. */
export const count = (value: number): string => value.toLocaleString('en').replaceAll(',', '\u202f');

/** `1 frame`, `2 frames`. */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
