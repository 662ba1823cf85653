import { VertexBuffer } from '@babylonjs/core/Buffers/buffer';
import { Material } from '@babylonjs/core/Materials/material';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial';
import { Mesh } from '@babylonjs/core/Meshes/mesh';
import type { SubMesh } from '@babylonjs/core/Meshes/subMesh';
import type { Scene } from '@babylonjs/core/scene';
import type { PointCloud } from '../../app/contract/binary.ts';
import type { Vector3 } from '../../app/contract/geometry.ts';
import { fieldOfView } from './rig.ts';
import { subtract } from './vector.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { shuffledOrder } from './cloud.ts';
import './shaders.ts';

/** Points drawn while the view moves, and at rest. A GPU draws the larger number at 60 Hz; a processor the smaller one. */
const movingBudget = 200_000;
const restBudget = 3_000_000;

/** The map as coloured points. Fewer are drawn while the view moves: any prefix of the shuffled points is a fair sample. */
export class PointsLayer implements SceneLayer {
  readonly #scene: Scene;
  readonly #material: ShaderMaterial;
  #mesh: Mesh | undefined;
  #visible = true;
  #count = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#material = new ShaderMaterial('cloud', scene, 'cloud', {
      attributes: ['position', 'color'],
      uniforms: ['viewProjection', 'pointSize', 'pixelsPerUnit'],
    });
    this.#material.fillMode = Material.PointFillMode;
    this.#material.setFloat('pointSize', 0.03);
    this.#material.onBindObservable.add(() => {
      const pixels = scene.getEngine().getRenderHeight() / (2 * Math.tan(fieldOfView / 2));
      this.#material.getEffect().setFloat('pixelsPerUnit', pixels);
    });
  }

  set visible(visible: boolean) {
    this.#visible = visible;
    this.#mesh?.setEnabled(visible);
  }

  /** Makes points as large as their share of the surfaces of a scene that fills this box. */
  fill(low: Vector3, high: Vector3): void {
    const [x, y, z] = subtract(high, low);
    const surface = 2 * (x * y + y * z + z * x);
    this.#material.setFloat('pointSize', Math.sqrt(surface / Math.max(1, this.#count)));
  }

  show(cloud: PointCloud | undefined): void {
    this.#mesh?.dispose();
    this.#mesh = undefined;
    this.#count = Math.min(restBudget, (cloud?.positions.length ?? 0) / 3);
    if (!cloud || this.#count === 0) {
      return;
    }
    const order = shuffledOrder(cloud.positions.length / 3).subarray(0, this.#count);
    const positions = new Float32Array(order.length * 3);
    const colours = new Float32Array(order.length * 4);
    order.forEach((from, to) => {
      for (let i = 0; i < 3; i++) {
        positions[to * 3 + i] = cloud.positions[from * 3 + i] ?? 0;
        colours[to * 4 + i] = (cloud.colours[from * 3 + i] ?? 0) / 255;
      }
      colours[to * 4 + 3] = 1;
    });
    const mesh = new Mesh('cloud', this.#scene);
    mesh.setVerticesData(VertexBuffer.PositionKind, positions);
    mesh.setVerticesData(VertexBuffer.ColorKind, colours, false, 4);
    mesh.setIndices([], this.#count);
    mesh.isUnIndexed = true;
    mesh.material = this.#material;
    mesh.isPickable = false;
    mesh.alwaysSelectAsActiveMesh = true;
    mesh.setEnabled(this.#visible);
    this.#mesh = mesh;
  }

  /** Draws a sample while the view moves, everything when it rests. */
  setMoving(moving: boolean): void {
    const part: SubMesh | undefined = this.#mesh?.subMeshes[0];
    if (part) {
      part.verticesCount = moving ? Math.min(movingBudget, this.#count) : this.#count;
    }
  }

  recolour(): void {
    // Points keep the colours that the camera saw.
  }

  dispose(): void {
    this.#mesh?.dispose();
    this.#material.dispose();
  }
}
