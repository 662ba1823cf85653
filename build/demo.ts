/**
 * Shows Loci to somebody new: ingests the shipped walk through an apartment, takes an annotator's labels, asks some
 * questions in the terminal, and opens the workstation. `--no-open` stops before the window.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const sample = join(root, 'samples/apartment');
const library = join(root, 'dist/demo-library');
const place = ['--library', library, '--environment', 'apartment'];
const questions = [
  'How many chairs are there?',
  'Where is the kettle?',
  'How far is the sofa from the coffee table?',
  'Which of the bed, the sofa and the fridge is closest to the desk?',
  'When was the mug last seen?',
  'What is within 1.5 metres of the dining table?',
  'How far is the piano from the sofa?',
];
/** What the generator rendered with (samples/README.md). */
const camera = ['--intrinsics', '460,460,319.5,239.5', '--camera-height', '1.5'];

const loci = (...args: readonly string[]): number =>
  spawnSync(process.execPath, [join(root, 'app/cli/main.ts'), ...args], { stdio: 'inherit' }).status ?? 3;

const must = (...args: readonly string[]): void => {
  const status = loci(...args);
  if (status !== 0) {
    process.exit(status);
  }
};

const say = (line: string): void => console.log(`\n${line}`);

mkdirSync(library, { recursive: true });
say('A walk through an apartment, as plain video: Loci tracks the camera and remembers the place.');
must('ingest', join(sample, 'walk.mp4'), ...place, '--session', 'walk', ...camera);
say('What an annotator named on some frames becomes objects in 3D.');
must('label', 'import', join(sample, 'labels.json'), ...place, '--session', 'walk');
for (const question of questions) {
  say(`» ${question}`);
  must('ask', question, ...place);
}

if (process.argv.includes('--no-open')) {
  say(`Open it any time: npm run -s loci -- serve --library ${library}`);
  process.exit(0);
}

/** Electron downloads its binary on first use; where that is out of reach it must not spoil the rest. */
const whyNotElectron = (): string | undefined => {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'there is no display here';
  }
  const built = spawnSync('npm', ['run', '-s', 'build:electron'], { cwd: root, stdio: 'ignore' });
  if (built.status !== 0) {
    return 'its own code could not be built (npm run build:electron says why)';
  }
  const found = spawnSync('npx', ['electron', '--version'], { cwd: root, stdio: 'ignore', timeout: 120_000 });
  return found.status === 0 ? undefined : 'its binary could not be downloaded';
};

const reason = whyNotElectron();
if (reason === undefined) {
  say('Opening the workstation.');
  spawn('npx', ['electron', '.', '--library', library], { cwd: root, stdio: 'inherit' });
} else {
  say(`Not in Electron, because ${reason}; in the browser instead. Open the address below.`);
  const server = spawn(
    process.execPath,
    [join(root, 'app/cli/main.ts'), 'serve', '--library', library, '--port', '0'],
    {
      stdio: 'inherit',
    },
  );
  process.on('SIGINT', () => server.kill('SIGINT'));
}
