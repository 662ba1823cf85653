import { Camera } from '@babylonjs/core/Cameras/camera';
import { Matrix, Vector3 as BabylonVector3 } from '@babylonjs/core/Maths/math.vector';
import type { Scene } from '@babylonjs/core/scene';
import { eyeOf, fieldOfView, forwardOf } from './rig.ts';
import type { RigState } from './rig.ts';

/**
 * A camera that stands where a rig says. The one place where our world meets Babylon's: both are right-handed here
 * (`useRightHandedSystem`), and z is up because the view matrix says so; nothing is converted anywhere else.
 */
export class RigCamera extends Camera {
  #rig: RigState;
  readonly #view = Matrix.Identity();

  constructor(scene: Scene, rig: RigState) {
    super('rig', BabylonVector3.Zero(), scene);
    this.#rig = rig;
    this.fov = fieldOfView;
    this.minZ = 0.02;
    this.maxZ = 2000;
  }

  get rig(): RigState {
    return this.#rig;
  }

  set rig(rig: RigState) {
    this.#rig = rig;
    // The near and far planes move with the scale of what is looked at, to keep the depth buffer's digits.
    this.minZ = Math.max(0.002, rig.distance / 200);
    this.maxZ = Math.max(100, rig.distance * 50);
  }

  override _isSynchronizedViewMatrix(): boolean {
    return false;
  }

  override _getViewMatrix(): Matrix {
    const eye = BabylonVector3.FromArray(eyeOf(this.#rig));
    const target = eye.add(BabylonVector3.FromArray(forwardOf(this.#rig)));
    this.position.copyFrom(eye);
    Matrix.LookAtRHToRef(eye, target, new BabylonVector3(0, 0, 1), this.#view);
    return this.#view;
  }
}
