import type { Vector3 } from '../../../app/contract/geometry.ts';
import type { Shape } from '../shapes.ts';

/**
 * A piece of furniture before it is placed: it stands on z = 0, is centred on the z axis, and its front looks along +y.
 * `size` is what it takes up (width along x, depth along y, height), for placing; truth boxes come from its vertices.
 */
export interface Piece {
  readonly label: string;
  readonly shape: Shape;
  readonly size: Vector3;
}
