import { Engine } from '@babylonjs/core/Engines/engine';
import { Color4 } from '@babylonjs/core/Maths/math.color';
import { Matrix, Vector3 as BabylonVector3, Vector4 } from '@babylonjs/core/Maths/math.vector';
import { Scene } from '@babylonjs/core/scene';
import type { Vector3 } from '../../app/contract/geometry.ts';
import type { SceneColours } from './colours.ts';
import type { Ray } from './picking.ts';
import { between, eyeOf, overview } from './rig.ts';
import type { RigState } from './rig.ts';
import { RigCamera } from './RigCamera.ts';
import { unit } from './vector.ts';

const flightMillis = 150;
const restMillis = 200;

/** The 3D canvas. It draws only when something changed: a still picture costs nothing. */
export class Viewport {
  readonly scene: Scene;
  readonly #engine: Engine;
  readonly #camera: RigCamera;
  readonly #canvas: HTMLCanvasElement;
  readonly #resizes: ResizeObserver;
  readonly #listeners = new Set<(moving: boolean) => void>();
  #scheduled = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #moving = false;

  constructor(canvas: HTMLCanvasElement, colours: SceneColours) {
    this.#canvas = canvas;
    this.#engine = new Engine(canvas, true, {
      stencil: false,
      audioEngine: false,
      powerPreference: 'high-performance',
    });
    this.scene = new Scene(this.#engine);
    this.scene.useRightHandedSystem = true;
    this.scene.skipPointerMovePicking = true;
    this.scene.autoClear = true;
    this.#camera = new RigCamera(this.scene, overview([-3, -3, -1], [3, 3, 1]));
    this.scene.activeCamera = this.#camera;
    this.recolour(colours);
    this.#resizes = new ResizeObserver(() => this.#resize());
    this.#resizes.observe(canvas);
    this.#resize();
  }

  get rig(): RigState {
    return this.#camera.rig;
  }

  /** Size of the view in pixels of the page. */
  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  recolour({ ground: [r, g, b] }: SceneColours): void {
    this.scene.clearColor = new Color4(r, g, b, 1);
    this.invalidate();
  }

  /** Calls back before each picture that is drawn, and tells whether the view is on the move. */
  onDraw(listener: (moving: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** Moves the camera at once. */
  moveTo(rig: RigState): void {
    this.#camera.rig = rig;
    this.#moving = true;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      this.#moving = false;
      this.invalidate();
    }, restMillis);
    this.invalidate();
  }

  /** Flies there, or jumps for those who asked their system for less motion. */
  flyTo(rig: RigState): void {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.moveTo(rig);
      return;
    }
    const from = this.rig;
    const began = performance.now();
    const step = (now: number): void => {
      const share = Math.min(1, (now - began) / flightMillis);
      this.moveTo(between(from, rig, 1 - (1 - share) ** 3));
      if (share < 1) {
        requestAnimationFrame(step);
      }
    };
    requestAnimationFrame(step);
  }

  /** Asks for a new picture. */
  invalidate(): void {
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#scheduled = 0;
      if (this.#engine.isDisposed || this.size.width === 0) {
        return;
      }
      this.#listeners.forEach((listener) => listener(this.#moving));
      this.scene.render();
    });
  }

  /** Where a place is on the page, in pixels from the view's upper left, and how far; undefined behind the camera. */
  project([x, y, z]: Vector3): readonly [number, number, number] | undefined {
    const clip = Vector4.TransformCoordinates(new BabylonVector3(x, y, z), this.#viewProjection());
    const { width, height } = this.size;
    return clip.w <= 0.01
      ? undefined
      : [((clip.x / clip.w + 1) / 2) * width, ((1 - clip.y / clip.w) / 2) * height, clip.w];
  }

  /** The ray through a pixel of the page. */
  rayThrough(x: number, y: number): Ray {
    const { width, height } = this.size;
    const far = BabylonVector3.TransformCoordinates(
      new BabylonVector3((x / width) * 2 - 1, 1 - (y / height) * 2, 0.9),
      Matrix.Invert(this.#viewProjection()),
    );
    const origin = eyeOf(this.rig);
    return { origin, direction: unit([far.x - origin[0], far.y - origin[1], far.z - origin[2]]) };
  }

  dispose(): void {
    clearTimeout(this.#restTimer);
    cancelAnimationFrame(this.#scheduled);
    this.#resizes.disconnect();
    this.scene.dispose();
    this.#engine.dispose();
  }

  #viewProjection(): Matrix {
    return this.#camera.getViewMatrix(true).multiply(this.#camera.getProjectionMatrix(true));
  }

  #resize(): void {
    this.#engine.setHardwareScalingLevel(1 / Math.min(2, window.devicePixelRatio));
    this.#engine.resize(true);
    this.invalidate();
  }
}
