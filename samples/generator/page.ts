import { Camera } from '@babylonjs/core/Cameras/camera.js';
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import '@babylonjs/core/Engines/Extensions/engine.rawTexture.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import { RenderTargetTexture } from '@babylonjs/core/Materials/Textures/renderTargetTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Scene } from '@babylonjs/core/scene.js';
import type { Intrinsics, Pose } from '../../app/contract/geometry.ts';
import { farMetres, nearMetres, projectionMatrix, viewMatrix } from './camera.ts';
import { figureAt, limbs } from './figure.ts';
import { layOut } from './layout.ts';
import type { PlannedApartment } from './layout.ts';
import { shaders } from './shaders.ts';
import { buildBatches } from './surfaces.ts';
import type { Batch, Quality } from './surfaces.ts';
import { paintTexture } from './textures/paint.ts';

/** A camera whose matrices are given instead of derived from an angle of view and a target. */
class PinholeCamera extends Camera {
  #view = Matrix.Identity();

  place(worldFromCamera: Pose): void {
    this.#view = Matrix.FromArray(viewMatrix(worldFromCamera));
    this.position = new Vector3(worldFromCamera[3], worldFromCamera[7], worldFromCamera[11]);
    this.getViewMatrix(true);
  }

  override _getViewMatrix(): Matrix {
    return this.#view;
  }
}

/** One picture to draw. */
export interface DrawRequest {
  readonly worldFromCamera: Pose;
  readonly seconds: number;
  /** Whether the moved item already stands at its second place. */
  readonly isAfterMove: boolean;
  /** `colour`: RGB as filmed. `truth`: red and green are depth in millimetres (high, low byte), blue the mask number. */
  readonly pass: 'colour' | 'truth';
}

const asMatrix = (yaw: number, [x, y, z]: readonly [number, number, number]): Matrix =>
  Matrix.RotationZ(yaw).multiply(Matrix.Translation(x, y, z));

/** The apartment on the graphics card of this page. */
export class Stage {
  readonly #apartment: PlannedApartment;
  readonly #scene: Scene;
  readonly #camera: PinholeCamera;
  readonly #targets: Readonly<Record<DrawRequest['pass'], RenderTargetTexture>>;
  readonly #meshes: readonly { readonly mesh: Mesh; readonly carrier: Batch['carrier'] }[];

