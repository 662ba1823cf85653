import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Result } from '../../contract/errors.ts';
import type { KinematicChain } from './chain.ts';
import { chainFromTable, parseTable } from './denavit-hartenberg.ts';
import fr3 from './robots/fr3.json' with { type: 'json' };
import panda from './robots/panda.json' with { type: 'json' };
import { reasonOf, robotInvalid } from './robot-errors.ts';
import { parseUrdf } from './urdf.ts';

/** The arms that are shipped, to their flange. Geometry and limits: Franka's documentation of the control interface. */
export const shippedRobots: Readonly<Record<string, unknown>> = { panda, fr3 };

/** The links between which a chain goes; the whole robot unless given. */
export interface ChainEnds {
  readonly base?: string | undefined;
  readonly tip?: string | undefined;
}

/** A kind of robot file, known by its extension. */
interface DescriptionFormat {
  readonly extension: string;
  parse(text: string, file: string, ends: ChainEnds): Result<KinematicChain>;
}

const wholeTable = (chain: Result<KinematicChain>, file: string, ends: ChainEnds): Result<KinematicChain> => {
  if (!chain.ok) {
    return chain;
  }
  const { base, tip } = chain.value;
  const other = [ends.base !== base && ends.base, ends.tip !== tip && ends.tip].find((name) => name);
  return other
    ? robotInvalid(file, `it has no link "${other}", only the chain from ${base} to ${tip}`, 'Leave the option out.')
    : chain;
};

const formats: readonly DescriptionFormat[] = [
  { extension: '.urdf', parse: parseUrdf },
  { extension: '.json', parse: (text, file, ends) => wholeTable(parseTable(text, file), file, ends) },
];

/** The chain of a shipped robot by its name, or of a URDF or Denavit–Hartenberg file by its path. */
export const openRobot = async (robot: string, ends: ChainEnds = {}): Promise<Result<KinematicChain>> => {
  const shipped = shippedRobots[robot];
  if (shipped !== undefined) {
    return wholeTable(chainFromTable(shipped, robot), robot, ends);
  }
  const format = formats.find(({ extension }) => extension === extname(robot).toLowerCase());
  if (format === undefined) {
    const names = Object.keys(shippedRobots).join(', ');
    const kinds = formats.map(({ extension }) => extension).join(' or ');
    return robotInvalid(robot, 'it is no robot that Loci knows', `Give one of ${names}, or a ${kinds} file.`);
  }
  try {
    return format.parse(await readFile(robot, 'utf8'), robot, ends);
  } catch (thrown) {
    return robotInvalid(robot, `it cannot be read: ${reasonOf(thrown)}`, 'Check the path.');
  }
};
