import { describe, expect, it } from 'vitest';
import type { FrameRecord } from '../contract/session.ts';
import { identityPose } from '../geometry/pose.ts';
import { describePoseGaps } from './pose-gaps.ts';

/** Ten frames a second; a dot has no pose. */
const frames = (pattern: string): FrameRecord[] =>
  Array.from(pattern, (mark, index) => ({
    ptsMicros: index * 100_000,
    index,
    inliers: 0,
    ...(mark === '.' ? { tracking: 'lost' } : { tracking: 'tracked', worldFromCamera: identityPose }),
  }));

const told = (pattern: string): string | undefined => describePoseGaps('walk.mp4', frames(pattern))?.message;

describe('describePoseGaps', () => {
  it('says nothing of a recording that is located throughout, or but for moments', () => {
    expect(told('xxxxxx')).toBeUndefined();
    expect(told('xxx.........xxx')).toBeUndefined();
    expect(told('')).toBeUndefined();
  });

  it('names stretches by their time, to the end of the recording', () => {
    expect(told('xxx............xxx............')).toBe(
      'walk.mp4: the camera could not be located for 2.3 s: from 0.3 to 1.5 s, 1.8 to 2.9 s',
    );
  });

  it('counts those beyond the third', () => {
    expect(told('x..........'.repeat(5) + 'x')).toMatch(/for 5\.0 s: .* and 2 times more$/);
  });

  it('says so when no frame was located', () => {
    expect(told('...')).toBe('walk.mp4: the camera could not be located in any frame');
  });
});
