import { InvalidArgumentError, Option, type Command } from 'commander';
import { lociError } from '../contract/errors.ts';
import { timeUnitSchema, type PosesInput, type RobotPoses } from '../contract/job.ts';
import { CommandFailure } from './output.ts';
import { positiveNumber } from './options.ts';

/** Options of `--poses robot`. */
export interface RobotOptions {
  readonly robot?: string;
  readonly joints?: string;
  readonly jointTopic?: string;
  readonly base?: string;
  readonly baseTopic?: string;
  readonly handEye?: string;
  readonly baseLink?: string;
  readonly tip?: string;
  readonly jointOffsetSeconds?: number;
  readonly jointGapSeconds?: number;
  readonly timeUnit?: RobotPoses['timeUnit'];
}

const anyNumber = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number.');
  }
  return value;
};

/** Adds the options of `--poses robot`. */
export const withRobot = (command: Command): Command =>
  command
    .option('--robot <name|file>', 'with --poses robot: panda, fr3, or a .urdf or Denavit–Hartenberg .json file')
    .option('--joints <log>', 'its joint positions: .csv, .jsonl or .mcap')
    .option('--joint-topic <topic>', 'which topic of an MCAP file')
    .option('--base <log>', 'poses of its moving base: .csv, .jsonl or .mcap')
    .option('--base-topic <topic>', 'which topic of an MCAP file')
    .option('--hand-eye <file>', 'where the camera sits on the tip (.json)')
    .option('--tip <link>', 'link that carries the camera; the chain’s end unless given')
    .option('--base-link <link>', 'link where the chain begins; the root unless given')
    .option('--joint-offset-seconds <s>', 'added to the times of the logs to get those of the recording (0)', anyNumber)
    .option('--joint-gap-seconds <s>', 'longest gap to interpolate over (0.2)', positiveNumber)
    .addOption(new Option('--time-unit <unit>', 'of log times that do not say it').choices(timeUnitSchema.options));

/** What a request says of where poses come from. */
export const posesOf = (how: 'tracked' | 'recorded' | 'robot', options: RobotOptions): PosesInput => {
  const { robot, joints } = options;
  if (how !== 'robot') {
    if (robot !== undefined || joints !== undefined) {
      throw new CommandFailure(lociError('bad-usage', '--robot and --joints need --poses robot', 'Add --poses robot.'));
    }
    return how;
  }
  if (robot === undefined || joints === undefined) {
    const hint = 'Give for example --robot panda --joints log.csv.';
    throw new CommandFailure(lociError('bad-usage', '--poses robot needs --robot and --joints', hint));
  }
  const { jointTopic, base, baseTopic, handEye, baseLink, tip, timeUnit } = options;
  const { jointOffsetSeconds: offsetSeconds, jointGapSeconds: maxGapSeconds } = options;
  return {
    kind: 'robot',
    ...{ robot, joints, jointTopic, base, baseTopic, handEye, baseLink, tip, timeUnit, offsetSeconds, maxGapSeconds },
  };
};
