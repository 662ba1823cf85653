import type { IngestWish } from './useJobs.ts';

type Pinhole = NonNullable<NonNullable<IngestWish['source']>['intrinsics']>;

/** Reads `fx, fy, cx, cy` in pixels as typed by a person; undefined when it is not four numbers with positive focal lengths. */
export const parseIntrinsics = (text: string): Pinhole | undefined => {
  const numbers = text
    .trim()
    .split(/[\s,;]+/)
    .map(Number);
  const [fx, fy, cx, cy] = numbers;
  if (numbers.length !== 4 || fx === undefined || fy === undefined || cx === undefined || cy === undefined) {
    return undefined;
  }
  return numbers.every(Number.isFinite) && fx > 0 && fy > 0 ? { fx, fy, cx, cy } : undefined;
};
