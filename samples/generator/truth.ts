import type { OrientedBox, Pose, Vector3 } from '../../app/contract/geometry.ts';
import type { SceneDocument } from '../../app/contract/scene.ts';
import type { Item, Room } from './apartment.ts';
import { figureAt, figureHeight } from './figure.ts';
import type { PlannedApartment } from './layout.ts';
import { frameRate } from './walk.ts';
import type { WalkFrame } from './walk.ts';

/** The truth about an apartment beyond what a scene document holds. */
export interface ApartmentTruth extends SceneDocument {
  readonly rooms: readonly {
    readonly name: string;
    readonly floorAreaSquareMetres: number;
    readonly outline: number[][];
  }[];
  readonly moved: {
    readonly id: string;
    readonly label: string;
    /** It stood at `before` in frames before this one and at `after` from this one on. Nobody saw it being moved. */
    readonly movedAtPtsMicros: number;
    readonly before: OrientedBox;
    readonly after: OrientedBox;
  };
  /** Where the walking person stood at which frame; feet, in world coordinates. */
  readonly person: {
    readonly heightMetres: number;
    readonly path: readonly { readonly ptsMicros: number; readonly position: Vector3 }[];
  };
}

/** Detail at which vertices are looked at for boxes: rounded edges and turned parts are exact there. */
const boxCellMetres = 0.25;

/** The smallest box along an item's own axes that holds all of it. */
export const boxOf = (item: Item, where: { readonly position: Vector3; readonly yaw: number } = item): OrientedBox => {
  const min: Vector3 = [Infinity, Infinity, Infinity];
  const max: Vector3 = [-Infinity, -Infinity, -Infinity];
  for (const { vertices } of item.piece.shape(boxCellMetres)) {
    for (const { position } of vertices) {
      for (const axis of [0, 1, 2] as const) {
        min[axis] = Math.min(min[axis], position[axis]);
        max[axis] = Math.max(max[axis], position[axis]);
      }
    }
  }
  const [c, s] = [Math.cos(where.yaw), Math.sin(where.yaw)];
  const [x, y, z] = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  return {
    center: [where.position[0] + c * x - s * y, where.position[1] + s * x + c * y, where.position[2] + z],
    axesLengths: [max[0] - min[0], max[1] - min[1], max[2] - min[2]],
    axes: [c, s, 0, -s, c, 0, 0, 0, 1],
  };
};

const areaOf = ({ minX, minY, maxX, maxY }: Room): number => (maxX - minX) * (maxY - minY);

/** The frame from which on the moved item stands at its second place: half way, when another room is in view. */
export const moveFrame = (walk: readonly WalkFrame[]): number => Math.floor(walk.length / 2);

/** Everything true about the apartment of a walk, as its scene document with some more fields. */
export const truthOf = (
  apartment: PlannedApartment,
  walk: readonly WalkFrame[],
  environment: string,
): ApartmentTruth => {
  const { moved, rooms, items } = apartment;
  return {
    environment,
    up: [0, 0, 1],
    scale: 'metric',
    floorAreaSquareMetres: rooms.reduce((sum, room) => sum + areaOf(room), 0),
    objects: items.map((item) => ({
      id: item.id,
      label: item.label,
      ...boxOf(item, item === moved.item ? moved.after : item),
      confidence: 1,
      source: 'truth',
      observations: 0,
      evidence: [],
    })),
    relations: [],
    rooms: rooms.map((room) => ({
      name: room.name,
      floorAreaSquareMetres: areaOf(room),
      outline: [
        [room.minX, room.minY],
        [room.maxX, room.minY],
        [room.maxX, room.maxY],
        [room.minX, room.maxY],
      ],
    })),
    moved: {
      id: moved.item.id,
      label: moved.item.label,
      movedAtPtsMicros: walk[moveFrame(walk)]?.ptsMicros ?? 0,
      before: boxOf(moved.item),
      after: boxOf(moved.item, moved.after),
    },
    person: {
      heightMetres: figureHeight,
      path: walk.flatMap(({ index, ptsMicros }) => {
        const figure = figureAt(apartment.plan, index / frameRate);
        return figure ? [{ ptsMicros, position: [figure.position[0], figure.position[1], 0] as Vector3 }] : [];
      }),
    },
  };
};

/** Unit quaternion (x, y, z, w) of a pose's rotation (Shepperd 1978: divide by the largest component). */
const quaternionOf = (pose: Pose): readonly [number, number, number, number] => {
  const m = (row: number, column: number): number => pose[row * 4 + column] ?? 0;
  const squares = [
    1 + m(0, 0) - m(1, 1) - m(2, 2),
    1 - m(0, 0) + m(1, 1) - m(2, 2),
    1 - m(0, 0) - m(1, 1) + m(2, 2),
    1 + m(0, 0) + m(1, 1) + m(2, 2),
  ];
  const largest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[largest] ?? 1);
  const [xy, xz, yz] = [m(0, 1) + m(1, 0), m(0, 2) + m(2, 0), m(1, 2) + m(2, 1)];
  const [wx, wy, wz] = [m(2, 1) - m(1, 2), m(0, 2) - m(2, 0), m(1, 0) - m(0, 1)];
  switch (largest) {
    case 0:
      return [s / 4, xy / s, xz / s, wx / s];
    case 1:
      return [xy / s, s / 4, yz / s, wy / s];
    case 2:
      return [xz / s, yz / s, s / 4, wz / s];
    default:
      return [wx / s, wy / s, wz / s, s / 4];
  }
};

/** Camera-to-world poses in the TUM format: seconds, position, quaternion; one line a frame. */
export const tumTrajectory = (walk: readonly WalkFrame[]): string =>
  walk
    .map(({ ptsMicros, worldFromCamera: pose }) =>
      [
        (ptsMicros / 1e6).toFixed(6),
        ...[pose[3] ?? 0, pose[7] ?? 0, pose[11] ?? 0, ...quaternionOf(pose)].map((value) => value.toFixed(6)),
      ].join(' '),
    )
    .join('\n')
    .concat('\n');
