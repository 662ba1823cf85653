import type { EpisodicEntry, Keyframe } from '../../app/contract/session.ts';
import { labelRowHeight } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type { LabelSpan } from './labelSpans.ts';
import type { TimelineData } from './paint.ts';
import { xOf } from './scale.ts';
import type { TimeScale } from './scale.ts';

/** What lies under a point of the timeline. */
export type Hit =
  | { readonly lane: 'episodic'; readonly entry: EpisodicEntry }
  | { readonly lane: 'keyframes'; readonly keyframe: Keyframe }
  | { readonly lane: 'labels'; readonly span: LabelSpan }
  | { readonly lane: 'working' | 'tracking' };

/** How far from a mark the pointer may be, pixels. */
const reach = 5;

const closest = <T extends { readonly ptsMicros: number }>(
  items: readonly T[],
  scale: TimeScale,
  x: number,
): T | undefined => {
  let best: T | undefined;
  let distance = reach;
  for (const item of items) {
    const away = Math.abs(xOf(scale, item.ptsMicros) - x);
    if (away <= distance) {
      best = item;
      distance = away;
    }
  }
  return best;
};

/** Finds what lies at pixel (x, y) of the timeline. */
export const hitTest = (
  lanes: readonly Lane[],
  scale: TimeScale,
  data: TimelineData,
  x: number,
  y: number,
): Hit | undefined => {
  const lane = lanes.find(({ top, height }) => y >= top && y < top + height);
  switch (lane?.id) {
    case 'episodic': {
      const entry = closest(data.memory?.episodic ?? [], scale, x);
      return entry && { lane: 'episodic', entry };
    }
    case 'keyframes': {
      const keyframe = closest(data.keyframes, scale, x);
      return keyframe && { lane: 'keyframes', keyframe };
    }
    case 'labels': {
      const row = Math.floor((y - lane.top - 2) / labelRowHeight);
      const span = data.spans.find(
        (candidate) =>
          candidate.row === row &&
          x >= xOf(scale, candidate.startMicros) - 2 &&
          x <= Math.max(xOf(scale, candidate.endMicros), xOf(scale, candidate.startMicros) + 3) + 2,
      );
      return span && { lane: 'labels', span };
    }
    case 'working':
    case 'tracking':
      return { lane: lane.id };
    default:
      return undefined;
  }
};
