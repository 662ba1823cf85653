import { describe, expect, it } from 'vitest';
import type { OrientedBox, Vector3 } from '../../app/contract/geometry.ts';
import { answerSchema } from '../../app/contract/question.ts';
import type { SceneObject } from '../../app/contract/scene.ts';
import { answerQuestion } from '../../app/reasoning/ask.ts';
import { parse } from '../../app/reasoning/query.ts';
import type { SceneMemory } from '../../app/reasoning/scene-memory.ts';
import { deriveRelations } from '../../app/scene/relations.ts';

const upright = (degrees: number): number[] => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [c, s, 0, -s, c, 0, 0, 0, 1];
};

interface Extra {
  readonly turn?: number;
  readonly seconds?: readonly [number, number];
  readonly session?: string;
  readonly confidence?: number;
}

const object = (
  id: string,
  label: string,
  center: Vector3,
  axesLengths: Vector3,
  { turn = 0, seconds = [1, 20], session = 'home/monday', confidence = 0.9 }: Extra = {},
): SceneObject => {
  const [first, last] = seconds.map((at) => ({ sessionId: session, ptsMicros: Math.round(at * 1e6) }));
  return {
    id,
    environment: 'home',
    label,
    center,
    axesLengths,
    axes: upright(turn),
    confidence,
    source: 'person',
    scale: 'metric',
    firstSeen: first!,
    lastSeen: last!,
    observations: 3,
    evidence: [last!, first!],
  };
};

/** A kitchen with a dining corner and a lounge, laid out by hand; the numbers in the tests are read off this list. */
const objects = [
  object('table-1', 'dining table', [2, 0, 0.375], [1.6, 0.8, 0.75]),
  object('mug-1', 'mug', [1.5, 0, 0.8], [0.1, 0.1, 0.1], { seconds: [3, 62.3], confidence: 0.6 }),
  object('kettle-1', 'kettle', [2.4, 0.1, 0.87], [0.2, 0.2, 0.24]),
  object('chair-1', 'chair', [2, -1, 0.45], [0.5, 0.5, 0.9]),
  object('chair-2', 'chair', [2, 1, 0.45], [0.5, 0.5, 0.9]),
  object('office-chair-1', 'office chair', [-3, 1, 0.5], [0.6, 0.6, 1], { turn: 45 }),
  object('sofa-1', 'sofa', [-2, -2, 0.4], [2, 0.9, 0.8]),
  object('cushion-1', 'cushion', [-2, -2.1, 0.5], [0.4, 0.3, 0.2]),
  object('door-1', 'door', [0, 4, 1], [0.9, 0.1, 2]),
  object('tv-1', 'tv', [-2, 3, 1], [1.2, 0.1, 0.7]),
];

const remember = (list: readonly SceneObject[], more: Partial<SceneMemory> = {}): SceneMemory => ({
  environment: 'home',
  objects: list,
  relations: deriveRelations(list),
  sessions: [{ id: 'home/monday', name: 'monday', worldFrame: 'monday' }],
  ...more,
});

const memory = remember(objects, { floorAreaSquareMetres: 42.25 });
const ask = (question: string, of: SceneMemory = memory) => answerSchema.parse(answerQuestion(question, of));
const box = (id: string): OrientedBox => objects.find((each) => each.id === id)!;

