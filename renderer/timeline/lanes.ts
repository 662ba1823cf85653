/** One horizontal band of the timeline. */
export interface Lane {
  readonly id: 'ruler' | 'working' | 'episodic' | 'keyframes' | 'labels' | 'tracking';
  readonly title: string;
  readonly top: number;
  readonly height: number;
}

/** Height of one row of labels. */
export const labelRowHeight = 16;

const fixed = { ruler: 20, working: 24, episodic: 24, keyframes: 20, tracking: 28 };

/** Lays the lanes out over a height; the labels take what is left, at least one row. */
export const layOutLanes = (height: number): readonly Lane[] => {
  const others = Object.values(fixed).reduce((sum, value) => sum + value, 0);
  const labels = Math.max(labelRowHeight + 4, height - others);
  let top = 0;
  return (
    [
      ['ruler', '', fixed.ruler],
      ['working', 'working', fixed.working],
      ['episodic', 'episodic', fixed.episodic],
      ['keyframes', 'keyframes', fixed.keyframes],
      ['labels', 'labels', labels],
      ['tracking', 'tracking', fixed.tracking],
    ] as const
  ).map(([id, title, laneHeight]) => {
    const lane = { id, title, top, height: laneHeight };
    top += laneHeight;
    return lane;
  });
};
