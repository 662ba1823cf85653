import type { PointCloud } from '../../contract/binary.ts';
import type { Intrinsics, Pose } from '../../contract/geometry.ts';
import type { ReferenceOptions, Stretch } from '../../contract/projection.ts';
import { resizeIntrinsics } from '../camera.ts';
import { motionBetween } from '../pose.ts';
import { bestAssignment } from './assignment.ts';
import { SurfaceRenderer } from './surface-view.ts';

/** A picture that may be chosen. */
export interface Candidate {
  readonly ptsMicros: number;
  readonly worldFromCamera: Pose;
}

/** Enough points and pixels to tell which surfaces two cameras share. */
const sampledPoints = 60_000;
const sampledWidth = 160;
/** A stretch looks at this many candidates, those nearest to it; a long session has thousands. */
const nearestCandidates = 160;

/** Every n-th point, so that about `count` are left. */
const sample = ({ positions, colours }: PointCloud, count: number): PointCloud => {
  const points = positions.length / 3;
  const step = Math.max(1, Math.floor(points / count));
  const kept = Array.from({ length: Math.floor(points / step) }, (_, i) => 3 * i * step);
  return {
    positions: Float32Array.from(kept.flatMap((i) => [...positions.subarray(i, i + 3)])),
    colours: Uint8Array.from(kept.flatMap((i) => [...colours.subarray(i, i + 3)])),
  };
};

const bitsIn = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Share of the points of one set that are in the other one too; 0 for an empty set. */
export const overlap = (seen: Uint32Array, other: Uint32Array): number => {
  let [all, shared] = [0, 0];
  for (let i = 0; i < seen.length; i++) {
    const word = seen[i] ?? 0;
    all += bitsIn(word);
    shared += bitsIn(word & (other[i] ?? 0));
  }
  return all > 0 ? shared / all : 0;
};

/** How far two views are from each other, a radian counting as a unit of length. */
const apart = (a: Pose, b: Pose): number => {
  const { metres, radians } = motionBetween(a, b);
  return metres + radians;
};

/** The candidates in order of their distance from the nearest of the poses. */
export const nearestTo = (poses: readonly Pose[], candidates: readonly Candidate[]): Candidate[] =>
  candidates
    .map((candidate) => ({
      candidate,
      distance: Math.min(...poses.map((pose) => apart(pose, candidate.worldFromCamera))),
    }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);

/**
 * Chooses the pictures that show best what a path shows. The path is cut into stretches; in each, `perStretch` frames at
 * even distances are given one picture each, no picture twice, so that the sum of overlaps is largest. The overlap of a
 * frame and a picture is the share of the map points that the frame sees, hidden ones excluded, that the picture's camera
 * sees too; below `minOverlap` a frame goes without.
 */
export const chooseReferences = async (
  map: PointCloud,
  path: readonly Pose[],
  pathIntrinsics: Intrinsics,
  candidates: readonly Candidate[],
  candidateIntrinsics: Intrinsics,
  { perStretch, minOverlap, stretchFrames }: ReferenceOptions,
): Promise<Stretch[]> => {
  const renderer = new SurfaceRenderer(sample(map, sampledPoints));
  const small = (intrinsics: Intrinsics): Intrinsics => {
    const width = Math.min(sampledWidth, intrinsics.width);
    return resizeIntrinsics(intrinsics, width, Math.max(1, Math.round((intrinsics.height * width) / intrinsics.width)));
  };
  const seenByCandidate = new Map<Candidate, Uint32Array>();
  const seenBy = async (candidate: Candidate): Promise<Uint32Array> => {
    const known = seenByCandidate.get(candidate);
    const seen = known ?? (await renderer.visiblePoints(candidate.worldFromCamera, small(candidateIntrinsics)));
    seenByCandidate.set(candidate, seen);
    return seen;
  };

  const stretches: Stretch[] = [];
  for (let firstFrame = 0; firstFrame < path.length; firstFrame += stretchFrames) {
    const length = Math.min(stretchFrames, path.length - firstFrame);
    const count = Math.min(perStretch, length);
    const frames = Array.from({ length: count }, (_, i) => firstFrame + Math.floor(((i + 0.5) * length) / count));
    const targets = frames.flatMap((frame) => {
      const worldFromCamera = path[frame];
      return worldFromCamera ? [{ frame, worldFromCamera }] : [];
    });
    const near = nearestTo(
      targets.map(({ worldFromCamera }) => worldFromCamera),
      candidates,
    ).slice(0, nearestCandidates);
    const gains: number[][] = [];
    for (const { worldFromCamera } of targets) {
      const seen = await renderer.visiblePoints(worldFromCamera, small(pathIntrinsics));
      const row: number[] = [];
      for (const candidate of near) {
        const share = overlap(seen, await seenBy(candidate));
        row.push(share >= minOverlap ? share : 0);
      }
      gains.push(row);
    }
    const assignments = bestAssignment(gains).flatMap((column, row) => {
      const [target, candidate, gain = 0] = [targets[row], near[column ?? -1], gains[row]?.[column ?? -1]];
      return target && candidate && gain > 0
        ? [{ frame: target.frame, ptsMicros: candidate.ptsMicros, overlap: gain }]
        : [];
    });
    stretches.push({ firstFrame, lastFrame: firstFrame + length - 1, assignments });
  }
  return stretches;
};
