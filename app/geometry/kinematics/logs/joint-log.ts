import { lociError, success, type LociError, type Result } from '../../../contract/errors.ts';
import type { TimeUnit } from '../../../contract/job.ts';
import { jointPosition, type ChainJoint, type KinematicChain } from '../chain.ts';
import type { LogRow } from './log-file.ts';
import { readSamples, type SampledLog, type SampleReader } from './read-samples.ts';
import type { TimedSamples } from './timed-samples.ts';

type Message = LogRow['message'];

/** `sensor_msgs/JointState` of ROS 1 and 2, `foxglove.JointStates`. */
const jointStateSchema = /JointStates?$/;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** Positions by name, of a message that lists names and positions, or joints with both. */
const namedPositions = ({ name, position, joints }: Message): ReadonlyMap<unknown, unknown> | undefined => {
  if (isList(name) && position !== undefined) {
    const positions = position as ArrayLike<unknown>;
    return new Map(name.map((each, i) => [each, positions[i]]));
  }
  return isList(joints)
    ? new Map((joints as readonly Message[]).map((joint) => [joint['name'], joint['position']]))
    : undefined;
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The fields of a flat row that hold the chain's variables: by name, or numbered from 1 as `q1` or `joint_1`. */
const fieldsOf = (names: readonly string[], variables: readonly string[]): readonly string[] | undefined => {
  const find = (pattern: string): string | undefined => {
    const whole = new RegExp(`(^|[/.])${pattern}([/._]pos(ition)?)?$`, 'i');
    return names.find((name) => whole.test(name));
  };
  const byName = variables.map((variable) => (names.includes(variable) ? variable : find(escape(variable))));
  const numbered = variables.map((_, i) => find(`(q|joint)_?${i + 1}`));
  const found = byName.includes(undefined) ? numbered : byName;
  return found.includes(undefined) ? undefined : found.filter((name) => name !== undefined);
};

/** Reads a chain's positions out of rows and messages; what the fields are is found once. */
const readerOf = (chain: KinematicChain, topic: string | undefined): SampleReader => {
  const { variables } = chain;
  let fields: readonly string[] | undefined;
  return {
    stream: { topic, schema: jointStateSchema },
    width: variables.length,
    expected: `the positions of ${variables.join(', ')}, nor q1 to q${variables.length}`,
    numbersOf: (message) => {
      const list = message['positions'] ?? message['q'];
      if (isList(list)) {
        return list.length === variables.length ? list.map(Number) : undefined;
      }
      const named = namedPositions(message);
      if (named) {
        return variables.every((variable) => named.has(variable))
          ? variables.map((variable) => Number(named.get(variable)))
          : undefined;
      }
      fields ??= fieldsOf(Object.keys(message), variables);
      return fields?.map((field) => Number(message[field] ?? Number.NaN));
    },
  };
};

/** Wider than rounding and calibration offsets, far below a mix-up of degrees and radians. */
const limitTolerance = 0.01;

/** Says which joints went beyond their limits, and in how many samples. */
const limitWarnings = (chain: KinematicChain, samples: TimedSamples, file: string): LociError[] => {
  const beyond = new Map<ChainJoint, { count: number; first: number }>();
  for (const positions of samples.rows()) {
    for (const joint of chain.joints) {
      const [lower, upper] = joint.limits ?? [-Infinity, Infinity];
      const position = jointPosition(joint, positions);
      if (position < lower - limitTolerance || position > upper + limitTolerance) {
        const { count, first } = beyond.get(joint) ?? { count: 0, first: position };
        beyond.set(joint, { count: count + 1, first });
      }
    }
  }
  const leaves = ({ name, limits }: ChainJoint, count: number, first: number): string =>
    `${name} leaves its limits [${limits?.join(', ') ?? ''}] in ${count} samples, first with ${first.toFixed(4)}`;
  return [...beyond].map(([joint, { count, first }]) =>
    lociError(
      'log-invalid',
      `${file}: ${leaves(joint, count, first)}`,
      'The positions are used as they are; check that they are in radians and belong to this robot.',
      { file, place: joint.name },
    ),
  );
};

/** Reads a log of a chain's joints, in radians and metres. */
export const readJointLog = async (
  file: string,
  chain: KinematicChain,
  options: { readonly topic?: string | undefined; readonly timeUnit?: TimeUnit | undefined },
): Promise<Result<SampledLog>> => {
  const log = await readSamples(file, readerOf(chain, options.topic), options.timeUnit);
  if (!log.ok) {
    return log;
  }
  const { samples, warnings } = log.value;
  return success({ samples, warnings: [...warnings, ...limitWarnings(chain, samples, file)] });
};
