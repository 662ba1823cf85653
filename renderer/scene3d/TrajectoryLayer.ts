import type { Scene } from '@babylonjs/core/scene';
import type { FrameRecord } from '../../app/contract/session.ts';
import type { SceneColours } from './colours.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { SegmentBatch } from './SegmentBatch.ts';
import type { Segment } from './SegmentBatch.ts';
import { positionOf } from './vector.ts';

/** More segments than this cannot be told apart on a screen. */
const mostSegments = 20_000;

/** The camera's way: what lies behind the playhead, what lies ahead, and the working window. Gaps where it was lost. */
export class TrajectoryLayer implements SceneLayer {
  readonly #lines: SegmentBatch;
  #colours: SceneColours;
  #window = { playhead: 0, from: 0, to: 0 };

  constructor(scene: Scene, colours: SceneColours) {
    this.#lines = new SegmentBatch(scene, 'trajectory', 1.5);
    this.#colours = colours;
    this.#tint();
  }

  set visible(visible: boolean) {
    this.#lines.visible = visible;
  }

  show(records: readonly FrameRecord[]): void {
    const stride = Math.max(1, Math.ceil(records.length / mostSegments));
    const kept = records.filter((_, i) => i % stride === 0 || i === records.length - 1);
    const segments = kept.flatMap((record, i): Segment[] => {
      const before = kept[i - 1];
      return before?.worldFromCamera && record.worldFromCamera
        ? [
            {
              from: positionOf(before.worldFromCamera),
              to: positionOf(record.worldFromCamera),
              colour: this.#colours.neutral,
              time: record.ptsMicros / 1e6,
            },
          ]
        : [];
    });
    this.#lines.fill(segments);
  }

  /** Moves the playhead and the working window; microseconds. */
  setTime(playheadMicros: number, working: readonly [number, number] | undefined): void {
    this.#window = {
      playhead: playheadMicros / 1e6 + 1e-4,
      from: (working?.[0] ?? Infinity) / 1e6 - 1e-4,
      to: (working?.[1] ?? -Infinity) / 1e6 + 1e-4,
    };
    this.#tint();
  }

  recolour(colours: SceneColours): void {
    this.#colours = colours;
    this.#tint();
  }

  dispose(): void {
    this.#lines.dispose();
  }

  #tint(): void {
    const { neutral, dim, working } = this.#colours;
    this.#lines.followTime(this.#window, { past: neutral, ahead: dim, working });
  }
}
