/**
 * What the geometry of Loci can do, figure by figure beside what is asked of it: `npm run bench -- geometry`. Names
 * after `--only` choose among the parts: `npm run bench -- geometry --only kitchen,apartment`. The part `long` takes a
 * quarter of an hour and runs only when it is named or with `--all`; `--frames` makes it shorter.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { denseClouds } from './cases/dense-cloud.ts';
import type { Figure } from './cases/figure.ts';
import { longRecording } from './cases/long-recording.ts';
import { projections } from './cases/projection.ts';
import { sharedData } from './cases/recordings.ts';
import { trajectories } from './cases/trajectories.ts';
import { walkingThing } from './cases/walking-thing.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, all: { type: 'boolean', default: false }, frames: { type: 'string' } },
});
const parts: Readonly<Record<string, (library: string) => Promise<Figure[]>>> = {
  ...trajectories,
  ...denseClouds,
  ...projections,
  'walking-thing': walkingThing,
  long: (library) => longRecording(library, values.frames === undefined ? undefined : Number(values.frames)),
};
const ofLoci = new Set(['apartment', 'projection', 'walking-thing', 'long']);
const only = values.only?.split(',') ?? Object.keys(parts).filter((name) => values.all || name !== 'long');

const scratch = mkdtempSync(join(tmpdir(), 'loci-bench-'));
const figures: Figure[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (!only.includes(name)) {
      continue;
    }
    if (!ofLoci.has(name) && !existsSync(sharedData)) {
      console.error(`${name}: left out, its recording is not here`);
      continue;
    }
    const found = await measure(join(scratch, name));
    console.table(found);
    figures.push(...found);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
report('geometry', figures);
