/** A stretch of time on screen: microseconds from `start` to `end` over `width` pixels. */
export interface TimeScale {
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

/** The shortest stretch that can be shown: a tenth of a second. */
const shortestMicros = 100_000;

/** Pixel of a time. */
export const xOf = ({ start, end, width }: TimeScale, micros: number): number =>
  ((micros - start) / (end - start)) * width;

/** Time at a pixel. */
export const timeAt = ({ start, end, width }: TimeScale, x: number): number => start + (x / width) * (end - start);

/** Moves a stretch back inside the bounds, keeping its length where it fits. */
export const clampScale = (scale: TimeScale, low: number, high: number): TimeScale => {
  const whole = Math.max(high - low, shortestMicros);
  const length = Math.min(Math.max(scale.end - scale.start, shortestMicros), whole);
  const start = Math.min(Math.max(scale.start, low), low + whole - length);
  return { start, end: start + length, width: scale.width };
};

/** Zooms so that the time at pixel `x` stays where it is; a factor above 1 shows more time. */
export const zoomAt = (scale: TimeScale, x: number, factor: number, low: number, high: number): TimeScale => {
  const length = Math.min(
    Math.max((scale.end - scale.start) * factor, shortestMicros),
    Math.max(high - low, shortestMicros),
  );
  const fixed = timeAt(scale, x);
  const start = fixed - (x / scale.width) * length;
  return clampScale({ start, end: start + length, width: scale.width }, low, high);
};

/** Moves by pixels; positive shows later times. */
export const panBy = (scale: TimeScale, pixels: number, low: number, high: number): TimeScale => {
  const micros = (pixels / scale.width) * (scale.end - scale.start);
  return clampScale({ ...scale, start: scale.start + micros, end: scale.end + micros }, low, high);
};

/** Brings a time into view, turning the page when it has left it. */
export const reveal = (scale: TimeScale, micros: number, low: number, high: number): TimeScale => {
  if (micros >= scale.start && micros <= scale.end) {
    return scale;
  }
  const length = scale.end - scale.start;
  const start = micros - length * 0.1;
  return clampScale({ ...scale, start, end: start + length }, low, high);
};

const stepsSeconds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200];

/** Round times to label, at least `spacing` pixels apart, and how far apart they are; all in microseconds. */
export const ticks = (scale: TimeScale, spacing = 80): { readonly step: number; readonly times: readonly number[] } => {
  const wanted = ((scale.end - scale.start) / 1e6 / scale.width) * spacing;
  const step = (stepsSeconds.find((seconds) => seconds >= wanted) ?? Math.ceil(wanted / 3600) * 3600) * 1e6;
  const first = Math.ceil(scale.start / step);
  const last = Math.floor(scale.end / step);
  return { step, times: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step) };
};
