import { deserialize, serialize } from 'node:v8';
import type { LociError } from '../contract/errors.ts';
import type { MapState } from './map-builder.ts';

/**
 * Everything that an ingest needs to go on after it was cut short, as of the last frame that the library acknowledged.
 * It is saved after the rows of its batch, so a crash between the two repeats a few frames and writes the same rows.
 */
export interface Checkpoint {
  readonly lastPtsMicros: number;
  readonly frames: number;
  readonly keyframes: number;
  readonly tracked: number;
  readonly lost: number;
  readonly lastStepPtsMicros: number | undefined;
  readonly lastKeptPtsMicros: number | undefined;
  readonly warnings: readonly LociError[];
  readonly map: MapState;
  /** Views that the session's map had kept and the library holds; those that the tracker had not handed out are in it. */
  readonly views: number;
  readonly tracker: Uint8Array;
  readonly dualMemory: unknown;
}

const format = 2;

/** Packs a checkpoint into bytes. */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => serialize({ format, checkpoint });

/** Reads what `encodeCheckpoint` wrote; undefined when it is damaged or of another format, so that work starts afresh. */
export const decodeCheckpoint = (bytes: Uint8Array): Checkpoint | undefined => {
  try {
    const read = deserialize(bytes) as { format?: number; checkpoint?: Checkpoint };
    return read.format === format ? read.checkpoint : undefined;
  } catch {
    return undefined;
  }
};
