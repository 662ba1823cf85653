import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loci, startLoci, type Running } from '../fixtures/loci.ts';
import { makeRgbdFolder, temporaryFolder } from '../fixtures/recordings.ts';
import { launchBrowser, Workstation } from './workstation.ts';

// The window over the real engine: what a person does on the first day, from a folder on disk to an answer in sight.

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let browser: Browser;
let serving: Running | undefined;

beforeAll(async () => {
  folder = await temporaryFolder();
  browser = await launchBrowser();
});
afterAll(async () => {
  await serving?.end('SIGTERM');
  await browser.close();
  await folder[Symbol.asyncDispose]();
});

it('takes a recording from disk to an answer with its evidence, in one window', async () => {
  const { path } = await makeRgbdFolder(folder.path, { width: 320, height: 240, frames: 60 });
  const library = join(folder.path, 'library');
  serving = startLoci('serve', '--library', library, '--port', '0');
  const { url } = await serving.line(({ type }) => type === 'serving');
  const window = await Workstation.open(browser, String(url));

  // Given an empty library, when a folder is ingested in the window, then its session opens and can be played.
  const form = window.page.getByRole('form', { name: 'Ingest a recording' });
  await form.getByRole('textbox', { name: 'Recording' }).fill(path);
  await form.getByLabel('Environment').fill('office');
  await form.getByRole('button', { name: 'Ingest', exact: true }).click();
  await window.page.getByText('60 frames').first().waitFor({ timeout: 60_000 });
  await window.ready();

  // When the window is closed and labels are imported, then the next question finds the object and its frames.
  await serving.end('SIGTERM');
  await window.close();
  const boxes = [{ label: 'poster', box: [120, 60, 60, 50] }];
  const labels = join(folder.path, 'labels.json');
  await writeFile(labels, JSON.stringify({ version: 1, frames: [{ ptsMicros: 1_000_000, boxes }] }));
  const imported = await loci('label', 'import', labels, '--library', library, '--json');
  expect(imported).toMatchObject({ status: 0, lines: [{ type: 'labels', objectsCreated: 1, unplaced: [] }] });

  serving = startLoci('serve', '--library', library, '--port', '0');
  const again = await serving.line(({ type }) => type === 'serving');
  const next = await Workstation.open(browser, String(again['url']));
  await next.ready();
  await next.ask('where is the poster?');
  expect(await next.answers.last().textContent()).toMatch(/poster/);
  await next.answers
    .last()
    .getByRole('button', { name: /00:01\.000/ })
    .click();
  await next.playhead.filter({ hasText: '00:01.000' }).waitFor();
  expect(next.complaints).toEqual([]);
  await next.close();
});
