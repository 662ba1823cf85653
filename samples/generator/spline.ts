/**
 * A uniform cubic B-spline through the neighbourhood of its control points, each a list of numbers of equal length. It is
 * twice continuously differentiable, so that what follows it never jerks; it starts at the first and ends at the last point.
 */
export const splineAt = (controls: readonly (readonly number[])[], parameter: number): number[] => {
  const last = controls.length - 1;
  const segment = Math.min(last - 1, Math.max(0, Math.floor(parameter)));
  const t = parameter - segment;
  const weights = [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
  const control = (i: number, axis: number): number => {
    const inside = Math.min(last, Math.max(0, i));
    const value = controls[inside]?.[axis] ?? 0;
    // Beyond the ends the points go on as they came, which makes the curve meet the first and the last one.
    const neighbour = controls[i < 0 ? 1 : last - 1]?.[axis] ?? 0;
    return i === inside ? value : 2 * value - neighbour;
  };
  return (controls[0] ?? []).map((_, axis) =>
    weights.reduce((sum, weight, k) => sum + weight * control(segment - 1 + k, axis), 0),
  );
};
