import type { FrameRecord, Keyframe, MemoryTimeline } from '../../app/contract/session.ts';
import { firstAtOrAfter } from '../clock/frames.ts';
import { shortTime } from '../clock/timecode.ts';
import { isHeld, workingWindow } from '../library/memoryState.ts';
import { labelRowHeight } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type { LabelSpan } from './labelSpans.ts';
import type { Palette } from './palette.ts';
import { ticks, xOf } from './scale.ts';
import type { TimeScale } from './scale.ts';
import { fullInliers, trackingColumns } from './trackingColumns.ts';

/** What the timeline shows of a session. */
export interface TimelineData {
  readonly records: readonly FrameRecord[];
  readonly ptsList: Float64Array;
  readonly keyframes: readonly Keyframe[];
  readonly memory: MemoryTimeline | undefined;
  readonly spans: readonly LabelSpan[];
}

/** What of it is marked at the moment. */
export interface Marks {
  readonly playheadMicros: number;
  readonly hoverMicros: number | undefined;
  readonly selectedPts: number | undefined;
  readonly selectedObject: string | undefined;
  readonly evidencePts: ReadonlySet<number>;
  readonly evidenceObjects: ReadonlySet<string>;
}

type Canvas = CanvasRenderingContext2D;

const laneOf = (lanes: readonly Lane[], id: Lane['id']): Lane => {
  const lane = lanes.find((candidate) => candidate.id === id);
  if (!lane) {
    throw new Error(`No lane ${id}`);
  }
  return lane;
};

const paintRuler = (canvas: Canvas, lanes: readonly Lane[], scale: TimeScale, palette: Palette): void => {
  const bottom = lanes.reduce((sum, lane) => Math.max(sum, lane.top + lane.height), 0);
  const { step, times } = ticks(scale);
  canvas.font = palette.font;
  canvas.textBaseline = 'middle';
  for (const time of times) {
    const x = Math.round(xOf(scale, time)) + 0.5;
    canvas.strokeStyle = palette.line;
    canvas.beginPath();
    canvas.moveTo(x, 14);
    canvas.lineTo(x, bottom);
    canvas.stroke();
    canvas.fillStyle = palette.faint;
    const text = step < 1e6 ? `${(time / 1e6).toFixed(step < 1e5 ? 2 : 1)} s` : shortTime(time);
    canvas.fillText(text, x + 4, 9);
  }
};

const paintTracking = (
  canvas: Canvas,
  lane: Lane,
  scale: TimeScale,
  palette: Palette,
  { records, ptsList }: TimelineData,
): void => {
  const full = fullInliers(records);
  const bottom = lane.top + lane.height - 4;
  const height = lane.height - 8;
  trackingColumns(records, ptsList, scale).forEach((column, x) => {
    if (!column) {
      return;
    }
    if (column.lost) {
      // Vermilion with a diagonal pattern, so that it shows without colour too.
      canvas.fillStyle = palette.problem;
      canvas.globalAlpha = 0.45;
      canvas.fillRect(x, lane.top + 4, 1, height);
      canvas.globalAlpha = 1;
      for (let y = x % 5; y < height; y += 5) {
        canvas.fillRect(x, lane.top + 4 + y, 1, 2);
      }
    } else if (column.predicted) {
      // The colour of what is lost, in dashes half as high: there is a pose, but nothing was recognised.
      canvas.fillStyle = palette.problem;
      canvas.fillRect(x, bottom - (x % 4 < 2 ? height / 2 : 2), 1, 2);
    } else if (column.initialising) {
      canvas.fillStyle = palette.faint;
      canvas.fillRect(x, bottom - (x % 4 < 2 ? 6 : 2), 1, 2);
    } else {
      canvas.fillStyle = palette.strong;
      const size = Math.max(1, Math.min(1, column.inliers / full) * height);
      canvas.fillRect(x, bottom - size, 1, size);
    }
  });
};

