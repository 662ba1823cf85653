import type { Vector3 } from '../contract/geometry.ts';
import type { FrameReference } from '../contract/session.ts';

/** A number with as many digits as it deserves: two decimals below ten, one below a hundred, none above. */
export const digits = (value: number): string => value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);

/** A length for a sentence: `1.42 m`. */
export const metres = (value: number): string => `${digits(value)} m`;

/** A place for a sentence: `(1.20, -0.35, 0.78)`. */
export const coordinates = (place: Vector3): string =>
  `(${place.map((value) => (Math.abs(value) < 0.005 ? 0 : value).toFixed(2)).join(', ')})`;

/** The time of a frame in its recording: `1:02.3`. */
export const clock = ({ ptsMicros }: FrameReference): string => {
  const tenths = Math.round(ptsMicros / 100_000);
  const minutes = Math.floor(tenths / 600);
  const seconds = (tenths - minutes * 600) / 10;
  return `${minutes}:${seconds.toFixed(1).padStart(4, '0')}`;
};

/** Joins words the way people do: `a`, `a and b`, `a, b and c`. */
export const joined = (words: readonly string[], last: 'and' | 'or' = 'and'): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;

/** The sentence with a capital letter and a full stop. */
export const sentence = (text: string): string => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
};

/** Rounds away digits that mean nothing: to a thousandth. */
export const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
