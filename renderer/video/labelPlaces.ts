/** A label of a box in the picture, in pixels of the screen. */
export interface BoxLabel {
  readonly left: number;
  readonly top: number;
  readonly text: string;
}

const lineHeight = 14;
const characterWidth = 7.5;

/**
 * Baselines for labels: on the upper edge of their box, or inside it where the picture ends; one that would cover an
 * earlier one moves down below it.
 */
export const labelBaselines = (labels: readonly BoxLabel[]): number[] => {
  const placed: { left: number; right: number; baseline: number }[] = [];
  return labels.map(({ left, top, text }) => {
    const right = left + text.length * characterWidth;
    let baseline = top > 18 ? top - 4 : top + lineHeight;
    // Half a pixel of slack: with fractions, a label exactly one line below another must not count as covering it.
    const covers = (other: (typeof placed)[number]): boolean =>
      left < other.right && right > other.left && Math.abs(other.baseline - baseline) < lineHeight - 0.5;
    for (let other = placed.find(covers); other; other = placed.find(covers)) {
      baseline = other.baseline + lineHeight;
    }
    placed.push({ left, right, baseline });
    return baseline;
  });
};