const paintSpans = (
  canvas: Canvas,
  lane: Lane,
  scale: TimeScale,
  palette: Palette,
  spans: readonly LabelSpan[],
  marks: Marks,
): void => {
  const rows = Math.floor((lane.height - 4) / labelRowHeight);
  canvas.textBaseline = 'middle';
  canvas.font = palette.font;
  for (const span of spans) {
    const left = xOf(scale, span.startMicros);
    const right = Math.max(left + 3, xOf(scale, span.endMicros));
    if (span.row >= rows || right < 0 || left > scale.width) {
      continue;
    }
    const top = lane.top + 2 + span.row * labelRowHeight;
    const selected = span.objectId !== undefined && span.objectId === marks.selectedObject;
    const evident = span.objectId !== undefined && marks.evidenceObjects.has(span.objectId);
    canvas.fillStyle = selected ? palette.selection : palette.raised;
    canvas.fillRect(left, top + 1, right - left, labelRowHeight - 2);
    canvas.fillStyle = selected ? '#fff' : evident ? palette.evidence : palette.strong;
    canvas.fillRect(left, top + 1, evident ? 3 : 2, labelRowHeight - 2);
    if (evident && !selected) {
      canvas.fillRect(left, top + labelRowHeight - 2, right - left, 1);
    }
    if (right - left > 28) {
      canvas.save();
      canvas.beginPath();
      canvas.rect(left, top, right - left - 2, labelRowHeight);
      canvas.clip();
      canvas.fillStyle = selected ? '#fff' : palette.text;
      canvas.fillText(span.label, Math.max(left, 0) + 6, top + labelRowHeight / 2 + 0.5);
      canvas.restore();
    }
  }
};

const paintKeyframes = (
  canvas: Canvas,
  lane: Lane,
  scale: TimeScale,
  palette: Palette,
  keyframes: readonly Keyframe[],
  marks: Marks,
): void => {
  for (const { ptsMicros } of keyframes) {
    const x = Math.round(xOf(scale, ptsMicros));
    if (x < -4 || x > scale.width + 4) {
      continue;
    }
    const evident = marks.evidencePts.has(ptsMicros);
    const selected = ptsMicros === marks.selectedPts;
    canvas.fillStyle = selected ? palette.selection : evident ? palette.evidence : palette.library;
    canvas.fillRect(
      x - (selected ? 3 : 1),
      lane.top + (selected ? 2 : 4),
      selected ? 7 : evident ? 4 : 2,
      lane.height - (selected ? 4 : 8),
    );
    if (selected) {
      canvas.fillStyle = '#fff';
      canvas.fillRect(x, lane.top + 4, 1, lane.height - 8);
    }
  }
};

/** Paints what does not follow the playhead. */
export const paintStill = (
  canvas: Canvas,
  lanes: readonly Lane[],
  scale: TimeScale,
  palette: Palette,
  data: TimelineData,
  marks: Marks,
): void => {
  const bottom = lanes.reduce((sum, lane) => Math.max(sum, lane.top + lane.height), 0);
  canvas.fillStyle = palette.ground;
  canvas.fillRect(0, 0, scale.width, bottom);
  lanes.forEach((lane, i) => {
    if (i % 2 === 1) {
      canvas.fillStyle = palette.stripe;
      canvas.globalAlpha = 0.5;
      canvas.fillRect(0, lane.top, scale.width, lane.height);
      canvas.globalAlpha = 1;
    }
  });
  paintRuler(canvas, lanes, scale, palette);
  paintTracking(canvas, laneOf(lanes, 'tracking'), scale, palette, data);
  paintSpans(canvas, laneOf(lanes, 'labels'), scale, palette, data.spans, marks);
  paintKeyframes(canvas, laneOf(lanes, 'keyframes'), scale, palette, data.keyframes, marks);
};

