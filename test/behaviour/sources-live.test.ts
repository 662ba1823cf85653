import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSource } from '../../app/media/open-source.ts';
import { loci, startLoci } from '../fixtures/loci.ts';
import { open } from '../fixtures/reading.ts';
import { temporaryFolder } from '../fixtures/recordings.ts';

/** A camera on this machine: every connection gets a moving picture at 25 frames a second, as it happens. */
const startCamera = async (framesPerConnection = 1e6): Promise<AsyncDisposable & { readonly url: string }> => {
  const children = new Set<ChildProcess>();
  const server = createServer((_request, response) => {
    const child = spawn(
      'ffmpeg',
      [
        ...['-v', 'error', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25'],
        ...[
          '-frames:v',
          String(framesPerConnection),
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          '-tune',
          'zerolatency',
        ],
        ...['-g', '10', '-pix_fmt', 'yuv420p', '-f', 'mpegts', '-flush_packets', '1', '-'],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    children.add(child);
    response.writeHead(200, { 'content-type': 'video/mp2t' });
    child.stdout.pipe(response);
    response.on('close', () => child.kill('SIGKILL'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/camera.ts`,
    [Symbol.asyncDispose]: async () => {
      children.forEach((child) => child.kill('SIGKILL'));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

test('a slow reader of a live stream gets the newest frame, and the others are counted', async () => {
  await using camera = await startCamera();
  await using source = await open(camera.url);
  expect(source.info).toMatchObject({ kind: 'live', width: 160, height: 120, hasDepth: false });
  const ptsMicros: number[] = [];
  let dropped = 0;
  for await (const event of source.frames()) {
    if (event.type === 'frame') {
      ptsMicros.push(event.frame.ptsMicros);
      dropped += event.frame.dropped ?? 0;
      await delay(200);
      if (ptsMicros.length === 6) {
        break;
      }
    }
  }
  expect(ptsMicros.every((pts, i) => i === 0 || pts > ptsMicros[i - 1]!)).toBe(true);
  // At 25 frames a second and five reads, about four of five are left out; how many depends on the machine.
  expect(dropped).toBeGreaterThan(5);
});

test('a stream that breaks off is connected to again, and its time goes on', async () => {
  await using camera = await startCamera(15);
  await using source = await open(camera.url);
  const ptsMicros: number[] = [];
  const warnings: string[] = [];
  for await (const event of source.frames()) {
    if (event.type === 'warning') {
      warnings.push(event.warning.code);
    } else if (event.type === 'frame') {
      ptsMicros.push(event.frame.ptsMicros);
      if (warnings.length > 0) {
        break;
      }
    }
  }
  expect(warnings).toEqual(['source-truncated']);
  expect(ptsMicros.length).toBeGreaterThan(5);
  expect(ptsMicros.every((pts, i) => i === 0 || pts > ptsMicros[i - 1]!)).toBe(true);
});

test('stopping a live session closes it as complete', async () => {
  await using folder = await temporaryFolder();
  await using camera = await startCamera();
  const library = join(folder.path, 'library');
  const running = startLoci('ingest', camera.url, '--library', library, '--environment', 'room', '--session', 'now');
  const progress = await running.line(({ type, frames }) => type === 'progress' && Number(frames) > 0);
  expect(progress).toHaveProperty('dropped');
  running.child.kill('SIGINT');
  expect(await running.line(({ type }) => type === 'summary')).toMatchObject({ session: 'room/now' });
  const [session] = (await loci('sessions', '--library', library, '--json')).lines;
  expect(session).toMatchObject({ status: 'complete', sourceKind: 'live', sourcePath: camera.url });
  expect(Number(session!['frames'])).toBeGreaterThan(0);
});

test('an address where nothing answers is refused', async () => {
  const refused = await openSource('http://127.0.0.1:9/none');
  expect(refused).toMatchObject({ ok: false, error: { file: 'http://127.0.0.1:9/none' } });
});
