import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sceneDocumentSchema, type SceneObject } from '../../app/contract/scene.ts';
import type { AskedQuestion } from '../../app/contract/question.ts';
import { distanceBetweenBoxes } from '../../app/scene/box-distance.ts';
import { loci } from '../fixtures/loci.ts';
import { temporaryFolder } from '../fixtures/recordings.ts';

// The shipped walk, as plain video with the camera's height, and its labels, against what is true of the apartment.

const sample = join(import.meta.dirname, '../../samples/apartment');
const truth = sceneDocumentSchema.parse(JSON.parse(readFileSync(join(sample, 'truth/objects.json'), 'utf8')));
const trueObject = (id: string) => truth.objects.find((object) => object.id === id)!;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let place: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  place = ['--library', join(folder.path, 'library'), '--environment', 'apartment', '--json'];
  const camera = ['--intrinsics', '460,460,319.5,239.5', '--camera-height', '1.5'];
  const ingested = await loci('ingest', join(sample, 'walk.mp4'), ...place, ...camera);
  expect(ingested.lines.at(-1)).toMatchObject({ type: 'summary', scale: 'metric' });
  const labelled = await loci('label', 'import', join(sample, 'labels.json'), ...place);
  expect(labelled.lines.at(-1)).toMatchObject({ unplaced: [] });
}, 300_000);

afterAll(() => folder[Symbol.asyncDispose]());

const ask = async (question: string): Promise<AskedQuestion['answer']> =>
  ((await loci('ask', question, ...place)).lines[0] as unknown as AskedQuestion).answer;

describe('the shipped walk', () => {
  it('is tracked from its first frame to its last, in metres', async () => {
    const [session] = (await loci('sessions', ...place)).lines;
    expect(session).toMatchObject({ status: 'complete', lost: 0, scale: 'metric' });
    const out = join(folder.path, 'trajectory.txt');
    await loci('export', 'trajectory', ...place, '--out', out);
    const read = (file: string): number[][] =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
    const [tracked, walked] = [read(out), read(join(sample, 'truth/poses.txt'))];
    expect(tracked.length).toBeGreaterThan(0.95 * walked.length);
    // Distances between places along the walk need no alignment; every pair of seconds is compared.
    const byTime = new Map(tracked.map(([time, ...pose]) => [Math.round(time! * 30), pose]));
    const pairs = walked
      .filter((_, i) => i % 120 === 0)
      .map(([time, ...pose]) => [byTime.get(Math.round(time! * 30)), pose]);
    const apart = (a: number[], b: number[]): number => Math.hypot(...[0, 1, 2].map((axis) => a[axis]! - b[axis]!));
    for (const [here, trueHere] of pairs) {
      for (const [there, trueThere] of pairs) {
        if (here && there) {
          expect(Math.abs(apart(here, there) - apart(trueHere!, trueThere!))).toBeLessThan(0.3);
        }
      }
    }
  });

  it('has the labelled things where they are', async () => {
    const objects = (await loci('objects', ...place)).lines as unknown as SceneObject[];
    expect(objects.length).toBeGreaterThanOrEqual(40);
    const known = objects.filter(({ id }) => truth.objects.some((object) => object.id === id));
    const errors = known.flatMap((a, i) =>
      known
        .slice(0, i)
        .map((b) => Math.abs(distanceBetweenBoxes(a, b) - distanceBetweenBoxes(trueObject(a.id), trueObject(b.id)))),
    );
    errors.sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(500);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.2);
  });

  it('is asked, and answers with numbers, units and frames', async () => {
    expect(await ask('How many chairs are there?')).toMatchObject({ status: 'answered', value: 3, unit: 'objects' });
    const distance = await ask('How far is the sofa from the fridge?');
    const wanted = distanceBetweenBoxes(trueObject('sofa-1'), trueObject('fridge-1'));
    expect(distance).toMatchObject({ status: 'answered', unit: 'm' });
    expect(Math.abs(Number(distance.value) - wanted)).toBeLessThan(0.5);
    expect(distance.evidence.frames.length).toBeGreaterThan(0);
    expect(await ask('Which of the bed, the sofa and the fridge is closest to the kettle?')).toMatchObject({
      choice: 'fridge',
    });
    expect(await ask('Where is the piano?')).toMatchObject({ status: 'cannot-tell' });
  });
});