/** Distance by dense points on both surfaces: another method than the product's, never below the truth, 1 cm fine. */
const sampledDistance = (a: OrientedBox, b: OrientedBox): number => {
  const n = 40;
  const points = (of: OrientedBox): Vector3[] => {
    const found: Vector3[] = [];
    for (let axis = 0; axis < 3; axis++) {
      for (let k = 0; k < 2 * (n + 1) ** 2; k++) {
        const t = [0, 0, 0];
        t[axis] = k % 2 === 0 ? -0.5 : 0.5;
        t[(axis + 1) % 3] = ((k >> 1) % (n + 1)) / n - 0.5;
        t[(axis + 2) % 3] = Math.floor((k >> 1) / (n + 1)) / n - 0.5;
        found.push(
          [0, 1, 2].map(
            (j) =>
              of.center[j]! + [0, 1, 2].reduce((sum, i) => sum + t[i]! * of.axesLengths[i]! * of.axes[3 * i + j]!, 0),
          ) as Vector3,
        );
      }
    }
    return found;
  };
  const [onA, onB] = [points(a), points(b)];
  // The point of A nearest to B's centre, then back and forth, ends at the nearest pair of two convex surfaces.
  let to = b.center;
  let least = Infinity;
  for (let turn = 0; turn < 20; turn++) {
    const from = turn % 2 === 0 ? onA : onB;
    let nearest = from[0]!;
    for (const p of from) {
      if (
        Math.hypot(p[0] - to[0], p[1] - to[1], p[2] - to[2]) <
        Math.hypot(nearest[0] - to[0], nearest[1] - to[1], nearest[2] - to[2])
      ) {
        nearest = p;
      }
    }
    least = Math.min(least, Math.hypot(nearest[0] - to[0], nearest[1] - to[1], nearest[2] - to[2]));
    to = nearest;
  }
  return least;
};

describe('how many', () => {
  it.each([
    ['How many chairs are there?', 2],
    ['How many chair(s) are in this room?', 2],
    ['how many chairs do you see?', 2],
    ['Count the chairs', 2],
    ["What's the number of chairs in the room?", 2],
    ['how many couches are there', 1],
    ['How many office chairs?', 1],
    ['how many tables are there?', 1],
    ['How many cups are on the table?', 1],
    ['how many chairs are on the table?', 0],
  ])('%s → %d', (question, expected) => {
    expect(ask(question)).toMatchObject({ status: 'answered', kind: 'count', value: expected, unit: 'objects' });
  });

  it('mentions things of a more special name without counting them', () => {
    expect(ask('How many chairs are there?').text).toBe('There are 2 chairs, besides 1 office chair.');
  });

  it('says what it took an unknown word to mean', () => {
    expect(ask('how many couches are there').because).toContain('"couches" was taken to mean "sofa"');
  });

  it('counts a thing once when two sessions that were never aligned show it', () => {
    const again = object('sofa-2', 'sofa', [9, 9, 0.4], [2, 0.9, 0.8], { session: 'home/tuesday' });
    const unaligned = remember([...objects, again]);
    const answer = ask('How many sofas are there?', unaligned);
    expect(answer).toMatchObject({ value: 1, text: 'There is at least 1 sofa.' });
    expect(answer.confidence).toBeLessThan(ask('How many sofas are there?').confidence);
  });
});

