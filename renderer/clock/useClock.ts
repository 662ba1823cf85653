import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { FrameRecord } from '../../app/contract/session.ts';
import { firstAtOrAfter, frameAt, nearestFrame } from './frames.ts';
import type { PtsList } from './frames.ts';

/** Speeds that J and L walk through. */
export const rates = [0.1, 0.25, 0.5, 1, 1.5, 2, 4, 8] as const;

/**
 * The one playhead of the window, in microseconds of the stream. While a video plays it is the master and reports
 * its frames through `tick`; otherwise whoever seeks sets the playhead and the video follows (`seeks`).
 */
export const useClock = defineStore('clock', () => {
  const records = shallowRef<readonly FrameRecord[]>([]);
  const ptsList = shallowRef<PtsList>(new Float64Array());
  const playheadMicros = ref(0);
  const playing = ref(false);
  const rate = ref(1);
  /** Counts seeks, so that a player can tell a seek from its own ticks. */
  const seeks = ref(0);

  const frameIndex = computed(() => frameAt(ptsList.value, playheadMicros.value));
  const frame = computed(() => records.value[frameIndex.value]);
  const startMicros = computed(() => ptsList.value[0] ?? 0);
  const endMicros = computed(() => ptsList.value.at(-1) ?? 0);

  const snapped = (micros: number): number => ptsList.value[frameAt(ptsList.value, micros)] ?? micros;

  const seek = (micros: number): void => {
    playheadMicros.value = snapped(micros);
    seeks.value += 1;
  };

  /** Takes over the frames of a session, which may have grown since; the playhead stays where it is. */
  const setFrames = (frames: readonly FrameRecord[]): void => {
    records.value = frames;
    ptsList.value = Float64Array.from(frames, (record) => record.ptsMicros);
    if (frames.length > 0 && snapped(playheadMicros.value) !== playheadMicros.value) {
      seek(playheadMicros.value);
    }
  };

  /** Begins anew with another session. */
  const reset = (micros = 0): void => {
    playing.value = false;
    records.value = [];
    ptsList.value = new Float64Array();
    playheadMicros.value = micros;
    seeks.value += 1;
  };

  /** The video shows the frame that it calls `micros`. */
  const tick = (micros: number): void => {
    playheadMicros.value = ptsList.value[nearestFrame(ptsList.value, micros)] ?? micros;
  };

  const step = (frames: number): void => {
    playing.value = false;
    const target = Math.min(Math.max(frameIndex.value + frames, 0), ptsList.value.length - 1);
    seek(ptsList.value[target] ?? playheadMicros.value);
  };

  const stepSeconds = (seconds: number): void => {
    playing.value = false;
    seek(Math.min(Math.max(playheadMicros.value + seconds * 1e6, startMicros.value), endMicros.value));
  };

  /** Goes to the next (or with −1 the previous) of some sorted time stamps. */
  const stepAmong = (marks: readonly number[], direction: 1 | -1): void => {
    const next = firstAtOrAfter(marks, playheadMicros.value + (direction > 0 ? 1 : 0));
    const target = direction > 0 ? marks[next] : marks[next - 1];
    if (target !== undefined) {
      playing.value = false;
      seek(target);
    }
  };

  const toggle = (): void => {
    if (!playing.value && endMicros.value > 0 && playheadMicros.value >= endMicros.value) {
      seek(startMicros.value);
    }
    playing.value = !playing.value;
  };

  /** One step up or down the list of speeds. */
  const changeRate = (direction: 1 | -1): void => {
    const at = rates.findIndex((candidate) => candidate >= rate.value);
    rate.value = rates[Math.min(Math.max(at + direction, 0), rates.length - 1)] ?? 1;
  };

  return {
    records,
    ptsList,
    playheadMicros,
    playing,
    rate,
    seeks,
    frameIndex,
    frame,
    startMicros,
    endMicros,
    setFrames,
    reset,
    seek,
    tick,
    step,
    stepSeconds,
    stepAmong,
    toggle,
    changeRate,
  };
});
