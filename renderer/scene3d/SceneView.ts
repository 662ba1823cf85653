import type { PointCloud } from '../../app/contract/binary.ts';
import type { Intrinsics, Vector3 } from '../../app/contract/geometry.ts';
import type { FrameRecord } from '../../app/contract/session.ts';
import { boundsOf, cloudBounds } from './cloud.ts';
import type { SceneColours } from './colours.ts';
import { FrustumsLayer } from './FrustumsLayer.ts';
import type { Frustum } from './FrustumsLayer.ts';
import { GridLayer } from './GridLayer.ts';
import { LabelLayer } from './LabelLayer.ts';
import { ObjectsLayer } from './ObjectsLayer.ts';
import type { ShownObject } from './ObjectsLayer.ts';
import { PointsLayer } from './PointsLayer.ts';
import { overview } from './rig.ts';
import type { RigState } from './rig.ts';
import type { SceneLayer } from './SceneLayer.ts';
import { SelectionLayer } from './SelectionLayer.ts';
import { TrajectoryLayer } from './TrajectoryLayer.ts';
import { addScaled, positionOf } from './vector.ts';
import { Viewport } from './Viewport.ts';

/** The viewport with its layers; what belongs to the scene as a whole, such as its extent, is worked out here. */
export class SceneView {
  readonly viewport: Viewport;
  readonly labels: LabelLayer;
  readonly grid: GridLayer;
  readonly points: PointsLayer;
  readonly trajectory: TrajectoryLayer;
  readonly keyframes: FrustumsLayer;
  readonly camera: FrustumsLayer;
  readonly objects: ObjectsLayer;
  readonly selection: SelectionLayer;
  readonly #layers: readonly SceneLayer[];
  #bounds: readonly [Vector3, Vector3] | undefined;
  /** Where the view was put; as long as it stays there, it follows the growing extent of the scene. */
  #placed: RigState | undefined;

  constructor(canvas: HTMLCanvasElement, labelRoot: HTMLElement, colours: SceneColours) {
    this.viewport = new Viewport(canvas, colours);
    const { scene } = this.viewport;
    this.grid = new GridLayer(scene, colours);
    this.points = new PointsLayer(scene);
    this.trajectory = new TrajectoryLayer(scene, colours);
    this.keyframes = new FrustumsLayer(scene, 'keyframes', colours);
    this.camera = new FrustumsLayer(scene, 'camera', colours);
    this.objects = new ObjectsLayer(scene, colours);
    this.selection = new SelectionLayer(scene, colours);
    this.#layers = [this.grid, this.points, this.trajectory, this.keyframes, this.camera, this.objects, this.selection];
    this.labels = new LabelLayer(labelRoot);
    this.viewport.onDraw((moving) => {
      this.points.setMoving(moving);
      const { width, height } = this.viewport.size;
      this.labels.place((point) => this.viewport.project(point), width, height);
    });
  }

  /** Depth of a keyframe's pyramid: a small part of the scene, so that it fits desks and streets alike. */
  get frustumSize(): number {
    const [low, high] = this.#bounds ?? [
      [0, 0, 0],
      [8, 8, 2],
    ];
    return Math.min(Math.max(Math.hypot(high[0] - low[0], high[1] - low[1]) / 32, 0.02), 2);
  }

  recolour(colours: SceneColours): void {
    this.viewport.recolour(colours);
    this.#layers.forEach((layer) => layer.recolour(colours));
    this.viewport.invalidate();
  }

  showCloud(cloud: PointCloud | undefined, records: readonly FrameRecord[]): void {
    this.points.show(cloud);
    this.#measure(cloud, records);
    this.viewport.invalidate();
  }

  showTrajectory(records: readonly FrameRecord[], cloud: PointCloud | undefined): void {
    this.trajectory.show(records);
    this.#measure(cloud, records);
    this.viewport.invalidate();
  }

  showKeyframes(frustums: readonly Frustum[], intrinsics: Intrinsics): void {
    this.keyframes.show(frustums, intrinsics, this.frustumSize);
    this.viewport.invalidate();
  }

  showCamera(frustum: Frustum | undefined, intrinsics: Intrinsics): void {
    this.camera.show(frustum ? [frustum] : [], intrinsics, this.frustumSize);
    this.viewport.invalidate();
  }

  showObjects(objects: readonly ShownObject[], labelled: boolean): void {
    this.objects.show(objects);
    this.labels.show(
      labelled
        ? objects.map(({ id, name, role, center, axesLengths: [, , tall] }) => ({
            key: id,
            text: name,
            role,
            at: addScaled(center, [0, 0, 1], tall / 2),
          }))
        : [],
    );
    this.viewport.invalidate();
  }

  /** Looks at everything, from above and aside. */
  overview(): void {
    const [low, high] = this.#bounds ?? [
      [-3, -3, -1],
      [3, 3, 1],
    ];
    this.viewport.flyTo(overview(low, high, this.#aspect));
  }

  dispose(): void {
    this.labels.clear();
    this.#layers.forEach((layer) => layer.dispose());
    this.viewport.dispose();
  }

  get #aspect(): number {
    const { width, height } = this.viewport.size;
    return height > 0 ? width / height : 1;
  }

  #measure(cloud: PointCloud | undefined, records: readonly FrameRecord[]): void {
    const ofCloud = cloud && cloudBounds(cloud);
    const ofWay = boundsOf(records.flatMap(({ worldFromCamera: pose }) => (pose ? [positionOf(pose)] : [])));
    const both = boundsOf([...(ofCloud ?? []), ...(ofWay ?? [])]);
    this.#bounds = both;
    if (both) {
      this.grid.cover(...both);
      this.points.fill(...both);
    }
    if (both && (this.#placed === undefined || this.#placed === this.viewport.rig)) {
      this.#placed = overview(...both, this.#aspect);
      this.viewport.moveTo(this.#placed);
    }
  }
}