describe('how far', () => {
  it.each([
    'How far is the sofa from the door?',
    'how far is it from the sofa to the door?',
    'How far away is the sofa from the door?',
    'What is the distance between the sofa and the door?',
    'what is the distance from the sofa to the door',
    'How far apart are the sofa and the door?',
    'how many metres is the sofa from the door?',
    'Can you tell me how far the sofa is from the door?',
    'distance between couch and door',
    'Measuring from the closest point of each object, what is the direct distance between the sofa and the door (in meters)?',
  ])('%s', (question) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ status: 'answered', kind: 'distance', unit: 'm' });
    // Read off the list: in x the sofa ends at −1, the door begins at −0.45; in y −1.55 and 3.95.
    expect(answer.value).toBeCloseTo(Math.hypot(0.55, 5.5), 3);
    expect(answer.evidence.objectIds).toEqual(['sofa-1', 'door-1']);
  });

  it.each([
    ['mug', 'mug-1', 'office chair', 'office-chair-1'],
    ['office chair', 'office-chair-1', 'tv', 'tv-1'],
    ['kettle', 'kettle-1', 'office chair', 'office-chair-1'],
    ['cushion', 'cushion-1', 'dining table', 'table-1'],
  ])('agrees with sampled surfaces for %s and %s', (a, idA, b, idB) => {
    const { value } = ask(`How far is the ${a} from the ${b}?`);
    const sampled = sampledDistance(box(idA), box(idB));
    expect(value).toBeLessThanOrEqual(sampled + 0.001);
    expect(sampled - (value as number)).toBeLessThan(0.02);
  });

  it('answers in the unit that was asked for', () => {
    expect(ask('How far is the mug from the kettle in centimetres?')).toMatchObject({ value: 75, unit: 'cm' });
    expect(ask('How far is the mug from the kettle?').text).toBe('The mug is 0.75 m from the kettle.');
  });

  it('says that touching things touch', () => {
    expect(ask('how far is the mug from the table?')).toMatchObject({ value: 0 });
  });

  it('asks back when a name fits several things, and tells them apart', () => {
    const answer = ask('How far is the chair from the door?');
    expect(answer.status).toBe('ambiguous');
    expect(answer.value).toBeUndefined();
    expect(answer.alternatives).toEqual([
      { label: 'chair', objectId: 'chair-1' },
      { label: 'chair', objectId: 'chair-2' },
    ]);
    expect(answer.text).toContain('chair-1 (4.88 m from the door)');
    expect(ask('How far is chair-2 from the door?')).toMatchObject({ status: 'answered' });
  });

  it('takes the nearest instance when told so, and says that it did', () => {
    const nearest = Math.hypot(1.75 - 0.45, 3.95 - 1.25);
    for (const question of [
      'How far is the nearest chair from the door?',
      'What is the distance between the chair and the door? If there are multiple instances of an object category, measure to the closest.',
    ]) {
      const answer = ask(question);
      expect(answer.value).toBeCloseTo(nearest, 3);
      expect(answer.because).toContain('nearest instances');
    }
  });

  it('measures between the two of a kind', () => {
    expect(ask('how far apart are the two chairs?')).toMatchObject({ status: 'answered', value: 1.5 });
  });

  it('refuses metres where the scale is unknown, but still compares', () => {
    const monocular = remember(objects.map((each) => ({ ...each, scale: 'arbitrary' as const })));
    const refused = ask('How far is the sofa from the door?', monocular);
    expect(refused).toMatchObject({ status: 'cannot-tell', kind: 'distance' });
    expect(refused.text).toContain('scale');
    expect(ask('Which is closer to the door, the sofa or the tv?', monocular)).toMatchObject({ choice: 'tv' });
    expect(ask('Which is closer to the door, the sofa or the tv?', monocular).text).not.toMatch(/\d m/);
    expect(ask('How tall is the sofa?', monocular).status).toBe('cannot-tell');
    expect(ask('What is within 1 m of the sofa?', monocular).status).toBe('cannot-tell');
  });

  it('does not compare places of sessions that were never aligned', () => {
    const elsewhere = remember([
      ...objects,
      object('lamp-1', 'lamp', [0, 0, 1], [0.2, 0.2, 1], { session: 'home/tuesday' }),
    ]);
    expect(ask('How far is the lamp from the sofa?', elsewhere)).toMatchObject({ status: 'cannot-tell' });
    const aligned = {
      ...elsewhere,
      sessions: [...elsewhere.sessions, { id: 'home/tuesday', name: 'tuesday', worldFrame: 'monday' }],
    };
    expect(ask('How far is the lamp from the sofa?', aligned)).toMatchObject({ status: 'answered' });
  });
});

describe('which is closest', () => {
  it.each([
    'Which is closest to the door: the sofa, the tv or the mug?',
    'which of the sofa, the tv and the mug is nearest to the door?',
    'Which of these objects (sofa, tv, mug) is the closest to the door?',
    'Measuring from the closest point of each object, which of these objects (sofa, tv, mug) is the closest to the door? If there are multiple instances of an object category, measure to the closest.',
    'Among the sofa, the tv and the mug, which is closest to the door?',
    'What is closer to the door, the tv or the sofa?',
    'Is the tv or the sofa closer to the door?',
    'is the sofa closer to the door than the tv?',
  ])('%s', (question) => {
    expect(ask(question)).toMatchObject({ status: 'answered', kind: 'closest', choice: 'tv', value: 'tv' });
  });

  it('measures to the nearest instance of each candidate', () => {
    const answer = ask('Which is closest to the mug: the chair, the sofa or the door?');
    expect(answer.choice).toBe('chair');
    expect(answer.because).toContain('nearest instance');
  });

  it('chooses from everything, or from the instances of one name', () => {
    expect(ask('What is closest to the tv?')).toMatchObject({ choice: 'door' });
    expect(ask('Which chair is closest to the sofa?')).toMatchObject({ choice: 'chair-1' });
    expect(ask('Which is farthest from the door, the mug or the sofa?')).toMatchObject({ choice: 'sofa' });
  });

  it('is less sure of a close call', () => {
    const even = ask('Which is closest to the table: chair-1 or chair-2?');
    expect(even.confidence).toBeLessThan(0.6);
    expect(even.because).toContain('close call');
  });
});

