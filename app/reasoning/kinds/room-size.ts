import { z } from 'zod';
import { answered, cannotTell } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { digits, thousandths } from '../phrasing.ts';
import { isWholePlace, nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('room-size') });
type RoomSizeQuery = z.infer<typeof schema>;

const tail = String.raw`(?: \(?in (?:square [a-z]+|m²|m2|sqm|sq m)\)?)?(?: \. .*)?$`;

const patterns = [
  new RegExp(
    String.raw`^(?:what is )?(?:the )?(?:total )?(?:size|floor area|area|floor space|surface|square meterage|footage) of (?<what>.+?)${tail}`,
  ),
  new RegExp(String.raw`^how (?:big|large|spacious) is (?<what>.+?)${tail}`),
  new RegExp(String.raw`^how many square (?:met(?:er|re)s|feet) (?:is|are|does|has) (?<what>.+?)(?: have)?${tail}`),
  new RegExp(String.raw`^(?:what is |how (?:big|large) is )?(?:the )?(?<what>(?:room|floor)) (?:size|area)${tail}`),
];

/** How large the floor of the remembered place is. */
export const roomSizeKind: QuestionKind<RoomSizeQuery> = {
  schema,
  example: 'What is the size of this room?',

  parse(question) {
    const what = nameIn(firstMatch(question, patterns)?.['what'] ?? '');
    return isWholePlace(what) || what === 'floor' ? { kind: 'room-size' } : undefined;
  },

  describe: () => 'floor area of the remembered place in m²',

  answer(_query, memory) {
    const area = memory.floorAreaSquareMetres;
    if (area === undefined) {
      return cannotTell(
        'room-size',
        `I do not know the floor area of ${memory.environment}`,
        'No floor has been measured here; an imported scene may give one as "floorAreaSquareMetres"',
      );
    }
    return answered({
      kind: 'room-size',
      text: `the floor of ${memory.environment} measures ${digits(area)} m²`,
      value: thousandths(area),
      unit: 'm²',
      objects: [],
      because: 'The floor area is remembered with the environment',
    });
  },
};
