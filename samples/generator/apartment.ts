import type { Vector3 } from '../../app/contract/geometry.ts';
import type { Piece } from './furniture/piece.ts';
import type { Shape } from './shapes.ts';

/** Thickness of every wall and height of every room, in metres. */
export const wallThickness = 0.14;
export const roomHeight = 2.6;

/** A room as the rectangle between the inner faces of its walls; metres in the world's x and y. */
export interface Room {
  readonly name: string;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly floor: string;
  readonly walls: string;
}

/** A hole in a wall, measured along the wall. */
export interface Opening {
  readonly kind: 'door' | 'passage' | 'window';
  readonly from: number;
  readonly to: number;
  readonly bottom: number;
  readonly top: number;
}

/**
 * A straight wall on a centre line: at `y = line` running along x, or at `x = line` running along y.
 * `below` and `above` name the rooms on the side of smaller and of larger coordinate; `undefined` is outdoors.
 */
export interface Wall {
  readonly along: 'x' | 'y';
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly below: Room | undefined;
  readonly above: Room | undefined;
  readonly openings: readonly Opening[];
}

/** A thing that a person would name; its mask number marks its pixels in rendered truth. */
export interface Item {
  readonly id: string;
  readonly label: string;
  readonly maskNumber: number;
  readonly room: string;
  readonly piece: Piece;
  readonly position: Vector3;
  readonly yaw: number;
}

/** An item that stands at one place until the middle of the walk and at another afterwards. */
export interface MovedItem {
  readonly item: Item;
  readonly after: { readonly position: Vector3; readonly yaw: number };
}

/** A window as a source of daylight: its centre, half extents along the wall and upwards, and the way into the room. */
export interface Daylight {
  readonly center: Vector3;
  readonly along: Vector3;
  readonly inward: Vector3;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** A lamp that is switched on. */
export interface Lamp {
  readonly position: Vector3;
  readonly power: number;
}

/** Everything that stands still, and the one thing that is moved. */
export interface Apartment {
  readonly seed: number;
  readonly rooms: readonly Room[];
  readonly walls: readonly Wall[];
  /** Floors, ceilings, walls, trim: whatever belongs to the building. */
  readonly structure: Shape;
  /** The view from the windows: pictures that light nothing and shade nothing. */
  readonly outdoors: Shape;
  readonly items: readonly Item[];
  readonly moved: MovedItem;
  readonly daylight: readonly Daylight[];
  readonly lamps: readonly Lamp[];
}

/** Mask numbers that are no item's. */
export const maskNumbers = { outdoors: 0, structure: 1, firstItem: 2, person: 255 } as const;
