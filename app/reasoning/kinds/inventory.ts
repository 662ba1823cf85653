import { z } from 'zod';
import { answered, cannotTell } from '../answer.ts';
import type { QuestionKind } from '../kind.ts';
import { countLabel } from '../names.ts';
import { joined } from '../phrasing.ts';

const schema = z.object({ kind: z.literal('inventory') });
type InventoryQuery = z.infer<typeof schema>;

const things = String.raw`(?:objects|things|items|furniture|objects and furniture)`;
const patterns = [
  new RegExp(
    String.raw`^(?:what|which)(?: (?:kinds? of )?${things})? (?:is|are|do you|can you|did you|have you)(?: (?:there|here|known|remembered|know|see|seen|remember|know about|know of))*(?: (?:in|inside) (?:this|the|my|our) [a-z]+)?$`,
  ),
  new RegExp(
    String.raw`^(?:list|show|name|show me|tell me)(?: (?:all|every|everything|the|of))*(?: (?:known|remembered))?(?: ${things})?(?: you (?:know|see|remember)| there (?:is|are)| in (?:this|the) [a-z]+)?$`,
  ),
];

/** Everything that is known here. */
export const inventoryKind: QuestionKind<InventoryQuery> = {
  schema,
  example: 'What objects are there?',
  parse: (question) => (patterns.some((pattern) => pattern.test(question)) ? { kind: 'inventory' } : undefined),
  describe: () => 'every remembered object',

  answer(_query, memory) {
    if (memory.objects.length === 0) {
      return cannotTell(
        'inventory',
        `No objects are known in ${memory.environment} yet`,
        'Import labels on keyframes or a scene; objects follow from them',
      );
    }
    const labels = [...Map.groupBy(memory.objects, ({ label }) => label)].sort(([a], [b]) => a.localeCompare(b, 'en'));
    return answered({
      kind: 'inventory',
      text: `${memory.environment} holds ${joined(labels.map(([label, each]) => countLabel(each.length, label)))}`,
      value: memory.objects.length,
      unit: 'objects',
      objects: memory.objects,
      alternatives: memory.objects.map(({ label, id }) => ({ label, objectId: id })),
      because: 'These are all objects in memory',
    });
  },
};
