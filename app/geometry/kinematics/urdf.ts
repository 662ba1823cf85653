import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { success, type Result } from '../../contract/errors.ts';
import type { Pose, Vector3 } from '../../contract/geometry.ts';
import { compose, identityPose } from '../pose.ts';
import { shiftBy, turnAbout, type ChainJoint, type KinematicChain } from './chain.ts';
import { reasonOf, robotInvalid } from './robot-errors.ts';

const number = z.string().trim().min(1, 'expected a number').transform(Number).pipe(z.number('expected a number'));
const threeNumbers = z.number('expected three numbers');
const vector = z
  .string()
  .transform((text) => text.trim().split(/\s+/).map(Number))
  .pipe(z.tuple([threeNumbers, threeNumbers, threeNumbers], 'expected three numbers'));
/** An element without attributes is read as an empty string. */
const element = <T extends z.ZodRawShape>(shape: T) =>
  z.preprocess((read) => (read === undefined || read === '' ? {} : read), z.object(shape));

/** What is asked of every joint, so that the tree is known; the rest only of those on the chain. */
const jointSchema = z.looseObject({
  name: z.string(),
  parent: z.object({ link: z.string() }),
  child: z.object({ link: z.string() }),
});
type Joint = z.infer<typeof jointSchema>;

const robotSchema = z.object({
  robot: z.object({
    name: z.string().default('robot'),
    link: z.array(z.object({ name: z.string() })),
    joint: z.array(jointSchema).default([]),
  }),
});
type Robot = z.infer<typeof robotSchema>['robot'];

const onChainSchema = z.object({
  type: z.enum(
    ['revolute', 'continuous', 'prismatic', 'fixed'],
    'only revolute, continuous, prismatic and fixed joints can be followed',
  ),
  origin: element({ xyz: vector.default([0, 0, 0]), rpy: vector.default([0, 0, 0]) }),
  axis: element({ xyz: vector.default([1, 0, 0]) }),
  limit: z.object({ lower: number.default(0), upper: number.default(0) }).optional(),
  mimic: z.object({ joint: z.string(), multiplier: number.default(1), offset: number.default(0) }).optional(),
});
type OnChain = z.infer<typeof onChainSchema>;

const hint = 'Mend the description; what Loci reads of URDF is listed in docs/formats.md.';

/** First thing that a schema found wrong, under the name of its place in the document. */
const issueOf = (error: z.ZodError): { readonly reason: string; readonly path: string } => {
  const [issue] = error.issues;
  return { reason: issue?.message ?? 'not understood', path: issue?.path.join('.') ?? '' };
};

const parseRobot = (text: string, file: string): Result<Robot> => {
  if (/<xacro:|\$\{/.test(text)) {
    return robotInvalid(file, 'it is a xacro template', 'Expand it first: xacro robot.urdf.xacro > robot.urdf.');
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && (name === 'link' || name === 'joint'),
  });
  let document: unknown;
  try {
    // Checking is to move into a package of its own; until then this one does it.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    document = parser.parse(text, true);
  } catch (thrown) {
    // The parser ends its message with ":line:column".
    const [, reason = reasonOf(thrown), line] = /^(.*):(\d+):\d+$/.exec(reasonOf(thrown)) ?? [];
    const place = line === undefined ? undefined : `line ${line}`;
    return robotInvalid(file, `it is not well-formed XML: ${reason}`, 'Mend the file there.', place);
  }
  const parsed = robotSchema.safeParse(document);
  if (!parsed.success) {
    const { reason, path } = issueOf(parsed.error);
    return robotInvalid(file, reason, hint, path);
  }
  return success(parsed.data.robot);
};

/** The link at the root of the tree, or at its only end. */
const onlyLink = (links: readonly string[], what: string, option: string, file: string): Result<string> => {
  const [only, ...others] = links;
  return only !== undefined && others.length === 0
    ? success(only)
    : robotInvalid(
        file,
        `it has ${links.length} links at its ${what}: ${links.join(', ')}`,
        `Choose one with ${option}.`,
      );
};

