import { expect, it } from 'vitest';
import type { Observation } from '../../app/contract/scene.ts';
import { labelSpans } from './labelSpans.ts';

const seen = (label: string, seconds: number, objectId?: string): Observation => ({
  id: `${label}${seconds}`,
  sessionId: 'home/monday',
  ptsMicros: seconds * 1e6,
  label,
  box: [0, 0, 10, 10],
  source: 'person',
  confidence: 1,
  ...(objectId ? { objectId } : {}),
});
const nameOf = ({ label }: Observation): string => label;

it('joins sightings of one object and splits them at a gap', () => {
  const spans = labelSpans([seen('mug', 5, 'm'), seen('mug', 0, 'm'), seen('mug', 1, 'm')], nameOf);
  expect(spans.map(({ startMicros, endMicros }) => [startMicros, endMicros])).toEqual([
    [0, 1e6],
    [5e6, 5e6],
  ]);
});

it('keeps two objects of one name apart, in rows that do not overlap', () => {
  const spans = labelSpans(
    [seen('chair', 0, 'a'), seen('chair', 1, 'a'), seen('chair', 1, 'b'), seen('tv', 3)],
    nameOf,
  );
  expect(spans.map(({ label, row }) => [label, row])).toEqual([
    ['chair', 0],
    ['chair', 1],
    ['tv', 0],
  ]);
});
