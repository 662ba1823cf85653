import type { FrameRecord } from '../../app/contract/session.ts';
import { firstAtOrAfter } from '../clock/frames.ts';
import { timeAt } from './scale.ts';
import type { TimeScale } from './scale.ts';

/** What one pixel column of the tracking lane shows: the worst that happened in it. */
export interface TrackingColumn {
  /** Fewest landmarks of its frames; undefined where no frame begins. */
  readonly inliers: number;
  readonly lost: boolean;
  readonly initialising: boolean;
  readonly predicted: boolean;
}

/** Sums up the frames under each pixel, so that a hundred thousand of them cost as much to draw as the width. */
export const trackingColumns = (
  records: readonly FrameRecord[],
  ptsList: Float64Array,
  scale: TimeScale,
): (TrackingColumn | undefined)[] => {
  const columns: (TrackingColumn | undefined)[] = [];
  let index = firstAtOrAfter(ptsList, scale.start);
  let last: TrackingColumn | undefined;
  const before = records[index - 1];
  if (before) {
    last = {
      inliers: before.inliers,
      lost: before.tracking === 'lost',
      initialising: before.tracking === 'initialising',
      predicted: before.tracking === 'predicted',
    };
  }
  for (let x = 0; x < scale.width; x++) {
    const end = timeAt(scale, x + 1);
    let [inliers, lost, initialising, predicted, any] = [Infinity, false, false, false, false];
    for (; index < records.length && (ptsList[index] ?? 0) < end; index++) {
      const record = records[index];
      if (record) {
        any = true;
        inliers = Math.min(inliers, record.inliers);
        lost ||= record.tracking === 'lost';
        initialising ||= record.tracking === 'initialising';
        predicted ||= record.tracking === 'predicted';
      }
    }
    if (any) {
      last = { inliers, lost, initialising, predicted };
    }
    // Between two frames the earlier one holds; after the last one nothing does.
    columns.push(any || index < records.length ? last : undefined);
  }
  return columns;
};

/** The number of landmarks that fills the lane: what nine of ten frames stay below. */
export const fullInliers = (records: readonly FrameRecord[]): number => {
  const stride = Math.max(1, Math.floor(records.length / 5000));
  const sample = Float64Array.from(
    records.filter((_, i) => i % stride === 0),
    (record) => record.inliers,
  ).sort();
  return Math.max(1, (sample[Math.floor(sample.length * 0.9)] ?? 0) * 1.1);
};
