/**
 * A recording of an hour: the apartment's walk there and back again, over and over. What a frame costs at the end of it
 * against what it cost at the beginning, and whether memory grows.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { IngestEvent } from '../../../app/contract/job.ts';
import { ffmpeg } from '../../fixtures/recordings.ts';
import { bounded, told, type Figure } from './figure.ts';
import { apartment, apartmentIntrinsics, rendered } from './recordings.ts';

const framesThereAndBack = 2 * 2036;

/** The walk and its reverse, repeated until there are this many frames. */
const longWalk = async (frames: number): Promise<string> => {
  const thereAndBack = join(rendered, 'there-and-back.mp4');
  const long = join(rendered, `walk-${frames}.mp4`);
  await mkdir(rendered, { recursive: true });
  if (!existsSync(thereAndBack)) {
    const turnedRound = '[0:v]split[there][other];[other]reverse[back];[there][back]concat=n=2:v=1';
    await ffmpeg('-i', join(apartment, 'walk.mp4'), '-filter_complex', turnedRound, '-crf', '20', thereAndBack);
  }
  if (!existsSync(long)) {
    const again = String(Math.ceil(frames / framesThereAndBack) - 1);
    await ffmpeg('-stream_loop', again, '-i', thereAndBack, '-c', 'copy', '-frames:v', String(frames), long);
  }
  return long;
};

interface Reading {
  readonly frames: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

const clockTicksPerSecond = 100;
const pageBytes = 4096;

/** What Linux says of a process: time on the processors, and memory (proc(5), `stat` fields 14, 15 and 24). */
const readProcess = (pid: number): Pick<Reading, 'cpuSeconds' | 'residentBytes'> => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const [user = 0, system = 0, pages = 0] = [fields[11], fields[12], fields[21]].map(Number);
  return { cpuSeconds: (user + system) / clockTicksPerSecond, residentBytes: pages * pageBytes };
};

const bytesUnder = async (folder: string): Promise<number> => {
  const sizes = (await readdir(folder, { recursive: true })).map(async (name) => {
    const file = await stat(join(folder, name)).catch(() => undefined);
    return file?.isFile() ? file.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

const entry = join(import.meta.dirname, '../../../app/cli/main.ts');

/** Ingests `frames` frames and tells what they cost. */
export const longRecording = async (library: string, frames = 100_000): Promise<Figure[]> => {
  const name = `${frames.toLocaleString('en')} frames, monocular`;
  const options = ['--environment', 'apartment', '--library', library, '--json', ...apartmentIntrinsics];
  const child = spawn(process.execPath, [entry, 'ingest', await longWalk(frames), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const began = performance.now();
  const readings: Reading[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as IngestEvent;
    if (event.type === 'progress' && child.pid !== undefined && child.exitCode === null) {
      const wallSeconds = (performance.now() - began) / 1000;
      readings.push({ frames: event.frames, wallSeconds, ...readProcess(child.pid) });
    }
  }
  const reading = (share: number): Reading => {
    const wanted = (readings.at(-1)?.frames ?? 0) * share;
    const found = readings.find((each) => each.frames >= wanted);
    if (!found) {
      throw new Error('The ingest told of no progress');
    }
    return found;
  };
  const cost = (from: Reading, to: Reading, what: 'cpuSeconds' | 'wallSeconds'): number =>
    (to[what] - from[what]) / (to.frames - from.frames);
  // The first thousand frames warm the machine up: code is compiled, pools are filled.
  const start = readings.find((each) => each.frames >= 1000) ?? reading(0);
  const ratio = (what: 'cpuSeconds' | 'wallSeconds'): number =>
    cost(reading(0.9), reading(1), what) / cost(start, reading(0.1), what);
  const warm = readings.filter((each) => each.frames >= reading(0.1).frames).map((each) => each.residentBytes);
  const tenth = Math.ceil(warm.length / 10);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    bounded(name, 'processor time a frame, last tenth / first', ratio('cpuSeconds'), { atMost: 1.1 }, 2),
    told(name, 'time a frame, last tenth / first', ratio('wallSeconds'), 2),
    bounded(
      name,
      'resident memory, last tenth / after warm-up',
      mean(warm.slice(-tenth)) / mean(warm.slice(0, tenth)),
      {
        atMost: 1.1,
      },
      2,
    ),
    told(name, 'resident memory at the end, MiB', mean(warm.slice(-tenth)) / 2 ** 20, 0),
    told(name, 'frames/s', reading(1).frames / reading(1).wallSeconds, 0),
    told(name, 'library, MiB', (await bytesUnder(library)) / 2 ** 20, 0),
  ];
};
