import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startFakeEngine } from '../fixtures/fake-engine.ts';
import type { FakeEngine } from '../fixtures/fake-engine.ts';
import { fakeSession } from '../fixtures/fake-session.ts';
import { Workstation, launchBrowser } from './workstation.ts';

// What a person draws in the 3D view, and what of it reaches the engine.

// Made before any test, whose time it would take.
await fakeSession();

let browser: Browser;
let engine: FakeEngine | undefined;
let window: Workstation | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  const complaints = window?.complaints;
  await window?.close();
  await engine?.close();
  window = engine = undefined;
  expect(complaints, 'complaints of the page').toEqual([]);
});

const open = async (): Promise<{ workstation: Workstation; edits: FakeEngine['edits'] }> => {
  engine = await startFakeEngine();
  window = await Workstation.open(browser, engine.url);
  await window.ready();
  await window.panel('scene').getByText(/point/).waitFor();
  return { workstation: window, edits: engine.edits };
};

/** Pixels of the page at shares of the 3D view. */
const at = async (workstation: Workstation, x: number, y: number): Promise<[number, number]> => {
  const box = (await workstation.panel('scene').locator('canvas').boundingBox())!;
  return [box.x + x * box.width, box.y + y * box.height];
};

const drag = async (workstation: Workstation, ...corners: readonly (readonly [number, number])[]): Promise<void> => {
  const { mouse } = workstation.page;
  const [first, ...rest] = await Promise.all(corners.map(([x, y]) => at(workstation, x, y)));
  await mouse.move(...first!);
  await mouse.down();
  for (const corner of rest) {
    await mouse.move(...corner, { steps: 5 });
  }
  await mouse.up();
};

const bar = (workstation: Workstation) => workstation.page.getByTestId('map-tool');

describe('the tools of the map', () => {
  it('delete what a box holds, list it, and undo it by Ctrl+Z', async () => {
    const { workstation, edits } = await open();
    await workstation.press('m');
    await bar(workstation).getByText('Drag a rectangle').waitFor();
    await drag(workstation, [0.4, 0.4], [0.6, 0.6]);
    await bar(workstation)
      .getByText(/\d points?/)
      .waitFor();
    await workstation.page.mouse.move(...(await at(workstation, 0.9, 0.9)));
    await bar(workstation).getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => edits.asked).toHaveLength(1);
    expect(edits.asked[0]).toMatchObject({
      kind: 'delete',
      selection: { by: 'box', box: { axes: [1, 0, 0, 0, 1, 0, 0, 0, 1] } },
    });
    await workstation.panel('scene').getByText('120 points, mug-1 deleted').waitFor();

    await workstation.page.getByRole('tab', { name: 'Edits' }).click();
    const row = workstation.page.getByTestId('revision');
    await row.getByText('120 points, mug-1 deleted').waitFor();
    await workstation.page.keyboard.press('Control+z');
    await row.getByText('undone, can be redone').waitFor();
    await workstation.panel('scene').getByText('Undone: 120 points').waitFor();
    await workstation.page.keyboard.press('Control+y');
    await expect.poll(() => row.getByText('undone').count()).toBe(0);
  });

  it('move what a lasso holds, and turn a box into an object', async () => {
    const { workstation, edits } = await open();
    await workstation.button('Select a part of the map by a lasso').click();
    await drag(workstation, [0.4, 0.4], [0.6, 0.45], [0.55, 0.65], [0.42, 0.6]);
    await bar(workstation).getByLabel('Shift along x').fill('0.5');
    await bar(workstation).getByRole('button', { name: 'Move' }).click();
    await expect.poll(() => edits.asked).toHaveLength(1);
    const [moved] = edits.asked;
    expect(moved).toMatchObject({ kind: 'move', selection: { by: 'lasso' }, motion: { translation: [0.5, 0, 0] } });

    await workstation.button('Select a part of the map by a box').click();
    await drag(workstation, [0.45, 0.45], [0.55, 0.55]);
    await bar(workstation).getByLabel('Name of the new object').fill('plant');
    await bar(workstation).getByRole('button', { name: 'Make an object' }).click();
    await expect.poll(() => edits.asked.at(-1)).toMatchObject({ kind: 'insert', label: 'plant' });
  });

  it('tell a known length between two points, without a dialog', async () => {
    const { workstation, edits } = await open();
    await workstation.press('u');
    await workstation.page.mouse.click(...(await at(workstation, 0.4, 0.5)));
    await bar(workstation).getByText('Now its other end').waitFor();
    await workstation.page.mouse.click(...(await at(workstation, 0.6, 0.55)));
    await bar(workstation).getByLabel('True length in metres').fill('0.9');
    await workstation.press('Enter');
    await expect.poll(() => edits.asked).toHaveLength(1);
    expect(edits.asked[0]).toMatchObject({ kind: 'known-length', lengthMetres: 0.9 });
    await expect.poll(() => bar(workstation).count()).toBe(0);
  });

  it('level the scene by a click on its floor, and are put away by Escape', async () => {
    const { workstation, edits } = await open();
    await workstation.press('g');
    await workstation.page.mouse.click(...(await at(workstation, 0.5, 0.55)));
    await expect.poll(() => edits.asked).toMatchObject([{ kind: 'floor' }]);
    await workstation.panel('scene').getByText('levelled by a place on its floor').waitFor();
    await workstation.press('m');
    await bar(workstation).waitFor();
    await workstation.press('Escape');
    await expect.poll(() => bar(workstation).count()).toBe(0);
  });
});
