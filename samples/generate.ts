/**
 * Renders a sample recording of a made-up apartment.
 *
 *     node samples/generate.ts --seed 1 --out samples/apartment
 *     node samples/generate.ts --seed 1 --out samples/apartment-rgbd --rgbd --frames 0..109 --step 2 --size 320x240
 *     node samples/generate.ts --seed 1 --out dist/second-visit --second-visit
 */
import { parseArgs } from 'node:util';
import { renderRgbd, renderSecondVisit, renderSession } from './generator/session.ts';
import type { Report } from './generator/session.ts';

const usage = `Usage: node samples/generate.ts --out FOLDER [--seed N]
       [--rgbd [--frames A..B] [--step N] [--size WIDTHxHEIGHT]] [--second-visit]

Renders a walk through the apartment of a seed: a video with labels and truth, with --rgbd an RGB-D folder, with
--second-visit the video of a shorter walk through the same apartment on another day.
`;

/** Two whole numbers with something between, such as \`60..180\` or \`640x480\`. */
const pair = (text: string, separator: string): readonly [number, number] => {
  const [first, second, ...rest] = text.split(separator).map(Number);
  if (rest.length > 0 || !Number.isInteger(first) || !Number.isInteger(second)) {
    throw new Error(`"${text}" should be two whole numbers with "${separator}" between.`);
  }
  return [first ?? 0, second ?? 0];
};

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    rgbd: { type: 'boolean', default: false },
    'second-visit': { type: 'boolean', default: false },
    frames: { type: 'string', default: '0..59' },
    step: { type: 'string', default: '1' },
    size: { type: 'string', default: '640x480' },
  },
});

if (values.out === undefined) {
  process.stderr.write(usage);
  process.exit(2);
}

let reported = '';
const report: Report = (what, share) => {
  const line = `${what} ${Math.floor(share * 20) * 5} %`;
  if (line !== reported) {
    reported = line;
    console.log(line);
  }
};

const seed = Number(values.seed);
if (values.rgbd) {
  const [firstFrame, lastFrame] = pair(values.frames, '..');
  const [width, height] = pair(values.size, 'x');
  await renderRgbd(seed, values.out, { firstFrame, lastFrame, step: Number(values.step), width, height }, report);
} else if (values['second-visit']) {
  await renderSecondVisit(seed, values.out, report);
} else {
  await renderSession(seed, values.out, report);
}
