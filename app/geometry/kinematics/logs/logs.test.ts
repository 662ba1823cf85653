import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectValue } from '../../../../test/fixtures/reading.ts';
import { temporaryFolder, truncateFile } from '../../../../test/fixtures/recordings.ts';
import { jointState, writeJointCsv, writeMcap } from '../../../../test/fixtures/robot-logs.ts';
import { identityPose } from '../../pose.ts';
import type { ChainJoint, KinematicChain } from '../chain.ts';
import { readBaseLog } from './base-log.ts';
import { readJointLog } from './joint-log.ts';
import type { SampledLog } from './read-samples.ts';

const joint: Pick<ChainJoint, 'type' | 'origin' | 'axis'> = { type: 'revolute', origin: identityPose, axis: [0, 0, 1] };
const chain: KinematicChain = {
  robot: 'two',
  base: 'base',
  tip: 'tip',
  joints: [
    { ...joint, name: 'lift', variable: 0 },
    { ...joint, name: 'turn', variable: 1, limits: [-1, 1] },
  ],
  lastFromTip: identityPose,
  variables: ['lift', 'turn'],
};

const written = async (folder: string, name: string, lines: readonly string[]): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, lines.join('\n'));
  return file;
};

const rows = ({ samples }: SampledLog): number[][] => [...samples.rows()].map((row) => [...row]);
const samples = [
  { seconds: 10, positions: [0.1, 0.2] },
  { seconds: 10.5, positions: [0.3, 0.4] },
];

