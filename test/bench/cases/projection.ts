/** Videos of the map along a camera path: how fast they are made, and how alike the place looks to its recording. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectionSummarySchema, type ProjectionSummary } from '../../../app/contract/projection.ts';
import { loci } from '../../fixtures/loci.ts';
import { bounded, told, type Figure } from './figure.ts';
import { apartment, apartmentIntrinsics, ingest } from './recordings.ts';

const size = '640x480';

/** Runs `loci project` on the only session of an environment; undefined, and told on stderr, when it failed. */
const project = async (
  library: string,
  environment: string,
  ...options: readonly string[]
): Promise<ProjectionSummary | undefined> => {
  const out = join(library, 'projections', [environment, ...options].join(' '));
  mkdirSync(join(library, 'projections'), { recursive: true });
  const place = ['--library', library, '--environment', environment, '--out', out];
  const said = await loci('project', ...place, '--recorded', '--size', size, ...options, '--json');
  const summary = projectionSummarySchema.safeParse(said.lines.at(-1));
  if (!summary.success) {
    console.error(`${environment}: ${said.stderr || said.stdout}`);
  }
  return summary.data;
};

const speed = (on: string, figure: string, summary: ProjectionSummary | undefined): Figure =>
  bounded(on, figure, summary?.elapsedSeconds, { atMost: Math.floor(summary?.durationSeconds ?? 10) }, 1);

/** There and back: what is asked is that the place looks the same again; how it looks in the recording is told beside it. */
const loop = (on: string, how: string, summary: ProjectionSummary | undefined): Figure[] => {
  const { againstFirstFrame, againstRecording } = summary?.closedLoop ?? {};
  return [
    bounded(on, `${how}: PSNR of last to first frame, dB`, againstFirstFrame?.psnrDecibels, { atLeast: 22 }, 1),
    told(on, `${how}: PSNR of last frame to recording, dB`, againstRecording?.psnrDecibels ?? 'none', 1),
    told(on, `${how}: SSIM to recording`, againstRecording?.ssim ?? 'none'),
    told(on, `${how}: matches kept to recording`, againstRecording?.matchAccuracy ?? 'none'),
    told(on, `${how}: share of the view known`, summary?.knownShare ?? 'none'),
  ];
};

/** One part of the benchmark: the shipped apartment, as RGB-D and as plain video. */
export const projections = {
  projection: async (library: string): Promise<Figure[]> => {
    const walk = [...apartmentIntrinsics, '--camera-height', '1.5'];
    await ingest(library, 'rgbd', `${apartment}-rgbd`);
    await ingest(library, 'walk', join(apartment, 'walk.mp4'), ...walk);
    const tenSeconds = ['--to', '10'];
    const back = ['--to', '5', '--closed-loop'];
    return [
      speed('apartment, plain video', '10 s path at 640×480, s', await project(library, 'walk', ...tenSeconds)),
      told(
        'apartment, plain video',
        '10 s path at 640×480 with blending, s',
        (await project(library, 'walk', ...tenSeconds, '--blend'))?.elapsedSeconds ?? 'none',
        1,
      ),
      ...loop('apartment, RGB-D', 'map', await project(library, 'rgbd', '--closed-loop')),
      ...loop('apartment, RGB-D', 'blended', await project(library, 'rgbd', '--closed-loop', '--blend')),
      ...loop('apartment, plain video', 'map', await project(library, 'walk', ...back)),
      ...loop('apartment, plain video', 'blended', await project(library, 'walk', ...back, '--blend')),
    ];
  },
} as const;
