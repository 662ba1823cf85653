/** A run of numbers that no frame has; `beforeIndex` is the place, in the list, of the frame that follows it. */
export interface Gap {
  readonly beforeIndex: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** Frames that were numbered 0, 10, 20 … on purpose are not full of gaps; this many steps have to agree on that. */
const stepsToBelieve = 3;

const strideOf = (numbers: readonly number[]): number => {
  const steps = numbers.slice(1).map((number, i) => number - (numbers[i] ?? 0));
  const smallest = Math.min(...steps);
  return steps.length >= stepsToBelieve && steps.every((step) => step % smallest === 0) ? smallest : 1;
};

/**
 * Times of numbered frames: the time follows the number, counted from the first frame, so that a missing frame leaves
 * its time empty instead of moving all later ones. `numbers` ascend.
 */
export const timesOfNumbers = (
  numbers: readonly number[],
  framesPerSecond: number,
): { readonly ptsMicros: readonly number[]; readonly gaps: readonly Gap[] } => {
  const stride = strideOf(numbers);
  const first = numbers[0] ?? 0;
  const ptsMicros = numbers.map((number) => Math.round(((number - first) / stride) * (1e6 / framesPerSecond)));
  const gaps: Gap[] = [];
  for (const [i, number] of numbers.entries()) {
    const previous = numbers[i - 1];
    if (previous !== undefined && number - previous > stride) {
      gaps.push({
        beforeIndex: i,
        first: previous + stride,
        last: number - stride,
        count: (number - previous) / stride - 1,
      });
    }
  }
  return { ptsMicros, gaps };
};
