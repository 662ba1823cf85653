import type { MapEdit, MapSelection, Motion, Revision } from '../contract/edit.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { OrientedBox, Pose, Similarity, Vector3 } from '../contract/geometry.ts';
import type { SceneObject } from '../contract/scene.ts';
import { worldOf, type FrameReference, type Session } from '../contract/session.ts';
import { project } from '../geometry/camera.ts';
import { pointsInside } from '../geometry/edit-cloud.ts';
import { containedIn, transformRegion, type Region } from '../geometry/map-region.ts';
import { cameraPosition, invertPose, transformPoint } from '../geometry/pose.ts';
import { composeSimilarities, invertSimilarity, transformBox } from '../geometry/similarity.ts';
import type { Library } from '../memory/library.ts';
import type { MapStep } from '../memory/tables.ts';
import { boxAxes } from '../scene/box.ts';
import { slug } from '../scene/labelled-box.ts';
import { dot } from '../scene/vector.ts';
import { openToEdits, revise, type Editable } from './revising.ts';

/** The points of a surface lie a little outside a box that was fitted to it. */
const objectMarginShare = 0.02;
const orthonormalTolerance = 1e-3;

/** What a selection comes to, in world coordinates. */
interface Chosen {
  readonly region: Region;
  readonly objects: readonly SceneObject[];
  readonly points: number;
  readonly centre: Vector3;
}

/** Changes the map that a session shows, and the objects in it, as one revision of the environment. */
export const editMap = async (library: Library, sessionId: string, edit: MapEdit): Promise<Result<Revision>> => {
  const opened = await openToEdits(library, sessionId);
  if (!opened.ok) {
    return opened;
  }
  return edit.kind === 'insert'
    ? insertBox(library, opened.value.session, edit)
    : changePart(library, opened.value, edit);
};

const insertBox = async (
  library: Library,
  session: Session,
  { label, box }: Extract<MapEdit, { kind: 'insert' }>,
): Promise<Result<Revision>> => {
  const checked = checkBox(box);
  if (!checked.ok) {
    return checked;
  }
  const anchored = await anchorAt(library, session, box.center);
  if (!anchored.ok) {
    return anchored;
  }
  const { anchorFromWorld, ...where } = anchored.value;
  const insert = (revision: number): MapStep => ({
    ...{ kind: 'insert', ...where, objectIds: [] },
    inserted: { id: `${slug(label)}-r${revision}`, label, box: transformBox(anchorFromWorld, box) },
  });
  return success(await revise(library, session.environment, insert, `"${label}" inserted`));
};

const changePart = async (
  library: Library,
  editable: Editable,
  edit: Exclude<MapEdit, { kind: 'insert' }>,
): Promise<Result<Revision>> => {
  const { session } = editable;
  const chosen = await choose(library, editable, edit.selection);
  if (!chosen.ok) {
    return chosen;
  }
  const { region, objects, points, centre } = chosen.value;
  const anchored = await anchorAt(library, session, centre);
  if (!anchored.ok) {
    return anchored;
  }
  const { anchorFromWorld, ...where } = anchored.value;
  const change = (revision: number): MapStep => ({
    ...{ kind: edit.kind, ...where, objectIds: objects.map(({ id }) => id) },
    region: transformRegion(anchorFromWorld, region),
    ...(edit.kind !== 'delete' && { motion: motionAt(anchorFromWorld, centre, edit.motion) }),
    ...(edit.kind === 'duplicate' && { copyIds: copyIds(objects, revision) }),
  });
  const what = [...(points > 0 ? [`${points.toLocaleString('en')} points`] : []), ...objects.map(({ id }) => id)].join(
    ', ',
  );
  const done = { delete: 'deleted', move: 'moved', duplicate: 'duplicated' }[edit.kind];
  return success(await revise(library, session.environment, change, `${what} ${done}`));
};

const choose = async (
  library: Library,
  { session, cloud }: Editable,
  selection: MapSelection,
): Promise<Result<Chosen>> => {
  const objects = await objectsOfWorld(library, session);
  const selected = regionOf(selection, session, objects);
  if (!selected.ok) {
    return selected;
  }
  const { region, object } = selected.value;
  const contains = containedIn(region);
  const inside = object ? [object] : objects.filter(({ center }) => contains(center));
  const numbers = pointsInside(cloud, region);
  if (numbers.length === 0 && inside.length === 0) {
    return failure(
      lociError(
        'edit-invalid',
        `The selection holds no point and no object of ${session.id}`,
        'Choose a part that the map shows.',
      ),
    );
  }
  const places = [...numbers.map((i) => pointOf(cloud.positions, i)), ...inside.map(({ center }) => center)];
  const centre = region.by === 'box' ? region.box.center : mean(places);
  return success({ region, objects: inside, points: numbers.length, centre });
};

const regionOf = (
  selection: MapSelection,
  session: Session,
  objects: readonly SceneObject[],
): Result<{ readonly region: Region; readonly object?: SceneObject }> => {
  switch (selection.by) {
    case 'box': {
      const checked = checkBox(selection.box);
      return checked.ok ? success({ region: selection }) : checked;
    }
    case 'lasso':
      return selection.polygon.length < 3 || polygonArea(selection.polygon) < 1e-6
        ? failure(
            lociError(
              'edit-invalid',
              `A lasso of ${selection.polygon.length} corners encloses nothing`,
              'Give a polygon of three corners or more, in pixels.',
            ),
          )
        : success({ region: selection });
    case 'object': {
      const object = objects.find(({ id }) => id === selection.objectId);
      if (!object) {
        const known = objects.slice(0, 8).map(({ id }) => id);
        return failure(
          lociError(
            'edit-invalid',
            `${session.id} shows no object "${selection.objectId}"`,
            known.length > 0 ? `It shows: ${known.join(', ')}.` : 'It shows none; select by box or lasso.',
          ),
        );
      }
      const { center, axes, axesLengths } = object;
      const margin = objectMarginShare * Math.max(...axesLengths);
      const [a, b, c] = axesLengths;
      const box: OrientedBox = { center, axes, axesLengths: [a + 2 * margin, b + 2 * margin, c + 2 * margin] };
      return success({ region: { by: 'box', box }, object });
    }
  }
};

