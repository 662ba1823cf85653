import type { SceneColours } from './colours.ts';
import type { Segment } from './SegmentBatch.ts';

/** The lines of what is selected: a wide blue one below a narrow light one. */
export const haloed = (segments: readonly Segment[], { selection, core }: SceneColours): Segment[] => [
  ...segments.map((segment) => ({ ...segment, colour: selection, weight: 4 })),
  ...segments.map((segment) => ({ ...segment, colour: core, weight: 1.1 })),
];
