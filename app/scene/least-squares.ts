/** Solves a square system by Gaussian elimination with pivoting; none where it is singular. Small systems only. */
const solveLinear = (matrix: readonly (readonly number[])[], side: readonly number[]): number[] | undefined => {
  const rows = matrix.map((row, i) => [...row, side[i] ?? 0]);
  const size = side.length;
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best));
    const scale = pivot[column] ?? 0;
    if (Math.abs(scale) < 1e-14) {
      return undefined;
    }
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    rows.forEach((row, i) => {
      if (i !== column) {
        const factor = (row[column] ?? 0) / scale;
        pivot.forEach((value, j) => {
          row[j] = (row[j] ?? 0) - factor * value;
        });
      }
    });
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
};

/** Where a minimisation ended. */
export interface Minimum {
  readonly parameters: number[];
  /** Half the sum of squared residuals. */
  readonly cost: number;
}

const step = 1e-5;

/**
 * Finds parameters that make the residuals small (Levenberg 1944, Marquardt 1963), with derivatives by finite
 * differences: for few parameters and residuals. Ends after `iterations`, or when nothing improves any more.
 */
export const minimise = (
  residuals: (parameters: readonly number[]) => number[],
  start: readonly number[],
  iterations: number,
): Minimum => {
  const costOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + (value * value) / 2, 0);
  let parameters = [...start];
  let current = residuals(parameters);
  let cost = costOf(current);
  let damping = 1e-3;
  for (let iteration = 0; iteration < iterations && damping < 1e8; iteration++) {
    const now = current;
    const columns = parameters.map((_, i) => {
      const moved = residuals(parameters.map((value, k) => (k === i ? value + step : value)));
      return moved.map((value, k) => (value - (now[k] ?? 0)) / step);
    });
    const product = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
    const normal = columns.map((a, i) =>
      columns.map((b, j) => product(a, b) * (i === j ? 1 + damping : 1) + (i === j ? 1e-9 : 0)),
    );
    const change = solveLinear(
      normal,
      columns.map((a) => -product(a, now)),
    );
    const next = change && parameters.map((value, i) => value + (change[i] ?? 0));
    const tried = next && residuals(next);
    const nextCost = tried ? costOf(tried) : Infinity;
    if (next && tried && nextCost < cost) {
      const gain = (cost - nextCost) / cost;
      [parameters, current, cost, damping] = [next, tried, nextCost, damping / 5];
      if (gain < 1e-4) {
        break;
      }
    } else {
      damping *= 6;
    }
  }
  return { parameters, cost };
};