const checkBox = (box: OrientedBox): Result<OrientedBox> => {
  const axes = boxAxes(box);
  const crooked = axes.some((a, i) =>
    axes.some((b, j) => Math.abs(dot(a, b) - (i === j ? 1 : 0)) > orthonormalTolerance),
  );
  const fault = crooked
    ? 'has axes that are not three unit vectors at right angles, row by row'
    : box.axesLengths.every((length) => length > 0)
      ? undefined
      : 'has a side without length';
  return fault === undefined
    ? success(box)
    : failure(lociError('edit-invalid', `The box ${fault}`, 'Give center, axesLengths above 0, and axes.'));
};

/** Objects that were seen in the world of a session. */
const objectsOfWorld = async (library: Library, session: Session): Promise<SceneObject[]> => {
  const sessions = await library.sessions(session.environment);
  const ids = new Set(sessions.filter((other) => worldOf(other) === worldOf(session)).map(({ id }) => id));
  return (await library.objects(session.environment)).filter(
    ({ lastSeen }) => lastSeen === undefined || ids.has(lastSeen.sessionId),
  );
};

/** What an edit at a place of the world is tied to. */
const anchorAt = async (
  library: Library,
  session: Session,
  place: Vector3,
): Promise<
  Result<{ readonly anchor: FrameReference; readonly sessionIds: string[]; readonly anchorFromWorld: Similarity }>
> => {
  const anchor = await keyframeAt(library, session, place);
  const worldFromAnchor = anchor && (await library.worldFromAnchor(anchor));
  if (!anchor || !worldFromAnchor) {
    const message = `No keyframe of ${session.id} has a pose, so nothing can be edited there`;
    return failure(lociError('edit-invalid', message, 'Choose a session whose camera was located.'));
  }
  const sessions = await library.sessions(session.environment);
  const sessionIds = sessions.filter((other) => worldOf(other) === worldOf(session)).map(({ id }) => id);
  return success({ anchor, sessionIds, anchorFromWorld: invertSimilarity(worldFromAnchor) });
};

/** The keyframe that shows a place from nearest by, else the one that is nearest. */
const keyframeAt = async (library: Library, session: Session, place: Vector3): Promise<FrameReference | undefined> => {
  const { width, height } = session.intrinsics;
  const views = (await library.keyframes(session.id)).flatMap(({ sessionId, ptsMicros, worldFromCamera: pose }) => {
    if (!pose) {
      return [];
    }
    const [u, v] = project(session.intrinsics, transformPoint(invertPose(pose), place)) ?? [-1, -1];
    const camera = cameraPosition(pose);
    const away = Math.hypot(camera[0] - place[0], camera[1] - place[1], camera[2] - place[2]);
    const shows = u >= 0 && v >= 0 && u < width && v < height;
    return [{ frame: { sessionId, ptsMicros }, shows, away }];
  });
  views.sort((a, b) => Number(b.shows) - Number(a.shows) || a.away - b.away);
  return views[0]?.frame;
};

/** A motion of the world, about a place in it, in the coordinates of an anchor. */
const motionAt = (anchorFromWorld: Similarity, [x, y]: Vector3, { translation, turnRadians }: Motion): Pose => {
  const [cos, sin] = [Math.cos(turnRadians), Math.sin(turnRadians)];
  const [tx, ty, tz] = translation;
  const pose = [
    ...[cos, -sin, 0, x - cos * x + sin * y + tx],
    ...[sin, cos, 0, y - sin * x - cos * y + ty],
    ...[0, 0, 1, tz],
    ...[0, 0, 0, 1],
  ];
  const inWorld = composeSimilarities({ metresPerUnit: 1, pose }, invertSimilarity(anchorFromWorld));
  return composeSimilarities(anchorFromWorld, inWorld).pose;
};

const copyIds = (objects: readonly SceneObject[], revision: number): string[] =>
  objects.map(({ label }, i) => {
    const earlier = objects.slice(0, i).filter((other) => slug(other.label) === slug(label)).length;
    return `${slug(label)}-r${revision}${earlier > 0 ? `-${earlier + 1}` : ''}`;
  });

const pointOf = (positions: Float32Array, i: number): Vector3 => [
  positions[i * 3] ?? 0,
  positions[i * 3 + 1] ?? 0,
  positions[i * 3 + 2] ?? 0,
];

const mean = (points: readonly Vector3[]): Vector3 => {
  const along = (axis: 0 | 1 | 2): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return [along(0), along(1), along(2)];
};

/** Twice-signed area by the shoelace formula, halved and without its sign. */
const polygonArea = (polygon: readonly (readonly [number, number])[]): number =>
  Math.abs(
    polygon.reduce((sum, [x, y], i) => {
      const [px, py] = polygon.at(i - 1) ?? [x, y];
      return sum + px * y - x * py;
    }, 0),
  ) / 2;
