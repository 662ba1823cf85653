import { mat3, quat, vec3 } from 'gl-matrix';
import type { Pose } from '../../contract/geometry.ts';
import type { FrameTransform, Transform } from './messages.ts';

type Three = [number, number, number];
type Four = [number, number, number, number];

/** A pose further than this from the next sample of its track is not known. */
const maxGapMicros = 500_000;

interface Sample {
  readonly stampMicros: number;
  readonly transform: Transform;
}

const between = (a: Transform, b: Transform, share: number): Transform => {
  const translation = vec3.lerp([0, 0, 0], [...a.translation], [...b.translation], share) as Three;
  const rotation = quat.slerp([0, 0, 0, 1], [...a.rotation], [...b.rotation], share) as Four;
  return { translation, rotation };
};

/** `aFromC` from `aFromB` and `bFromC`. */
const compose = (a: Transform, b: Transform): Transform => {
  const moved = vec3.transformQuat([0, 0, 0], [...b.translation], [...a.rotation]);
  const translation = vec3.add(moved, moved, [...a.translation]) as Three;
  const rotation = quat.multiply([0, 0, 0, 1], [...a.rotation], [...b.rotation]) as Four;
  return { translation, rotation };
};

const toPose = ({ translation: [x, y, z], rotation }: Transform): Pose | undefined => {
  const unit = quat.normalize([0, 0, 0, 1], [...rotation]);
  const m = mat3.fromQuat([0, 0, 0, 0, 0, 0, 0, 0, 0], unit);
  const pose = [m[0], m[3], m[6], x, m[1], m[4], m[7], y, m[2], m[5], m[8], z, 0, 0, 0, 1];
  const isRotation = Math.abs(quat.length([...rotation]) - 1) < 0.01;
  return isRotation && pose.every(Number.isFinite) ? pose : undefined;
};

/** Samples of one transform over time, interpolated between them; a single one holds for ever. */
class Track {
  readonly #samples: readonly Sample[];

  constructor(samples: readonly Sample[]) {
    this.#samples = samples.toSorted((a, b) => a.stampMicros - b.stampMicros);
  }

  at(stampMicros: number): Transform | undefined {
    const [only, ...others] = this.#samples;
    if (others.length === 0) {
      return only?.transform;
    }
    let [low, high] = [0, this.#samples.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      [low, high] = (this.#samples[middle]?.stampMicros ?? 0) < stampMicros ? [middle + 1, high] : [low, middle];
    }
    const [before, after] = [this.#samples[low - 1], this.#samples[low]];
    const near = [before, after].filter(
      (sample) => sample !== undefined && Math.abs(sample.stampMicros - stampMicros) <= maxGapMicros,
    );
    if (!before || !after || near.length < 2) {
      return near[0]?.transform;
    }
    const share = (stampMicros - before.stampMicros) / Math.max(1, after.stampMicros - before.stampMicros);
    return between(before.transform, after.transform, share);
  }
}

/** Where a camera was over time. */
export interface PoseTrack {
  /** `worldFromCamera`; `undefined` where it is not known or no rigid transform. */
  at(stampMicros: number): Pose | undefined;
}

/** The poses of a topic that tells them directly. */
export const trackOfPoses = (samples: readonly Sample[]): PoseTrack => {
  const track = new Track(samples);
  return {
    at: (stampMicros) => {
      const transform = track.at(stampMicros);
      return transform && toPose(transform);
    },
  };
};

/** Frames are chained to this depth at most: a longer chain is a loop. */
const maxDepth = 64;

/** The pose of a frame in the root of its tree of transforms; `undefined` when the tree does not hold it. */
export const trackOfTree = (transforms: readonly FrameTransform[], frameId: string): PoseTrack | undefined => {
  const byChild = Map.groupBy(transforms, ({ child }) => child);
  const chain: Track[] = [];
  for (let child = frameId.replace(/^\//, ''); ;) {
    const samples = byChild.get(child);
    const [first] = samples ?? [];
    if (!samples || !first || chain.length > maxDepth) {
      break;
    }
    chain.push(new Track(samples));
    child = first.parent;
  }
  if (chain.length === 0 || chain.length > maxDepth) {
    return undefined;
  }
  return {
    at: (stampMicros) => {
      let rootFromCamera: Transform | undefined;
      for (const track of chain) {
        const parentFromChild = track.at(stampMicros);
        if (!parentFromChild) {
          return undefined;
        }
        rootFromCamera = rootFromCamera ? compose(parentFromChild, rootFromCamera) : parentFromChild;
      }
      return rootFromCamera && toPose(rootFromCamera);
    },
  };
};
