import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { encodePreview } from '../../app/media/preview.ts';
import { open, readAll } from '../fixtures/reading.ts';
import { makeTumFolder, makeVideo, temporaryFolder } from '../fixtures/recordings.ts';

/** A page with a video element, and a server of byte ranges for it. */
const openPlayer = async (): Promise<AsyncDisposable & { readonly page: Page }> => {
  const server = createServer((request, response) => {
    void (async () => {
      const file = new URL(request.url ?? '/', 'http://localhost').searchParams.get('file');
      if (file === null) {
        response.setHeader('content-type', 'text/html');
        response.end('<video muted></video>');
        return;
      }
      const { size } = await stat(file);
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(206, { 'accept-ranges': 'bytes', 'content-range': `bytes ${start}-${size - 1}/${size}` });
      createReadStream(file, { start }).pipe(response);
    })();
  }).listen(0, '127.0.0.1');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Seeks into each frame and answers the time that the video element says it presents, in microseconds. */
const presentedMicros = (page: Page, file: string, ptsMicros: readonly number[]): Promise<number[]> =>
  page.evaluate(
    async ([url, times]) => {
      const video = document.querySelector('video')!;
      video.src = url;
      await new Promise((resolve, reject) => {
        video.onloadeddata = resolve;
        video.onerror = () => reject(new Error(video.error?.message));
      });
      let latest = Number.NaN;
      const listen = (): void => {
        video.requestVideoFrameCallback((_, { mediaTime }) => {
          latest = mediaTime;
          listen();
        });
      };
      listen();
      const presented: number[] = [];
      for (const time of times) {
        const seeked = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
        // A little into the frame, so that rounding cannot end in the one before.
        video.currentTime = time / 1e6 + 0.002;
        await seeked;
        // The frame is told of when it is composed, shortly after the seek is done.
        await new Promise((resolve) => setTimeout(resolve, 250));
        presented.push(Math.round(latest * 1e6));
      }
      return presented;
    },
    [`/?file=${encodeURIComponent(file)}`, ptsMicros] as const,
  );

test('a browser names each frame by the same time stamp as Loci', async () => {
  await using folder = await temporaryFolder();
  const uneven = await makeVideo(folder.path, { name: 'uneven.mp4', frames: 30, bFrames: 3, variableFrameRate: true });
  const late = await makeVideo(folder.path, { name: 'late.mp4', frames: 30, offsetSeconds: 1.5 });
  const web = await makeVideo(folder.path, { name: 'web.webm', frames: 30, codec: 'libvpx-vp9' });
  const preview = join(folder.path, 'preview.mp4');
  await using tum = await open((await makeTumFolder(folder.path, { frames: 30 })).path);
  await encodePreview(tum, preview, () => undefined);

  await using player = await openPlayer();
  for (const [played, path] of [
    [uneven, uneven],
    [late, late],
    [web, web],
    [preview, tum.info.path],
  ] as const) {
    await using source = await open(path);
    const { ptsMicros } = await readAll(source);
    const wanted = [1, 7, 20, 28].map((i) => ptsMicros[i]!);
    expect(await presentedMicros(player.page, played, wanted), path).toEqual(wanted);
  }
});
