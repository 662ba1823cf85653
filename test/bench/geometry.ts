/**
 * What the geometry of Loci can do, figure by figure beside what is asked of it: `npm run bench -- geometry`. Names
 * after `--only` choose among the parts: `node test/bench/geometry.ts --only kitchen,apartment`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { denseClouds } from './cases/dense-cloud.ts';
import type { Figure } from './cases/figure.ts';
import { projections } from './cases/projection.ts';
import { sharedData } from './cases/recordings.ts';
import { trajectories } from './cases/trajectories.ts';
import { report } from './report.ts';

const at = process.argv.indexOf('--only');
const only = at < 0 ? undefined : process.argv[at + 1]?.split(',');
const parts: Readonly<Record<string, (library: string) => Promise<Figure[]>>> = {
  ...trajectories,
  ...denseClouds,
  ...projections,
};
const ofLoci = new Set(['apartment', 'projection']);

const scratch = mkdtempSync(join(tmpdir(), 'loci-bench-'));
const figures: Figure[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (only && !only.includes(name)) {
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
