/** One figure of a benchmark beside what is asked of it. */
export interface Figure {
  readonly on: string;
  readonly figure: string;
  readonly value: number | string;
  readonly asked: string;
  /** `–` when nothing is asked, or the figure could not be had. */
  readonly met: 'yes' | 'no' | '–';
}

type Bound = { readonly atMost: number } | { readonly atLeast: number };

/** A figure that has to stay on one side of a bound; `digits` after the point are shown. */
export const bounded = (on: string, figure: string, value: number | undefined, bound: Bound, digits = 3): Figure => {
  const [asked, isMet] =
    'atMost' in bound
      ? [`≤ ${bound.atMost}`, value !== undefined && value <= bound.atMost]
      : [`≥ ${bound.atLeast}`, value !== undefined && value >= bound.atLeast];
  return {
    on,
    figure,
    value: value === undefined ? 'none' : Number(value.toFixed(digits)),
    asked,
    met: isMet ? 'yes' : 'no',
  };
};

/** A figure of which nothing is asked. */
export const told = (on: string, figure: string, value: number | string, digits = 3): Figure => ({
  on,
  figure,
  value: typeof value === 'number' ? Number(value.toFixed(digits)) : value,
  asked: '',
  met: '–',
});