  constructor(seed: number, quality: Quality, intrinsics: Intrinsics) {
    this.#apartment = layOut(seed);
    const canvas = document.createElement('canvas');
    const engine = new Engine(canvas, false, { preserveDrawingBuffer: true, stencil: false });
    this.#scene = new Scene(engine);
    this.#scene.useRightHandedSystem = true;
    this.#scene.clearColor = new Color4(0, 0, 0, 1);
    this.#camera = new PinholeCamera('camera', Vector3.Zero(), this.#scene);
    this.#camera.minZ = nearMetres;
    this.#camera.maxZ = farMetres;
    this.#camera.freezeProjectionMatrix(Matrix.FromArray(projectionMatrix(intrinsics)));
    const truthMaterial = this.#shader('truth', shaders.truth, ['position', 'maskNumber'], []);
    const materials = new Map<string, ShaderMaterial>();
    this.#meshes = buildBatches(this.#apartment, quality).map((batch, i) => {
      const mesh = this.#upload(batch, `batch-${i}`);
      const material = materials.get(batch.material) ?? this.#textured(batch.material, seed);
      materials.set(batch.material, material);
      mesh.material = material;
      return { mesh, carrier: batch.carrier };
    });
    const meshes = this.#meshes.map(({ mesh }) => mesh);
    this.#targets = {
      colour: this.#target('colour', intrinsics, 4, meshes),
      truth: this.#target('truth', intrinsics, 1, meshes),
    };
    this.#targets.truth.setMaterialForRendering(meshes, truthMaterial);
  }

  /** Draws and reads back RGBA rows from the bottom up. */
  async draw({ worldFromCamera, seconds, isAfterMove, pass }: DrawRequest): Promise<Uint8Array> {
    this.#camera.place(worldFromCamera);
    this.#pose(seconds, isAfterMove);
    const target = this.#targets[pass];
    await this.#whenReady(target);
    target.render();
    const pixels = await target.readPixels();
    if (!(pixels instanceof Uint8Array)) {
      throw new Error('The graphics card gave no pixels.');
    }
    return pixels;
  }

  async #whenReady(target: RenderTargetTexture): Promise<void> {
    while (!target.isReadyForRendering()) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Puts what moves where it is at a time. */
  #pose(seconds: number, isAfterMove: boolean): void {
    const figure = figureAt(this.#apartment.plan, seconds);
    for (const { mesh, carrier } of this.#meshes) {
      if (carrier === 'before' || carrier === 'after') {
        mesh.isVisible = (carrier === 'after') === isAfterMove;
      } else if (carrier !== 'still') {
        const limb = limbs[carrier];
        mesh.isVisible = figure !== undefined;
        if (figure && limb) {
          const angle = limb.swingRadians * Math.sin(figure.strideRadians + limb.phase);
          const [x, y, z] = limb.joint;
          const swing = Matrix.Translation(-x, -y, -z)
            .multiply(Matrix.RotationX(angle))
            .multiply(Matrix.Translation(x, y, z));
          mesh.freezeWorldMatrix(swing.multiply(asMatrix(figure.yaw, figure.position)));
        }
      }
    }
  }

  #upload(batch: Batch, name: string): Mesh {
    const mesh = new Mesh(name, this.#scene);
    const data = new VertexData();
    data.positions = batch.positions;
    data.uvs = batch.uvs;
    data.indices = batch.indices;
    data.applyToMesh(mesh);
    mesh.setVerticesData('light', new Float32Array(batch.lights), false, 3);
    mesh.setVerticesData('maskNumber', new Float32Array(batch.maskNumbers), false, 1);
    mesh.freezeWorldMatrix();
    return mesh;
  }

  #shader(
    name: string,
    source: { readonly vertex: string; readonly fragment: string },
    attributes: string[],
    uniforms: string[],
  ): ShaderMaterial {
    const material = new ShaderMaterial(
      name,
      this.#scene,
      { vertexSource: source.vertex, fragmentSource: source.fragment },
      { attributes, uniforms: ['world', 'view', 'projection', ...uniforms], samplers: ['picture'] },
    );
    material.backFaceCulling = true;
    material.sideOrientation = Material.CounterClockWiseSideOrientation;
    return material;
  }

  #textured(name: string, seed: number): ShaderMaterial {
    const { pixels, metres, data } = paintTexture(name, seed);
    const texture = RawTexture.CreateRGBATexture(
      new Uint8Array(data.buffer),
      pixels,
      pixels,
      this.#scene,
      true,
      false,
      Texture.TRILINEAR_SAMPLINGMODE,
    );
    texture.wrapU = Texture.WRAP_ADDRESSMODE;
    texture.wrapV = Texture.WRAP_ADDRESSMODE;
    texture.anisotropicFilteringLevel = 2;
    const material = this.#shader(name, shaders.colour, ['position', 'uv', 'light'], ['repeats']);
    material.setTexture('picture', texture);
    material.setFloat('repeats', 1 / metres);
    return material;
  }

  #target(name: string, { width, height }: Intrinsics, samples: number, meshes: readonly Mesh[]): RenderTargetTexture {
    const target = new RenderTargetTexture(name, { width, height }, this.#scene, {
      generateMipMaps: false,
      type: Constants.TEXTURETYPE_UNSIGNED_BYTE,
      samplingMode: Texture.NEAREST_SAMPLINGMODE,
    });
    target.samples = samples;
    target.activeCamera = this.#camera;
    target.renderList = [...meshes];
    return target;
  }
}

let stage: Stage | undefined;
let drawn: Promise<unknown> = Promise.resolve();

/** What the generator calls in this page. Pixels go to the generator's server, since calls carry text only. */
const face = {
  open(seed: number, quality: Quality, intrinsics: Intrinsics): void {
    stage = new Stage(seed, quality, intrinsics);
  },
  /** Draws after what was asked for before, and answers once the pixels are on their way under the ticket's number. */
  draw(ticket: number, request: DrawRequest): Promise<void> {
    const drawing = drawn.then(async () => {
      if (!stage) {
        throw new Error('The stage is not open yet.');
      }
      return stage.draw(request);
    });
    drawn = drawing;
    return drawing.then(async (pixels) => {
      await fetch(`/pixels/${ticket}`, { method: 'POST', body: new Uint8Array(pixels) });
    });
  },
};

/** The calls that this page offers. */
export type StudioFace = typeof face;

Object.assign(globalThis, { studio: face });
