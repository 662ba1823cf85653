import { Constants } from '@babylonjs/core/Engines/constants';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Vector2, Vector3 as BabylonVector3, Vector4 } from '@babylonjs/core/Maths/math.vector';
import { VertexBuffer } from '@babylonjs/core/Buffers/buffer';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { Scene } from '@babylonjs/core/scene';
import type { Vector3 } from '../../app/contract/geometry.ts';
import './shaders.ts';
import type { Rgb } from './colours.ts';

/** One line of the scene. `weight` scales the batch's width; `time` is used by batches that follow the playhead. */
export interface Segment {
  readonly from: Vector3;
  readonly to: Vector3;
  readonly colour: Rgb;
  readonly weight?: number;
  readonly time?: number;
}

/** Many straight lines drawn at once, with a width in pixels. */
export class SegmentBatch {
  readonly #mesh: Mesh;
  readonly #material: ShaderMaterial;
  readonly #scene: Scene;
  #filled = false;
  #visible = true;

  constructor(scene: Scene, name: string, widthPixels: number) {
    this.#scene = scene;
    this.#material = new ShaderMaterial(name, scene, 'segments', {
      attributes: ['position', 'other', 'side', 'color', 'time'],
      uniforms: ['viewProjection', 'viewport', 'width', 'window', 'past', 'ahead', 'working', 'followsTime'],
      needAlphaBlending: false,
    });
    this.#material.backFaceCulling = false;
    this.#material.setFloat('width', widthPixels);
    this.#material.setFloat('followsTime', 0);
    this.#material.setVector3('window', BabylonVector3.Zero());
    for (const name of ['past', 'ahead', 'working']) {
      this.#material.setVector4(name, Vector4.Zero());
    }
    this.#material.onBindObservable.add(() => {
      const engine = scene.getEngine();
      this.#material.getEffect().setVector2('viewport', new Vector2(engine.getRenderWidth(), engine.getRenderHeight()));
    });
    this.#mesh = new Mesh(name, scene);
    this.#mesh.material = this.#material;
    this.#mesh.isPickable = false;
    this.#mesh.alwaysSelectAsActiveMesh = true;
    this.#mesh.isVisible = false;
  }

  set visible(visible: boolean) {
    this.#visible = visible;
    this.#mesh.isVisible = visible && this.#filled;
  }

  /** Drawn over everything else, for what must not be hidden by the map. */
  onTop(): this {
    this.#mesh.renderingGroupId = 1;
    this.#material.depthFunction = Constants.ALWAYS;
    return this;
  }

  /** Replaces all lines. */
  fill(segments: readonly Segment[]): void {
    this.#filled = segments.length > 0;
    this.#mesh.isVisible = this.#visible && this.#filled;
    if (!this.#filled) {
      return;
    }
    const corners = segments.length * 4;
    const position = new Float32Array(corners * 3);
    const other = new Float32Array(corners * 3);
    const side = new Float32Array(corners);
    const color = new Float32Array(corners * 4);
    const time = new Float32Array(corners);
    const indices = new Uint32Array(segments.length * 6);
    segments.forEach(({ from, to, colour, weight = 1, time: at = 0 }, i) => {
      for (let corner = 0; corner < 4; corner++) {
        const vertex = i * 4 + corner;
        const atEnd = corner > 1;
        position.set(atEnd ? to : from, vertex * 3);
        other.set(atEnd ? from : to, vertex * 3);
        // Seen from the other end, left and right swap.
        side[vertex] = (corner % 2 === 0 ? 1 : -1) * (atEnd ? -1 : 1);
        color.set([...colour, weight], vertex * 4);
        time[vertex] = at;
      }
      indices.set(
        [0, 1, 2, 1, 3, 2].map((corner) => i * 4 + corner),
        i * 6,
      );
    });
    this.#mesh.setVerticesData(VertexBuffer.PositionKind, position);
    this.#mesh.setVerticesData('other', other, false, 3);
    this.#mesh.setVerticesData('side', side, false, 1);
    this.#mesh.setVerticesData(VertexBuffer.ColorKind, color, false, 4);
    this.#mesh.setVerticesData('time', time, false, 1);
    this.#mesh.setIndices(indices, corners);
  }

  /** Colours the lines by their time: before and after the playhead, and inside the working window. Seconds. */
  followTime(
    window: { readonly playhead: number; readonly from: number; readonly to: number },
    colours: { readonly past: Rgb; readonly ahead: Rgb; readonly working: Rgb },
  ): void {
    this.#material.setFloat('followsTime', 1);
    this.#material.setVector3('window', new BabylonVector3(window.playhead, window.from, window.to));
    for (const [name, [r, g, b]] of Object.entries(colours)) {
      this.#material.setVector4(name, new Vector4(r, g, b, 1));
    }
  }

  dispose(): void {
    this.#mesh.dispose();
    this.#material.dispose();
    this.#scene.removeMaterial(this.#material);
  }
}
