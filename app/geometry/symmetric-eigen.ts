type Square = number[][];

/** An eigenvalue and its unit eigenvector. */
export interface Eigenpair {
  readonly value: number;
  readonly vector: readonly number[];
}

const entry = (m: Square, row: number, column: number): number => m[row]?.[column] ?? 0;

const set = (m: Square, row: number, column: number, value: number): void => {
  const line = m[row];
  if (line) {
    line[column] = value;
  }
};

const maxSweeps = 50;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix, smallest value first, by cyclic Jacobi rotations (Golub and
 * Van Loan, Matrix Computations, 8.5).
 */
export const eigenOfSymmetric = (symmetric: readonly (readonly number[])[]): Eigenpair[] => {
  const n = symmetric.length;
  const a = symmetric.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let offDiagonal = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const apq = entry(a, p, q);
        offDiagonal += apq * apq;
        if (apq === 0) {
          continue;
        }
        const theta = (entry(a, q, q) - entry(a, p, p)) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        for (const m of [a, vectors]) {
          for (let k = 0; k < n; k++) {
            const [kp, kq] = [entry(m, k, p), entry(m, k, q)];
            set(m, k, p, c * kp - s * kq);
            set(m, k, q, s * kp + c * kq);
          }
        }
        for (let k = 0; k < n; k++) {
          const [pk, qk] = [entry(a, p, k), entry(a, q, k)];
          set(a, p, k, c * pk - s * qk);
          set(a, q, k, s * pk + c * qk);
        }
      }
    }
    if (offDiagonal < 1e-30) {
      break;
    }
  }
  return a
    .map((_, i) => ({ value: entry(a, i, i), vector: vectors.map((row) => row[i] ?? 0) }))
    .sort((x, y) => x.value - y.value);
};
