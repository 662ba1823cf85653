/** First place in an ascending list whose value is at least `value`. */
const lowerBound = (ascending: readonly number[], value: number): number => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};

/**
 * Pairs the times of two recordings, both ascending: the closest pairs first, each time at most once, never further
 * apart than `maxDifference`. Answers, for places in `times`, the place in `others`.
 */
export const associate = (
  times: readonly number[],
  others: readonly number[],
  maxDifference: number,
): ReadonlyMap<number, number> => {
  const candidates = times.flatMap((time, i) => {
    const found: { i: number; j: number; difference: number }[] = [];
    for (let j = lowerBound(others, time - maxDifference); j < others.length; j += 1) {
      const difference = Math.abs((others[j] ?? Infinity) - time);
      if (difference > maxDifference) {
        break;
      }
      found.push({ i, j, difference });
    }
    return found;
  });
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { i, j } of candidates.sort((a, b) => a.difference - b.difference)) {
    if (!pairs.has(i) && !taken.has(j)) {
      pairs.set(i, j);
      taken.add(j);
    }
  }
  return pairs;
};
