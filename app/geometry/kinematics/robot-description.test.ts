import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectValue } from '../../../test/fixtures/reading.ts';
import { temporaryFolder } from '../../../test/fixtures/recordings.ts';
import { forwardKinematics } from './chain.ts';
import { parseTable } from './denavit-hartenberg.ts';
import { openRobot } from './robot-description.ts';
import { parseUrdf } from './urdf.ts';

const closeTo = (values: readonly number[]): unknown => values.map((value) => expect.closeTo(value, 12) as unknown);

describe('a Denavit–Hartenberg table', () => {
  // Two links in a plane: the classic arm of every textbook, x = l₁ cos θ₁ + l₂ cos(θ₁ + θ₂).
  const [upper, fore] = [0.4, 0.3];
  const tables = {
    standard: [
      { name: 'a', a: upper },
      { name: 'b', a: fore },
    ],
    modified: [{ name: 'a' }, { name: 'b', a: upper }, { name: 'hand', type: 'fixed', a: fore }],
  };

  it.each(['standard', 'modified'] as const)(
    'in the %s convention puts the hand of a planar arm in its place',
    (convention) => {
      const text = JSON.stringify({ version: 1, robot: 'planar', convention, joints: tables[convention] });
      const chain = expectValue(parseTable(text, 'planar.json'));
      const [first, second] = [0.7, -1.9];
      const pose = forwardKinematics(chain, [first, second]);
      expect([pose[3], pose[7], pose[11]]).toEqual(
        closeTo([
          upper * Math.cos(first) + fore * Math.cos(first + second),
          upper * Math.sin(first) + fore * Math.sin(first + second),
          0,
        ]),
      );
      expect(pose[0]).toBeCloseTo(Math.cos(first + second), 12);
    },
  );

  it('slides along z with a prismatic joint, and adds theta and d', () => {
    const joints = [{ name: 'lift', type: 'prismatic', theta: Math.PI / 2, d: 0.1, alpha: Math.PI / 2 }];
    const text = JSON.stringify({ version: 1, robot: 'lift', convention: 'standard', joints });
    const pose = forwardKinematics(expectValue(parseTable(text, 'lift.json')), [0.25]);
    // Up by 0.35, x turned to y, then z tipped over x: the new z points along the old x.
    expect(pose).toEqual(closeTo([0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0.35, 0, 0, 0, 1]));
  });

  it.each([
    ['is cut off', '{"version": 1', 'JSON', undefined],
    ['lacks its convention', '{"version":1,"robot":"r","joints":[{"name":"a"}]}', 'standard', 'convention'],
    [
      'has text for a length',
      '{"version":1,"robot":"r","convention":"standard","joints":[{"name":"a","a":"1"}]}',
      'number',
      'joints.0.a',
    ],
    [
      'names two joints alike',
      '{"version":1,"robot":"r","convention":"standard","joints":[{"name":"a"},{"name":"a"}]}',
      '"a"',
      'joints',
    ],
  ])('is refused when it %s', (_, text, words, place) => {
    const chain = parseTable(text, 'r.json');
    expect(chain).toMatchObject({
      ok: false,
      error: { code: 'robot-invalid', file: 'r.json', ...(place && { place }) },
    });
    expect(!chain.ok && chain.error.message).toContain(words);
  });
});

const link = (...names: readonly string[]): string => names.map((name) => `<link name="${name}"/>`).join('');
const robot = (body: string): string => `<robot name="r">${body}</robot>`;
const jointOf = (name: string, type: string, parent: string, child: string, inner = ''): string =>
  `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/>${inner}</joint>`;

