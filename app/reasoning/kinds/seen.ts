import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { answered, cannotTell } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject } from '../names.ts';
import { clock, coordinates, thousandths } from '../phrasing.ts';
import { type SceneMemory, sessionName } from '../scene-memory.ts';
import { oneNamed } from '../subject.ts';
import { describeSurroundings } from '../surroundings.ts';
import { nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('seen'), what: z.string(), which: z.enum(['first', 'last']) });
type SeenQuery = z.infer<typeof schema>;

const asking = String.raw`(?:where and when|when and where|where|when|at what time|in which (?:frame|session|video))`;
const order = String.raw`(?:first|last|most recently|initially|originally)`;
const seeing = String.raw`(?:seen|noticed|observed|spotted|visible|filmed|in view|recorded|detected)`;

const patterns = [
  new RegExp(
    String.raw`^${asking} (?:was|were|is|are|has|have) (?<what>.+?) (?:been )?(?:${order} )?${seeing}(?: ${order}| for the (?:first|last) time)?$`,
  ),
  new RegExp(
    String.raw`^${asking} (?:did|do|have|has) (?:you|we|i|the camera|anyone|someone) (?:${order} )?(?:see|saw|seen|notice|noticed|spot|spotted|film|meet) (?<what>.+?)(?: ${order}| for the (?:first|last) time)?$`,
  ),
  new RegExp(
    String.raw`^${asking} (?:did|does|do) (?<what>.+?) (?:${order} )?(?:appear|show up|come into view|disappear)(?: ${order}| for the (?:first|last) time)?$`,
  ),
  new RegExp(
    String.raw`^when (?:is|was) the (?:first|last|most recent) (?:time|moment|sighting|appearance)(?: that)?(?: of)?(?: (?:you|we|i|the camera) (?:have |had )?(?:see|saw|seen))? (?<what>.+?)(?: (?:was|were|is|are) (?:${order} )?${seeing})?$`,
  ),
  new RegExp(String.raw`^(?:which|what) (?:frames?|moments?) (?:show|shows|contain|contains|has|have) (?<what>.+)$`),
  new RegExp(String.raw`^${order} (?:seen|sighting of|time (?:you|we|i) saw) (?<what>.+)$`),
  new RegExp(String.raw`^(?:when|where) (?:was|were) (?<what>.+) ${order}$`),
];

const describePlace = (object: SceneObject, memory: SceneMemory): string =>
  describeSurroundings(object, memory)?.words ?? `at ${coordinates(object.center)}`;

/** When and where a thing was seen for the first or the last time. */
export const seenKind: QuestionKind<SeenQuery> = {
  schema,
  example: 'When and where was the mug last seen?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const what = nameIn(groups?.['what'] ?? '');
    const which = /\b(?:first|initially|originally)\b/.test(question) ? 'first' : 'last';
    return groups && what ? { kind: 'seen', what, which } : undefined;
  },

  describe: ({ what, which }) => `when and where "${what}" was ${which} seen`,

  answer({ what, which }, memory) {
    const frameOf = (object: SceneObject) => (which === 'first' ? object.firstSeen : object.lastSeen);
    const one = oneNamed('seen', what, memory, (object) => {
      const frame = frameOf(object);
      return frame && `(${clock(frame)} in ${sessionName(frame.sessionId, memory)}, ${describePlace(object, memory)})`;
    });
    if (!one.ok) {
      return one.answer;
    }
    const { object, named } = one;
    const called = callObject(object, memory.objects);
    const frame = frameOf(object);
    if (!frame) {
      return cannotTell(
        'seen',
        `I know where ${called} is (${describePlace(object, memory)}) but not when it was seen`,
        'It came from an imported scene and no frame in memory shows it',
      );
    }
    const around = describeSurroundings(object, memory);
    const [x, y, z] = object.center.map(thousandths);
    return answered({
      kind: 'seen',
      text: `${called} was ${which} seen at ${clock(frame)} in ${sessionName(frame.sessionId, memory)}, ${describePlace(object, memory)}`,
      value: thousandths(frame.ptsMicros / 1e6),
      unit: 's',
      position: [x ?? 0, y ?? 0, z ?? 0],
      objects: [object, ...(around?.landmarks ?? [])],
      frames: [frame],
      names: [named],
      because: `That is the ${which} of the ${object.observations} frames known to show it; times are the recording's own`,
    });
  },
};