describe('where', () => {
  it('gives coordinates and words', () => {
    const answer = ask('Where is the kettle?');
    expect(answer).toMatchObject({ status: 'answered', kind: 'place', position: [2.4, 0.1, 0.87] });
    expect(answer.text).toBe('The kettle is on the dining table, 0.55 m from chair-2, at (2.40, 0.10, 0.87) m.');
    expect(answer.evidence.objectIds).toEqual(['kettle-1', 'table-1', 'chair-2']);
    expect(answer.evidence.frames).toContainEqual({ sessionId: 'home/monday', ptsMicros: 20_000_000 });
  });

  it.each([
    "Where's the kettle",
    'where can I find the kettle?',
    'do you know where the kettle is?',
    'Find the kettle',
    'location of the kettle',
  ])('%s', (question) => expect(ask(question)).toMatchObject({ kind: 'place', position: [2.4, 0.1, 0.87] }));

  it('says what lies on the seat of a sofa, though it is inside its box', () => {
    expect(ask('Where is the cushion?').text).toMatch(/^The cushion is on the sofa/);
  });

  it('lists all of a plural, and asks back for a singular', () => {
    expect(ask('Where are the chairs?')).toMatchObject({ status: 'answered' });
    expect(ask('Where is the chair?')).toMatchObject({ status: 'ambiguous' });
  });
});

describe('when', () => {
  it.each([
    ['When was the mug last seen?', 62.3],
    ['where and when was the mug last seen?', 62.3],
    ['when did you last see the mug', 62.3],
    ['When was the last time you saw the mug?', 62.3],
    ['When did the mug first appear?', 3],
    ['when was the mug first seen?', 3],
  ])('%s → %d s', (question, seconds) => {
    const answer = ask(question);
    expect(answer).toMatchObject({
      status: 'answered',
      kind: 'seen',
      value: seconds,
      unit: 's',
      position: [1.5, 0, 0.8],
    });
    expect(answer.evidence.frames[0]).toEqual({ sessionId: 'home/monday', ptsMicros: seconds * 1e6 });
  });

  it('names session and place', () => {
    expect(ask('When was the mug last seen?').text).toBe(
      'The mug was last seen at 1:02.3 in monday, on the dining table, 0.73 m from chair-1.',
    );
  });
});

describe('what is near', () => {
  it.each([
    ['What is within 1.5 metres of the tv?', 1.5, ['door-1']],
    ['which objects are within 50 cm of the table?', 0.5, ['kettle-1', 'mug-1', 'chair-1', 'chair-2']],
    ['What is near the sofa?', 1, ['cushion-1']],
    ["what's around the door within two metres?", 2, ['tv-1']],
  ])('%s', (question, within, expected) => {
    expect(parse(question)).toMatchObject({ kind: 'around', withinMetres: within });
    expect(ask(question).evidence.objectIds.slice(1)).toEqual(expected);
  });

  it('says what is on, in or under something', () => {
    expect(ask('What is on the table?').alternatives.map(({ objectId }) => objectId)).toEqual(['mug-1', 'kettle-1']);
    expect(ask('what is under the kettle').text).toBe('The dining table is under the kettle.');
    expect(ask('What is on the door?').text).toBe('Nothing in memory is on the door.');
    expect(ask('What is in front of the sofa?').status).toBe('cannot-tell');
  });
});