describe('a URDF robot', () => {
  it('is followed through slides, fixed joints, turns without end and joints that mimic', () => {
    const text = robot(
      link('base', 'lift', 'plate', 'head', 'eye') +
        jointOf('raise', 'prismatic', 'base', 'lift', '<axis xyz="0 0 1"/>') +
        jointOf('bolt', 'fixed', 'lift', 'plate', '<origin rpy="0 0 1.5707963267948966" xyz="1 0 0"/>') +
        jointOf('pan', 'continuous', 'plate', 'head', '<origin/><axis xyz="0 0 1"/>') +
        jointOf('follow', 'prismatic', 'head', 'eye', '<mimic joint="raise" multiplier="2" offset="0.5"/>') +
        '<transmission name="t"><joint name="raise"><hardwareInterface>x</hardwareInterface></joint></transmission>',
    );
    const chain = expectValue(parseUrdf(text, 'r.urdf'));
    expect(chain.variables).toEqual(['raise', 'pan']);
    const pose = forwardKinematics(chain, [0.3, Math.PI / 2]);
    // Turned by 90° twice, the eye moves 2 · 0.3 + 0.5 along its x axis: backwards from x = 1.
    expect(pose).toEqual(closeTo([-1, 0, 0, 1 - 1.1, 0, -1, 0, 0, 0, 0, 1, 0.3, 0, 0, 0, 1]));
  });

  it('turns by roll, pitch and yaw about fixed axes', () => {
    const text = robot(link('a', 'b') + jointOf('j', 'fixed', 'a', 'b', '<origin rpy="0.1 0.2 0.3"/>'));
    const pose = forwardKinematics(expectValue(parseUrdf(text, 'r.urdf')), []);
    // The angles back from the matrix, by the usual inverse.
    expect(Math.atan2(pose[9]!, pose[10]!)).toBeCloseTo(0.1, 12);
    expect(Math.asin(-pose[8]!)).toBeCloseTo(0.2, 12);
    expect(Math.atan2(pose[4]!, pose[0]!)).toBeCloseTo(0.3, 12);
  });

  it.each([
    ['is no XML', '<robot>\n<link name="a">\n</robot>', 'well-formed'],
    ['is a template', robot('<xacro:include filename="x"/>'), 'xacro'],
    [
      'has two ends',
      robot(link('a', 'b', 'c') + jointOf('j', 'fixed', 'a', 'b') + jointOf('k', 'fixed', 'a', 'c')),
      'b, c',
    ],
    ['has a joint that floats', robot(link('a', 'b') + jointOf('j', 'floating', 'a', 'b')), 'joint "j", type'],
    [
      'has a place of two numbers',
      robot(link('a', 'b') + jointOf('j', 'fixed', 'a', 'b', '<origin xyz="1 2"/>')),
      'joint "j", origin.xyz',
    ],
    [
      'has an axis without length',
      robot(link('a', 'b') + jointOf('j', 'revolute', 'a', 'b', '<axis xyz="0 0 0"/>')),
      'joint "j", axis',
    ],
    ['mimics nothing', robot(link('a', 'b') + jointOf('j', 'revolute', 'a', 'b', '<mimic joint="k"/>')), '"k"'],
    [
      'bites its tail',
      robot(link('a', 'b') + jointOf('j', 'fixed', 'a', 'b') + jointOf('k', 'fixed', 'b', 'a')),
      'root',
    ],
  ])('is refused when it %s', (_, text, words) => {
    const chain = parseUrdf(text, 'r.urdf');
    expect(chain).toMatchObject({ ok: false, error: { code: 'robot-invalid', file: 'r.urdf' } });
    expect(!chain.ok && chain.error.message).toContain(words);
  });
});

describe('openRobot', () => {
  it('names what it knows when it is asked for something else', async () => {
    const refused = await openRobot('r2d2');
    expect(refused).toMatchObject({ ok: false, error: { code: 'robot-invalid' } });
    expect(!refused.ok && refused.error.hint).toContain('panda, fr3');
  });

  it('reads files by their extension, and says when one is not there', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'r.urdf');
    expect(await openRobot(file)).toMatchObject({ ok: false, error: { code: 'robot-invalid', file } });
    await writeFile(file, robot(link('a', 'b') + jointOf('j', 'revolute', 'a', 'b')));
    expect(expectValue(await openRobot(file)).variables).toEqual(['j']);
    expect(await openRobot(file, { tip: 'z' })).toMatchObject({ ok: false, error: { hint: 'Its links are: a, b.' } });
    expect(await openRobot('panda', { tip: 'panda_hand' })).toMatchObject({ ok: false });
  });
});
