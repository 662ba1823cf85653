import { describe, expect, it } from 'vitest';
import type { EpisodicEntry } from '../../app/contract/session.ts';
import { heldAt, memoryStateOf, workingWindow } from './memoryState.ts';

const entry = (ptsMicros: number, enteredAtPtsMicros: number, supersededAtPtsMicros?: number): EpisodicEntry => ({
  id: `e${ptsMicros}`,
  sessionId: 'home/monday',
  ptsMicros,
  enteredAtPtsMicros,
  entryReason: 'Room was left',
  ...(supersededAtPtsMicros === undefined ? {} : { supersededAtPtsMicros }),
});

describe('the dual memory as of a moment', () => {
  const timeline = { stepPtsMicros: [0, 500, 1000, 1500, 2000], workingCapacity: 3 };

  it('slides the working window over the last steps', () => {
    expect(workingWindow(timeline, 0)).toEqual([0, 0]);
    expect(workingWindow(timeline, 1700)).toEqual([500, 1500]);
    expect(workingWindow(timeline, 9000)).toEqual([1000, 2000]);
    expect(workingWindow(timeline, -1)).toBeUndefined();
  });

  it('holds an entry from its entrance until it is superseded', () => {
    const entries = [entry(0, 1500, 2000), entry(500, 2000)];
    expect([...heldAt(entries, 1499).keys()]).toEqual([]);
    expect([...heldAt(entries, 1500).keys()]).toEqual([0]);
    expect([...heldAt(entries, 2000).keys()]).toEqual([500]);
  });

  it('names where each moment is remembered', () => {
    const held = heldAt([entry(0, 1500)], 2000);
    const window = workingWindow(timeline, 2000);
    const stateAt = (ptsMicros: number) => memoryStateOf(ptsMicros, 2000, window, held);
    expect([0, 500, 1000, 2000, 2500].map(stateAt)).toEqual(['episodic', 'library', 'working', 'working', 'ahead']);
  });
});
