import type { EpisodicEntry, MemoryTimeline } from '../../app/contract/session.ts';
import { firstAtOrAfter } from '../clock/frames.ts';

/** Where a moment is remembered, as of another moment: `ahead` has not been seen yet. */
export type MemoryState = 'working' | 'episodic' | 'library' | 'ahead';

/** The stretch of time that the working window holds at `asOf`: its first and last step, microseconds. */
export const workingWindow = (
  timeline: Pick<MemoryTimeline, 'stepPtsMicros' | 'workingCapacity'>,
  asOf: number,
): readonly [number, number] | undefined => {
  const end = firstAtOrAfter(timeline.stepPtsMicros, asOf + 1);
  const first = timeline.stepPtsMicros[Math.max(0, end - timeline.workingCapacity)];
  const last = timeline.stepPtsMicros[end - 1];
  return first === undefined || last === undefined ? undefined : [first, last];
};

/** Whether an entry is in episodic memory at `asOf`: entered by then and not yet superseded. */
export const isHeld = (entry: EpisodicEntry, asOf: number): boolean =>
  entry.enteredAtPtsMicros <= asOf && (entry.supersededAtPtsMicros ?? Infinity) > asOf;

/** The entries held at `asOf`, by the time stamp of their frame. */
export const heldAt = (entries: readonly EpisodicEntry[], asOf: number): ReadonlyMap<number, EpisodicEntry> =>
  new Map(entries.filter((entry) => isHeld(entry, asOf)).map((entry) => [entry.ptsMicros, entry]));

/** Where the frame at `ptsMicros` is remembered, given what is held and what the window spans. */
export const memoryStateOf = (
  ptsMicros: number,
  asOf: number,
  working: readonly [number, number] | undefined,
  held: ReadonlyMap<number, EpisodicEntry>,
): MemoryState => {
  if (ptsMicros > asOf) {
    return 'ahead';
  }
  if (held.has(ptsMicros)) {
    return 'episodic';
  }
  return working && ptsMicros >= working[0] && ptsMicros <= working[1] ? 'working' : 'library';
};