const paintWorking = (
  canvas: Canvas,
  lane: Lane,
  scale: TimeScale,
  palette: Palette,
  memory: MemoryTimeline,
  playheadMicros: number,
): void => {
  const middle = lane.top + lane.height / 2;
  const window = workingWindow(memory, playheadMicros);
  const from = firstAtOrAfter(memory.stepPtsMicros, scale.start);
  const to = firstAtOrAfter(memory.stepPtsMicros, scale.end + 1);
  const stride = Math.max(1, Math.floor((to - from) / (scale.width / 3)));
  canvas.fillStyle = palette.strong;
  for (let i = from; i < to; i += stride) {
    canvas.fillRect(Math.round(xOf(scale, memory.stepPtsMicros[i] ?? 0)) - 1, middle - 1, 2, 2);
  }
  if (!window) {
    return;
  }
  const left = xOf(scale, window[0]) - 4;
  const right = xOf(scale, window[1]) + 4;
  canvas.fillStyle = palette.working;
  canvas.globalAlpha = 0.22;
  canvas.fillRect(left, lane.top + 3, right - left, lane.height - 6);
  canvas.globalAlpha = 1;
  canvas.strokeStyle = palette.working;
  canvas.lineWidth = 1.5;
  canvas.strokeRect(left, lane.top + 3.5, right - left, lane.height - 7);
  canvas.lineWidth = 1;
  canvas.fillStyle = palette.working;
  const first = firstAtOrAfter(memory.stepPtsMicros, window[0]);
  for (let i = first; (memory.stepPtsMicros[i] ?? Infinity) <= window[1]; i++) {
    canvas.fillRect(xOf(scale, memory.stepPtsMicros[i] ?? 0) - 1.5, middle - 4, 3, 8);
  }
};

const paintEpisodic = (
  canvas: Canvas,
  lane: Lane,
  scale: TimeScale,
  palette: Palette,
  memory: MemoryTimeline,
  marks: Marks,
): void => {
  for (const entry of memory.episodic) {
    const x = Math.round(xOf(scale, entry.ptsMicros));
    if (x < -4 || x > scale.width + 4) {
      continue;
    }
    const held = isHeld(entry, marks.playheadMicros);
    const ahead = entry.enteredAtPtsMicros > marks.playheadMicros;
    if (ahead) {
      canvas.fillStyle = palette.strong;
      canvas.fillRect(x - 1, lane.top + lane.height / 2 - 2, 2, 4);
      continue;
    }
    // Held is a full bar; superseded is a faded, hollow one.
    canvas.globalAlpha = held ? 1 : 0.45;
    canvas.strokeStyle = canvas.fillStyle = palette.episodic;
    if (held) {
      canvas.fillRect(x - 2, lane.top + 3, 5, lane.height - 6);
    } else {
      canvas.strokeRect(x - 1.5, lane.top + 6.5, 3, lane.height - 13);
    }
    canvas.globalAlpha = 1;
    if (entry.ptsMicros === marks.selectedPts) {
      canvas.strokeStyle = palette.selection;
      canvas.lineWidth = 2;
      canvas.strokeRect(x - 4, lane.top + 2, 9, lane.height - 4);
      canvas.lineWidth = 1;
    }
  }
};

/** Paints what moves: the working window, what episodic memory holds as of the playhead, and the playhead itself. */
export const paintMoving = (
  canvas: Canvas,
  lanes: readonly Lane[],
  scale: TimeScale,
  palette: Palette,
  memory: MemoryTimeline | undefined,
  marks: Marks,
): void => {
  const bottom = lanes.reduce((sum, lane) => Math.max(sum, lane.top + lane.height), 0);
  canvas.clearRect(0, 0, scale.width, bottom);
  if (memory) {
    paintWorking(canvas, laneOf(lanes, 'working'), scale, palette, memory, marks.playheadMicros);
    paintEpisodic(canvas, laneOf(lanes, 'episodic'), scale, palette, memory, marks);
  }
  if (marks.hoverMicros !== undefined) {
    const x = Math.round(xOf(scale, marks.hoverMicros)) + 0.5;
    canvas.strokeStyle = palette.strong;
    canvas.beginPath();
    canvas.moveTo(x, 0);
    canvas.lineTo(x, bottom);
    canvas.stroke();
  }
  const x = Math.round(xOf(scale, marks.playheadMicros)) + 0.5;
  canvas.strokeStyle = canvas.fillStyle = palette.text;
  canvas.beginPath();
  canvas.moveTo(x, 0);
  canvas.lineTo(x, bottom);
  canvas.stroke();
  canvas.beginPath();
  canvas.moveTo(x - 5, 0);
  canvas.lineTo(x + 5, 0);
  canvas.lineTo(x + 5, 6);
  canvas.lineTo(x, 11);
  canvas.lineTo(x - 5, 6);
  canvas.fill();
};