describe('a log of joints', () => {
  it.each([
    ['joints by name, in another order', 'a.csv', ['time_ms,turn,lift', '10000,0.2,0.1', '10500,0.4,0.3']],
    [
      'numbered joints, a comment and a blank line',
      'a.csv',
      ['# arm', 'timestampNs,q1,q2', '', '1e10,0.1,0.2', '1.05e10,0.3,0.4'],
    ],
    [
      'columns of a message laid flat',
      'a.csv',
      [
        'header.stamp.sec,header.stamp.nanosec,/joints/lift/position,/joints/turn/position',
        '10,0,0.1,0.2',
        '10,500000000,0.3,0.4',
      ],
    ],
    [
      'objects with a list',
      'a.jsonl',
      ['{"seconds":10,"positions":[0.1,0.2]}', '{"seconds":10.5,"positions":[0.3,0.4]}'],
    ],
    [
      'messages with a stamp and names',
      'a.jsonl',
      [
        '{"header":{"stamp":{"sec":10,"nanosec":0}},"name":["turn","gripper","lift"],"position":[0.2,9,0.1]}',
        '{"header":{"stamp":{"sec":10,"nanosec":500000000}},"name":["turn","gripper","lift"],"position":[0.4,9,0.3]}',
      ],
    ],
  ])('is read from %s', async (_, name, lines) => {
    await using folder = await temporaryFolder();
    const log = expectValue(await readJointLog(await written(folder.path, name, lines), chain, {}));
    expect(rows(log)).toEqual(samples.map(({ positions }) => positions));
    expect([log.samples.firstMicros, log.samples.lastMicros]).toEqual([10e6, 10.5e6]);
    expect(log.warnings).toEqual([]);
  });

  it.each(['json', 'cdr'] as const)(
    'is read from the joint states among the %s messages of an MCAP file',
    async (encoding) => {
      await using folder = await temporaryFolder();
      const file = join(folder.path, 'drive.mcap');
      const messages = samples.map((sample) => ({
        // A recorder takes messages later than they were made; the stamp inside counts.
        seconds: sample.seconds + 0.25,
        message: jointState(chain.variables, sample),
      }));
      const other = {
        topic: '/chatter',
        schema: 'std_msgs/String',
        encoding: 'json',
        messages: [{ seconds: 1, message: {} }],
      } as const;
      await writeMcap(file, [
        other,
        { topic: '/joint_states', schema: 'sensor_msgs/msg/JointState', encoding, messages },
      ]);
      const log = expectValue(await readJointLog(file, chain, {}));
      expect(rows(log)).toEqual(samples.map(({ positions }) => positions));
      expect(log.samples.firstMicros).toBe(10e6);
    },
  );

  it('is read as far as it goes from an MCAP file that was cut off', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'drive.mcap');
    const messages = Array.from({ length: 20_000 }, (_, i) => {
      const sample = { seconds: 1 + i / 1000, positions: [i / 20_000, 0] };
      return { seconds: sample.seconds, message: jointState(chain.variables, sample) };
    });
    await writeMcap(file, [
      { topic: '/joint_states', schema: 'sensor_msgs/msg/JointState', encoding: 'json', messages },
    ]);
    await truncateFile(file, 0.5);
    const { samples: read, warnings } = expectValue(await readJointLog(file, chain, {}));
    expect(read.length).toBeGreaterThan(1000);
    expect(read.length).toBeLessThan(20_000);
    expect(warnings).toMatchObject([{ code: 'source-truncated', file }]);
  });

  it('is refused when it is text under the name of an MCAP file', async () => {
    await using folder = await temporaryFolder();
    const file = await written(folder.path, 'a.mcap', ['hello']);
    expect(await readJointLog(file, chain, {})).toMatchObject({ ok: false, error: { code: 'source-truncated', file } });
  });

  it('asks for the topic where an MCAP file has two arms', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'arms.mcap');
    const arm = (topic: string, lift: number) =>
      ({
        topic,
        schema: 'sensor_msgs/msg/JointState',
        encoding: 'json',
        messages: [{ seconds: 1, message: jointState(chain.variables, { seconds: 1, positions: [lift, 0] }) }],
      }) as const;
    await writeMcap(file, [arm('/left', 0.1), arm('/right', 0.2)]);
    expect(await readJointLog(file, chain, {})).toMatchObject({
      ok: false,
      error: { code: 'log-invalid', message: expect.stringContaining('/left, /right') as string },
    });
    expect(rows(expectValue(await readJointLog(file, chain, { topic: '/right' })))).toEqual([[0.2, 0]]);
  });

  it('does not guess the unit of its times', async () => {
    await using folder = await temporaryFolder();
    const file = await writeJointCsv(folder.path, samples, { header: 'timestamp,q1,q2' });
    expect(await readJointLog(file, chain, {})).toMatchObject({
      ok: false,
      error: { code: 'log-invalid', message: expect.stringContaining('"timestamp"') as string },
    });
    expect(expectValue(await readJointLog(file, chain, { timeUnit: 's' })).samples.firstMicros).toBe(10e6);
  });

  it('passes over rows with NaN, doubled and reversed times, and says which', async () => {
    await using folder = await temporaryFolder();
    const lines = ['time_s,q1,q2', '1,0,0', '2,nan,0', '3,0.5,0', '3,0.6,0', '2.5,0.7,0', '4,0.9,0', '5,1'];
    const file = await written(folder.path, 'a.csv', lines);
    const log = expectValue(await readJointLog(file, chain, {}));
    expect(rows(log).map(([lift]) => lift)).toEqual([0, 0.5, 0.9]);
    expect(log.warnings.map(({ message }) => message)).toEqual([
      `${file} (line 3): 2 rows are passed over, which lack a finite number`,
      `${file} (line 5): 2 rows are passed over, whose time is not later than that of the row before`,
    ]);
  });

  it('warns of a joint beyond its limits, as degrees would be', async () => {
    await using folder = await temporaryFolder();
    const file = await writeJointCsv(folder.path, [{ seconds: 0, positions: [0, 45] }]);
    const { warnings } = expectValue(await readJointLog(file, chain, {}));
    expect(warnings).toMatchObject([{ code: 'log-invalid', place: 'turn' }]);
  });

  it.each([
    ['a table of something else', 'a.csv', ['time_s,speed', '1,2'], 'no row has the positions of lift, turn'],
    ['an empty file', 'a.csv', [], 'empty'],
    ['a file without times', 'a.csv', ['q1,q2', '1,2'], 'no field says when'],
    ['a spreadsheet', 'a.xlsx', ['x'], '.csv, .jsonl, .mcap'],
  ])('is refused when it is %s', async (_, name, lines, words) => {
    await using folder = await temporaryFolder();
    const file = await written(folder.path, name, lines);
    const log = await readJointLog(file, chain, {});
    expect(log).toMatchObject({ ok: false, error: { code: 'log-invalid', file } });
    expect(log.ok ? '' : `${log.error.message} ${log.error.hint}`).toContain(words);
  });
});

describe('a log of the base', () => {
  const half = Math.SQRT1_2;
  it.each([
    ['a place on the floor and a yaw', 'b.csv', ['time_s,x,y,yaw', `1,2,3,${Math.PI / 2}`], 0],
    ['the columns of TUM', 'b.csv', ['time_s,tx,ty,tz,qx,qy,qz,qw', '1,2,3,0.5,0,0,2,2'], 0.5],
    [
      'odometry',
      'b.jsonl',
      [
        JSON.stringify({
          header: { stamp: { sec: 1, nanosec: 0 } },
          pose: { pose: { position: { x: 2, y: 3, z: 0.5 }, orientation: { x: 0, y: 0, z: half, w: half } } },
        }),
      ],
      0.5,
    ],
    [
      'transforms',
      'b.jsonl',
      [
        JSON.stringify({
          timestamp: { sec: 1, nsec: 0 },
          translation: { x: 2, y: 3, z: 0.5 },
          rotation: { x: 0, y: 0, z: half, w: half },
        }),
      ],
      0.5,
    ],
  ])('is read from %s', async (_, name, lines, z) => {
    await using folder = await temporaryFolder();
    const log = expectValue(await readBaseLog(await written(folder.path, name, lines), {}));
    expect(rows(log)).toEqual([[2, 3, z, 0, 0, half, half].map((value) => expect.closeTo(value, 12) as unknown)]);
    expect(log.samples.firstMicros).toBe(1e6);
  });
});
