import { lociError, type LociError } from '../contract/errors.ts';
import type { DepthImage, Frame, SourceInfo } from '../media/frame.ts';

/** Frames looked at before judging: a hand before the lens or a step up to a wall passes in between. */
const framesToJudge = 12;

/** Values looked at in a frame. */
const samplesPerFrame = 400;

/** A share of valid values below this tells of holes, not of the scene. */
const leastValidShare = 0.05;

/** Depth cameras see nothing nearer than this, and the middle of an indoor view is not further than that, in metres. */
const nearestMedian = 0.2;
const furthestMedian = 7;

/** Where the median of a view lies as a rule, in metres. */
const usualMedian = 1.8;

/** Units that depth is written in: millimetres, TUM's 1/5000 m, a tenth and a quarter of a millimetre, centimetres. */
const knownUnits = [0.001, 1 / 5000, 0.0001, 0.00025, 0.01] as const;

const middleOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Median value of a depth image in its own unit; `undefined` when it hardly has any. */
const medianOf = ({ data }: DepthImage): number | undefined => {
  const step = Math.max(1, Math.floor(data.length / samplesPerFrame));
  const values: number[] = [];
  for (let i = step >> 1; i < data.length; i += step) {
    const value = data[i] ?? 0;
    if (value > 0) {
      values.push(value);
    }
  }
  return values.length < (leastValidShare * data.length) / step ? undefined : middleOf(values);
};

/** The known unit that puts a median nearest to where it usually lies, by ratio. */
const likelyUnit = (median: number): number => {
  const misfit = (unit: number): number => Math.abs(Math.log((median * unit) / usualMedian));
  return knownUnits.reduce((best, unit) => (misfit(unit) < misfit(best) ? unit : best));
};

const inWords = (metres: number): string => `${metres.toPrecision(2)} m`;

/**
 * Watches the first depth images of a recording for a wrong unit. Depth of one unit read as another is a scene that is
 * a whole factor too large or too small: what is beyond any depth camera or room can be told from the values alone. A
 * factor that stays inside, such as a table top five times too large, cannot.
 */
export class DepthUnitCheck {
  readonly #path: string;
  #medians: number[] = [];
  #judged = false;

  constructor({ path, hasDepth }: SourceInfo) {
    this.#path = path;
    this.#judged = !hasDepth;
  }

  /** Takes the next frame; answers a warning once, when the unit cannot be right. */
  observe({ depth }: Frame): LociError | undefined {
    const median = this.#judged || !depth ? undefined : medianOf(depth);
    if (median === undefined || !depth) {
      return undefined;
    }
    this.#medians.push(median);
    if (this.#medians.length < framesToJudge) {
      return undefined;
    }
    this.#judged = true;
    const middle = middleOf(this.#medians);
    const metres = middle * depth.metresPerUnit;
    const unit = likelyUnit(middle);
    if ((metres >= nearestMedian && metres <= furthestMedian) || unit === depth.metresPerUnit) {
      return undefined;
    }
    return lociError(
      'depth-unit',
      `${this.#path}: half of what its depth images see is ${metres < nearestMedian ? 'nearer' : 'further'} than ${inWords(metres)}, which no room and no depth camera shows; their unit is taken as ${depth.metresPerUnit} m`,
      `Ingest it again with --depth-scale ${unit} if one unit is ${unit} m; the middle is then ${inWords(middle * unit)} away.`,
      { file: this.#path },
    );
  }
}
