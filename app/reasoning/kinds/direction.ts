import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { answered, cannotTell, unaligned } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject, type NamedObjects } from '../names.ts';
import { shareWorldFrame } from '../scene-memory.ts';
import { oneNamed } from '../subject.ts';
import { nameIn } from '../wording.ts';

const sectorsSchema = z.enum(['quadrants', 'left-right-back', 'left-right']);
const schema = z.object({
  kind: z.literal('direction'),
  standing: z.string(),
  facing: z.string(),
  what: z.string(),
  sectors: sectorsSchema,
});
type DirectionQuery = z.infer<typeof schema>;

/** Where each answer begins, in degrees counter-clockwise from straight ahead, as VSI-Bench divides the circle. */
const sectors: Record<z.infer<typeof sectorsSchema>, readonly (readonly [number, string])[]> = {
  quadrants: [
    [0, 'front-left'],
    [90, 'back-left'],
    [180, 'back-right'],
    [270, 'front-right'],
  ],
  'left-right-back': [
    [0, 'left'],
    [135, 'back'],
    [225, 'right'],
  ],
  'left-right': [
    [0, 'left'],
    [180, 'right'],
  ],
};

const viewpoint = String.raw`if (?:i|you) (?:am|are|were|stand|was)?(?: standing)? ?(?:by|at|next to|beside|near|in front of|on) (?<standing>.+?),? (?:and )?(?:am |are )?(?:facing|looking (?:at|to|towards?)|face|look (?:at|towards?)|turned (?:to|towards?))(?: towards?)? (?<facing>.+?)`;

const patterns = [
  new RegExp(
    String.raw`^${viewpoint}, (?:then )?(?:is|are|would) (?<what>.+?) (?:be )?(?:to|on|at) (?:my|your|the) (?:left|right|front|back)`,
  ),
  new RegExp(
    String.raw`^${viewpoint},? (?:then )?(?:where|in (?:which|what) direction|on (?:which|what) side) (?:is|are|would) (?<what>.+?)(?: be)?(?: .)?$`,
  ),
  new RegExp(
    String.raw`^(?:where|in (?:which|what) direction|on (?:which|what) side) (?:is|are|would) (?<what>.+?)(?: be)?,? ${viewpoint}$`,
  ),
  new RegExp(String.raw`^(?:is|are) (?<what>.+?) (?:to|on) (?:my|the) (?:left|right).*? (?=if )${viewpoint}$`),
];

const degrees = 180 / Math.PI;

/** The angle on the floor from facing B to facing C, standing at A: counter-clockwise, 0 … 360 degrees. */
const bearing = (standing: SceneObject, facing: SceneObject, what: SceneObject): number | undefined => {
  const ahead = [facing.center[0] - standing.center[0], facing.center[1] - standing.center[1]] as const;
  const there = [what.center[0] - standing.center[0], what.center[1] - standing.center[1]] as const;
  if (Math.hypot(...ahead) < 1e-6 || Math.hypot(...there) < 1e-6) {
    return undefined;
  }
  const turn = Math.atan2(ahead[0] * there[1] - ahead[1] * there[0], ahead[0] * there[0] + ahead[1] * there[1]);
  return (turn * degrees + 360) % 360;
};

/** Where a thing is for a person who stands by one thing and faces another. */
export const directionKind: QuestionKind<DirectionQuery> = {
  schema,
  example: 'If I am standing by the door and facing the sofa, is the lamp to my left or my right?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const [standing, facing, what] = ['standing', 'facing', 'what'].map((group) => nameIn(groups?.[group] ?? ''));
    if (!groups || !standing || !facing || !what) {
      return undefined;
    }
    const asked = /front-left|front left|front-right/.test(question)
      ? 'quadrants'
      : /\bback\b|\bbehind\b/.test(question)
        ? 'left-right-back'
        : /\bleft\b/.test(question)
          ? 'left-right'
          : 'quadrants';
    return { kind: 'direction', standing, facing, what, sectors: asked };
  },

  describe: ({ standing, facing, what, sectors: asked }) =>
    `direction of "${what}" (${asked}) for someone at "${standing}" who faces "${facing}"`,

  answer({ standing, facing, what, sectors: asked }, memory) {
    const names: NamedObjects[] = [];
    const objects: SceneObject[] = [];
    for (const name of [standing, facing, what]) {
      const one = oneNamed('direction', name, memory);
      if (!one.ok) {
        return one.answer;
      }
      names.push(one.named);
      objects.push(one.object);
    }
    const [at, to, of] = objects;
    if (!at || !to || !of) {
      return cannotTell(
        'direction',
        'I need three things: where you stand, what you face and what you look for',
        'A name is missing',
      );
    }
    const stranger = [to, of].find((each) => !shareWorldFrame(at, each, memory));
    if (stranger) {
      return unaligned('direction', at, stranger, memory);
    }
    const angle = bearing(at, to, of);
    if (angle === undefined) {
      return cannotTell(
        'direction',
        `There is no direction from ${callObject(at, memory.objects)} here`,
        'Two of the three things are the same, or one stands above the other',
      );
    }
    const bounds = sectors[asked];
    const direction = bounds.findLast(([from]) => angle >= from)?.[1] ?? '';
    const margin = Math.min(...[...bounds.map(([from]) => from), 360].map((bound) => Math.abs(bound - angle)));
    const turn = angle <= 180 ? `${angle.toFixed(0)}° to the left` : `${(360 - angle).toFixed(0)}° to the right`;
    return answered({
      kind: 'direction',
      text: `standing by ${callObject(at, memory.objects)} and facing ${callObject(to, memory.objects)}, ${callObject(of, memory.objects)} is to your ${direction}`,
      value: direction,
      choice: direction,
      objects: [of, at, to],
      names,
      certainty: Math.min(1, 0.5 + margin / 20),
      because: `Facing it takes a turn of ${turn} about the vertical, from centre to centre${margin < 10 ? '; that is close to where the answer changes' : ''}`,
    });
  },
};