describe('how big', () => {
  it.each([
    [
      'What is the length of the longest dimension (length, width, or height) of the sofa, measured in centimeters?',
      200,
      'cm',
    ],
    ['How big is the sofa?', 2, 'm'],
    ['How tall is the sofa?', 0.8, 'm'],
    ['what is the height of the door in cm?', 200, 'cm'],
    ['How wide is the table?', 1.6, 'm'],
    ['how deep is the table?', 0.8, 'm'],
  ])('%s → %d %s', (question, value, unit) => {
    expect(ask(question)).toMatchObject({ status: 'answered', kind: 'size', value, unit });
  });

  it('knows the floor area when it was measured', () => {
    for (const question of [
      'What is the size of this room (in square meters)? If multiple rooms are shown, estimate the size of the combined space.',
      'How big is the apartment?',
      'what is the floor area?',
    ]) {
      expect(ask(question)).toMatchObject({ kind: 'room-size', value: 42.25, unit: 'm²' });
      expect(ask(question, remember(objects))).toMatchObject({ kind: 'room-size', status: 'cannot-tell' });
    }
  });
});

describe('left and right', () => {
  const standing = 'If I am standing by the door and facing the table';
  const hard = `, is the {} to my front-left, front-right, back-left, or back-right? The directions refer to the quadrants of a Cartesian plane (if I am standing at the origin and facing along the positive y-axis).`;
  // At (0, 4) facing (2, 0): the tv at (−2, 3) is to the right and behind by a little less than a right angle.
  it.each([
    [`${standing}${hard.replace('{}', 'sofa')}`, 'front-right'],
    [`${standing}${hard.replace('{}', 'kettle')}`, 'front-left'],
    [
      `${standing}, is the tv to my left, right, or back? An object is to my back if I would have to turn at least 135 degrees in order to face it.`,
      'right',
    ],
    [`${standing}, is the office chair to the left or the right of the table?`, 'right'],
    ['If I stand at the sofa looking at the tv, where is the door?', 'front-right'],
    ['If I am standing by the tv and facing the door, is the sofa to my left, right, or back?', 'right'],
  ])('%s → %s', (question, direction) => {
    expect(ask(question)).toMatchObject({ status: 'answered', kind: 'direction', choice: direction });
  });
});

describe('what cannot be answered', () => {
  it('lists what is known when a name is not', () => {
    const answer = ask('Where is the elephant?');
    expect(answer).toMatchObject({ status: 'cannot-tell', kind: 'place', confidence: 0 });
    expect(answer.text).toContain('"elephant"');
    expect(answer.alternatives.map(({ label }) => label)).toEqual([
      'chair',
      'cushion',
      'dining table',
      'door',
      'kettle',
      'mug',
      'office chair',
      'sofa',
      'tv',
    ]);
  });

  it.each([
    '',
    '   ',
    '???',
    '🫖🔥',
    'Wo steht die Tasse?',
    'マグカップはどこですか',
    "'; DROP TABLE objects; --",
    'hello',
    'where',
    'how many',
    'how far is the',
    'which is closest to',
    '(((((',
    '\u0000\u0001',
    'is the to from and or',
    `how far is ${'the '.repeat(100)} from`,
    'x'.repeat(10_000),
    `how many ${'very '.repeat(2_000)}big chairs?`,
  ])('%j', (question) => {
    const answer = ask(question);
    expect(answer.status).toBe('cannot-tell');
    expect(answer.text.length).toBeGreaterThan(10);
    expect(answer.text.length).toBeLessThan(900);
  });

  it('has no objects to speak of in an empty memory', () => {
    const empty = remember([]);
    for (const question of [
      'How many chairs are there?',
      'Where is the mug?',
      'What is closest to the door?',
      'what do you see?',
    ]) {
      expect(ask(question, empty).status).toBe('cannot-tell');
    }
  });
});

it('trusts an answer no more than what it rests on', () => {
  expect(ask('How far is the sofa from the door?').confidence).toBeCloseTo(0.9);
  expect(ask('How far is the mug from the door?').confidence).toBeCloseTo(0.6);
});

describe('yes or no', () => {
  it.each([
    ['Is the mug on the table?', 'yes', 'Yes, the mug is on the dining table.'],
    ['is the kettle on the sofa?', 'no', 'No, the kettle is on the dining table, 0.55 m from chair-2.'],
    ['Is the cushion on the couch?', 'yes', 'Yes, the cushion is on the sofa.'],
    ['Is there a kettle?', 'yes', 'Yes, the kettle.'],
    ['do you see any chairs?', 'yes', 'Yes, 2 chairs.'],
  ])('%s → %s', (question, value, text) => {
    expect(ask(question)).toMatchObject({ status: 'answered', value, text });
  });
});