/** The joints that lead from one link up to another, in the order from the base to the tip. */
const pathBetween = (robot: Robot, base: string, tip: string, file: string): Result<Joint[]> => {
  const path: Joint[] = [];
  for (let link = tip; link !== base;) {
    const [parent, second] = robot.joint.filter(({ child }) => child.link === link);
    if (parent === undefined || path.includes(parent)) {
      return robotInvalid(
        file,
        `no joints lead from the link "${base}" down to "${tip}"`,
        'Check --tip and --base-link.',
      );
    }
    if (second !== undefined) {
      const names = `"${parent.name}" and "${second.name}"`;
      return robotInvalid(file, `the link "${link}" hangs on two joints, ${names}`, 'Closed chains are not followed.');
    }
    path.unshift(parent);
    link = parent.parent.link;
  }
  return success(path);
};

/** From a joint's frame to its parent link's: fixed-axis roll, pitch, yaw, then the translation. */
const originOf = ({ xyz, rpy: [roll, pitch, yaw] }: OnChain['origin']): Pose => {
  const turn = compose(turnAbout([0, 0, 1], yaw), compose(turnAbout([0, 1, 0], pitch), turnAbout([1, 0, 0], roll)));
  return compose(shiftBy(xyz), turn);
};

const unit = ([x, y, z]: Vector3): Vector3 | undefined => {
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : undefined;
};

/**
 * Reads the chain between two links of a URDF robot: from its root, or `base`, to its only end, or `tip`. Meshes,
 * inertia and joints beside the chain are passed over.
 */
export const parseUrdf = (
  text: string,
  file: string,
  ends: { readonly base?: string | undefined; readonly tip?: string | undefined } = {},
): Result<KinematicChain> => {
  const robot = parseRobot(text, file);
  if (!robot.ok) {
    return robot;
  }
  const links = robot.value.link.map(({ name }) => name);
  const unknown = [ends.base, ends.tip].find((name) => name !== undefined && !links.includes(name));
  if (unknown !== undefined) {
    return robotInvalid(file, `it has no link "${unknown}"`, `Its links are: ${links.join(', ')}.`);
  }
  const children = new Set(robot.value.joint.map(({ child }) => child.link));
  const parents = new Set(robot.value.joint.map(({ parent }) => parent.link));
  const roots = links.filter((name) => !children.has(name));
  const leaves = links.filter((name) => !parents.has(name));
  const base = ends.base === undefined ? onlyLink(roots, 'root', '--base-link', file) : success(ends.base);
  if (!base.ok) {
    return base;
  }
  const tip = ends.tip === undefined ? onlyLink(leaves, 'end', '--tip', file) : success(ends.tip);
  if (!tip.ok) {
    return tip;
  }
  const path = pathBetween(robot.value, base.value, tip.value, file);
  return path.ok ? chainOf(robot.value, base.value, tip.value, path.value, file) : path;
};

const chainOf = (
  robot: Robot,
  base: string,
  tip: string,
  path: readonly Joint[],
  file: string,
): Result<KinematicChain> => {
  const joints: ChainJoint[] = [];
  const variables: string[] = [];
  let carried = identityPose;
  for (const joint of path) {
    const { name } = joint;
    const parsed = onChainSchema.safeParse(joint);
    if (!parsed.success) {
      const { reason, path: where } = issueOf(parsed.error);
      return robotInvalid(file, reason, hint, `joint "${name}", ${where}`);
    }
    const { type, limit, mimic } = parsed.data;
    const origin = compose(carried, originOf(parsed.data.origin));
    if (type === 'fixed') {
      carried = origin;
      continue;
    }
    const axis = unit(parsed.data.axis.xyz);
    if (axis === undefined) {
      return robotInvalid(file, 'its axis has no length', hint, `joint "${name}", axis.xyz`);
    }
    const source = mimic && robot.joint.find((other) => other.name === mimic.joint);
    if (mimic && (source === undefined || source['mimic'] !== undefined)) {
      const reason = `it mimics "${mimic.joint}", which is no joint that moves by itself`;
      return robotInvalid(file, reason, hint, `joint "${name}", mimic`);
    }
    const variable = mimic?.joint ?? name;
    if (!variables.includes(variable)) {
      variables.push(variable);
    }
    joints.push({
      name,
      type,
      origin,
      axis,
      variable: variables.indexOf(variable),
      ...(limit && type !== 'continuous' && { limits: [limit.lower, limit.upper] as const }),
      ...(mimic && { mimic: { multiplier: mimic.multiplier, offset: mimic.offset } }),
    });
    carried = identityPose;
  }
  return success({ robot: robot.name, base, tip, joints, lastFromTip: carried, variables });
};
