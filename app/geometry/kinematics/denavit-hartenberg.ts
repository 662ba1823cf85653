import { z } from 'zod';
import { success, type Result } from '../../contract/errors.ts';
import type { Pose, Vector3 } from '../../contract/geometry.ts';
import { compose, identityPose } from '../pose.ts';
import { shiftBy, turnAbout, type ChainJoint, type KinematicChain } from './chain.ts';
import { reasonOf, robotInvalid } from './robot-errors.ts';

const rowSchema = z.object({
  name: z.string().min(1),
  type: z.enum(['revolute', 'continuous', 'prismatic', 'fixed']).default('revolute'),
  a: z.number().default(0),
  alpha: z.number().default(0),
  d: z.number().default(0),
  /** Added to the position of a joint that turns; the whole angle of another. */
  theta: z.number().default(0),
  limits: z.tuple([z.number(), z.number()]).optional(),
});
type Row = z.infer<typeof rowSchema>;

/**
 * A robot as a Denavit–Hartenberg table: metres and radians, one row a joint from the base on. `standard`: Denavit and
 * Hartenberg's own (a row's a and alpha come after its joint); `modified`: Craig's (they come before it, and are often
 * written with the index of the joint before). The last rows may be `fixed`, such as a flange.
 */
const tableSchema = z.object({
  version: z.literal(1),
  robot: z.string().min(1),
  convention: z.enum(['standard', 'modified']),
  base: z.string().min(1).default('base'),
  tip: z.string().min(1).default('tip'),
  joints: z.array(rowSchema).min(1),
});

const xAxis: Vector3 = [1, 0, 0];
const zAxis: Vector3 = [0, 0, 1];

/** The parts of a row's transform before and after the motion of its joint, which is along or about z. */
const partsOf = ({ a, alpha, d, theta }: Row, convention: 'standard' | 'modified'): [before: Pose, after: Pose] => {
  const link = compose(turnAbout(xAxis, alpha), shiftBy([a, 0, 0]));
  const screw = compose(turnAbout(zAxis, theta), shiftBy([0, 0, d]));
  return convention === 'modified' ? [compose(link, screw), identityPose] : [screw, link];
};

/** Builds the chain of a Denavit–Hartenberg table, which may be any JSON; `file` names it in errors. */
export const chainFromTable = (table: unknown, file: string): Result<KinematicChain> => {
  const parsed = tableSchema.safeParse(table);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const hint = 'The format of Denavit–Hartenberg files is described in docs/formats.md.';
    return robotInvalid(file, issue?.message ?? 'it is no such table', hint, issue?.path.join('.') ?? '');
  }
  const { robot, base, tip, convention, joints: rows } = parsed.data;
  const joints: ChainJoint[] = [];
  let carried = identityPose;
  for (const row of rows) {
    const [before, after] = partsOf(row, convention);
    const origin = compose(carried, before);
    if (row.type === 'fixed') {
      carried = compose(origin, after);
      continue;
    }
    const { name, type, limits } = row;
    joints.push({ name, type, origin, axis: zAxis, variable: joints.length, ...(limits && { limits }) });
    carried = after;
  }
  const variables = joints.map(({ name }) => name);
  const twice = variables.find((name, i) => variables.indexOf(name) !== i);
  if (twice !== undefined) {
    return robotInvalid(file, `two joints are called "${twice}"`, 'Give each joint a name of its own.', 'joints');
  }
  return success({ robot, base, tip, joints, lastFromTip: carried, variables });
};

/** Reads the text of a Denavit–Hartenberg file. */
export const parseTable = (text: string, file: string): Result<KinematicChain> => {
  try {
    return chainFromTable(JSON.parse(text), file);
  } catch (thrown) {
    return robotInvalid(file, `it is not valid JSON: ${reasonOf(thrown)}`, 'Mend the file there.');
  }
};
