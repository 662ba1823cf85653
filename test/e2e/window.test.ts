import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startFakeEngine } from '../fixtures/fake-engine.ts';
import type { FakeEngine, FakeEngineOptions } from '../fixtures/fake-engine.ts';
import { fakeSession, indexBits } from '../fixtures/fake-session.ts';
import { Workstation, launchBrowser } from './workstation.ts';
import type { WindowOptions } from './workstation.ts';

// The window in a real Chromium over a made-up engine: what it shows is decided here, how it is computed elsewhere.

const recording = await fakeSession();

let browser: Browser;
let engine: FakeEngine | undefined;
let window: Workstation | undefined;

const open = async (options: FakeEngineOptions = {}, windowOptions: WindowOptions = {}): Promise<Workstation> => {
  engine = await startFakeEngine(options);
  window = await Workstation.open(browser, engine.url, windowOptions);
  return window;
};

const openReady = async (options: FakeEngineOptions = {}): Promise<Workstation> => {
  const workstation = await open(options);
  await workstation.ready();
  return workstation;
};

const frameNumber = async (workstation: Workstation): Promise<number> =>
  Number((await workstation.frame.textContent())?.replace(/\D/g, ''));

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

describe('opening', () => {
  it('opens the newest session, and takes the token out of the address', async () => {
    const workstation = await openReady();
    await expect(workstation.inspector.textContent()).resolves.toContain('first-visit');
    const { href, hash } = new URL(workstation.page.url());
    expect(href).not.toContain('paper');
    expect(hash).toBe('#session=workshop%2Ffirst-visit');
  });

  it('comes back to the open session after a reload', async () => {
    const workstation = await openReady();
    await workstation.panel('lists').getByRole('button', { name: 'monday' }).click();
    await workstation.inspector.getByRole('heading', { name: 'monday' }).waitFor();
    await workstation.page.reload();
    await workstation.inspector.getByRole('heading', { name: 'monday' }).waitFor();
  });

  it('shows an empty library what to do, and the first ingest ends it', async () => {
    const workstation = await open({ empty: true, ingestFramesPerSecond: 1000 });
    await workstation.page.getByRole('heading', { name: 'Nothing remembered yet' }).waitFor();
    await workstation.page.getByRole('textbox', { name: 'Recording' }).fill('/films/kitchen.mp4');
    await workstation.page.getByLabel('Environment').fill('home');
    await workstation.page.getByRole('button', { name: 'Ingest', exact: true }).click();
    await workstation.ready();
    expect(workstation.page.url()).toContain('home%2Fkitchen');
  });

  it('says so when the library is read-only, and offers nothing that writes', async () => {
    const workstation = await openReady({ readOnly: true });
    await workstation.page.getByText('open for reading only').waitFor();
    expect(await workstation.button('Ingest a recording').isDisabled()).toBe(true);
  });
});

describe('time', () => {
  it('steps frame by frame through an uneven recording, and shows exactly the frame that it names', async () => {
    const workstation = await openReady();
    for (let step = 1; step <= 6; step++) {
      await workstation.press('ArrowRight');
      await expect.poll(() => frameNumber(workstation)).toBe(step);
      await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(step);
    }
    await workstation.press('ArrowLeft');
    await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(5);
    const { ptsMicros } = recording.records[5]!;
    expect(await workstation.playhead.textContent()).toBe(`00:00.${Math.round(ptsMicros / 1000)}`);
  });

  it('plays, and pauses on the frame that it names', async () => {
    const workstation = await openReady();
    await workstation.press('Space');
    await expect.poll(() => frameNumber(workstation), { timeout: 15_000 }).toBeGreaterThan(8);
    await workstation.press('Space');
    await workstation.page.waitForFunction(() => document.querySelector('video')?.paused);
    const named = await frameNumber(workstation);
    await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(named);
  });

  it('scrubs by dragging, and the picture follows to the end of the drag', async () => {
    const workstation = await openReady();
    await workstation.scrub(0.1, 0.75);
    const named = await frameNumber(workstation);
    const wanted = recording.records.findLast((record) => record.ptsMicros <= 0.75 * 19_933_333)!.index;
    expect(Math.abs(named - wanted)).toBeLessThanOrEqual(2);
    await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(named);
  });

  it('walks through keyframes, seconds and the ends by keys', async () => {
    const workstation = await openReady();
    await workstation.press(']');
    await expect.poll(() => frameNumber(workstation)).toBe(11);
    await workstation.press(']');
    await workstation.press('[');
    await expect.poll(() => frameNumber(workstation)).toBe(11);
    await workstation.press('End');
    await expect.poll(() => frameNumber(workstation)).toBe(recording.records.length - 1);
    await workstation.press('Shift+ArrowLeft');
    const wanted = recording.records.findLast((record) => record.ptsMicros <= 18_933_333)!.index;
    await expect.poll(() => frameNumber(workstation)).toBe(wanted);
    await workstation.press('Home');
    await expect.poll(() => frameNumber(workstation)).toBe(0);
  });

  it('names a lost camera', async () => {
    const workstation = await openReady();
    await workstation.scrub(0.5, 0.62);
    await expect.poll(() => workstation.panel('video').textContent()).toContain('lost');
  });
});

describe('one selection', () => {
  it('shows an object chosen in the video in every panel, and Escape clears it', async () => {
    const workstation = await openReady();
    await workstation.tab('Objects').click();
    await workstation.boxes.filter({ hasText: 'mug' }).first().click();
    await workstation.inspector.getByRole('heading', { name: 'mug 1' }).waitFor();
    const selected = (panel: 'lists' | 'scene') => workstation.panel(panel).locator('.selected, [data-role=selected]');
    expect(await selected('lists').textContent()).toContain('mug 1');
    expect(await selected('scene').textContent()).toBe('mug 1');
    await workstation.press('Escape');
    await expect.poll(() => selected('lists').count()).toBe(0);
  });

  it('walks back and forward through what was selected', async () => {
    const workstation = await openReady();
    await workstation.tab('Objects').click();
    const list = workstation.panel('lists');
    await list.getByRole('button', { name: /^sofa/ }).click();
    await list.getByRole('button', { name: /^lamp/ }).click();
    await workstation.press('Alt+ArrowLeft');
    await workstation.inspector.getByRole('heading', { name: 'sofa' }).waitFor();
    await workstation.press('Alt+ArrowRight');
    await workstation.inspector.getByRole('heading', { name: 'lamp' }).waitFor();
  });

  it('picks an object in the 3D view by clicking on it', async () => {
    const workstation = await openReady();
    const label = workstation.panel('scene').locator('.labels span:not([hidden])').filter({ hasText: 'chair 1' });
    const box = (await label.boundingBox())!;
    // The label floats just above the middle of the chair's top.
    await workstation.page.mouse.click(box.x + box.width / 2, box.y + box.height + 12);
    await workstation.inspector.getByRole('heading', { name: 'chair 1' }).waitFor();
  });

  it('goes to a keyframe that is chosen in the list', async () => {
    const workstation = await openReady();
    await workstation.tab('Keyframes').click();
    const { ptsMicros, index } = recording.keyframes[3]!;
    await workstation.panel('lists').getByRole('button').nth(3).click();
    await expect.poll(() => frameNumber(workstation)).toBe(index);
    await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(index);
    expect(await workstation.playhead.textContent()).toContain((ptsMicros / 1e6).toFixed(3));
  });

  it('shows what moves in a keyframe when asked, and reads it only then', async () => {
    const workstation = await openReady();
    const asked: string[] = [];
    workstation.page.on('request', (request) => {
      if (request.url().includes('/data/mask')) {
        asked.push(new URL(request.url()).searchParams.get('pts') ?? '');
      }
    });
    const moving = workstation.page.getByTestId('moving');
    const share = workstation.page.getByTestId('moving-share');
    await workstation.press(']');
    await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(recording.keyframes[1]!.index);
    expect(await moving.count()).toBe(0);
    expect(asked).toEqual([]);

    await workstation.press('v');
    await moving.waitFor();
    expect(await share.textContent()).toBe('8 % moves');
    const picture = (await workstation.page.locator('video').boundingBox())!;
    const tinted = (await moving.locator('path').boundingBox())!;
    // The picture is 4:3 in a stage of another shape; the thing stands at 100 … 120 of its 160 columns.
    const scale = Math.min(picture.width / 160, picture.height / 120);
    expect(tinted.width / scale).toBeCloseTo(20, 0);
    expect((tinted.x - picture.x - picture.width / 2) / scale).toBeCloseTo(20, 0);

    await workstation.press('ArrowRight');
    await expect.poll(() => moving.count()).toBe(0);
    await workstation.press(']');
    await expect.poll(() => share.textContent()).toBe('nothing moves');
    expect(await moving.count()).toBe(0);
    expect(asked).toEqual([1, 2].map((i) => String(recording.keyframes[i]!.ptsMicros)));
  });

  it('tells in the timeline why an episodic entry was superseded', async () => {
    const workstation = await openReady();
    const entry = recording.episodic.find(({ supersededAtPtsMicros }) => supersededAtPtsMicros !== undefined)!;
    const area = (await workstation.page.getByRole('slider', { name: 'Playhead' }).boundingBox())!;
    const x = area.x + (entry.ptsMicros / recording.records.at(-1)!.ptsMicros) * area.width;
    await workstation.page.mouse.move(x, area.y + 56);
    const tip = workstation.panel('timeline').getByRole('tooltip');
    await expect.poll(() => tip.textContent()).toMatch(/Superseded at .* by .*similar/s);
  });
});

describe('asking', () => {
  it('answers with value, unit and evidence that takes every panel there', async () => {
    const workstation = await openReady();
    await workstation.ask('How far is the kettle from the table?');
    const answer = workstation.answers.last();
    expect(await answer.getByTestId('value').textContent()).toMatch(/^\d\.\d\d m$/);
    const shot = answer.getByTestId('evidence').first();
    const time = await shot.locator('.tabular').textContent();
    await shot.click();
    await expect.poll(() => workstation.playhead.textContent()).toBe(time);
    const named = await frameNumber(workstation);
    await expect.poll(() => workstation.frameOnScreen(indexBits)).toBe(named);
  });

  it('offers the candidates of an ambiguous name, and asks again with the chosen one', async () => {
    const workstation = await openReady();
    await workstation.ask('Where is the chair?');
    const first = workstation.answers.first();
    expect(await first.getAttribute('data-status')).toBe('ambiguous');
    await first.getByRole('button', { name: 'chair-2' }).click();
    await expect.poll(() => workstation.answers.count()).toBe(2);
    expect(await workstation.answers.last().getAttribute('data-status')).toBe('answered');
  });

  it('says what is known when nothing matches', async () => {
    const workstation = await openReady();
    await workstation.ask('Where is the piano?');
    expect(await workstation.answers.first().getAttribute('data-status')).toBe('cannot-tell');
    await workstation.answers.first().getByRole('button', { name: 'sofa' }).waitFor();
  });

  it('keeps the history when the window is opened again', async () => {
    const workstation = await openReady();
    await workstation.ask('How many chairs are there?');
    await workstation.page.reload();
    await workstation.answers.first().waitFor();
    expect(await workstation.answers.first().getByTestId('value').textContent()).toBe('3 objects');
  });
});

describe('ingesting', () => {
  const ingest = async (workstation: Workstation, path: string): Promise<void> => {
    await workstation.press('i');
    const form = workstation.page.getByRole('form', { name: 'Ingest a recording' });
    await form.getByRole('textbox', { name: 'Recording' }).fill(path);
    await form.getByLabel('Environment').fill('office');
    await form.getByRole('button', { name: 'Ingest', exact: true }).click();
  };

  it('shows progress while the window stays usable, and the new session when it is done', async () => {
    const workstation = await openReady({ ingestFramesPerSecond: 120 });
    await ingest(workstation, '/films/desk.mp4');
    await expect
      .poll(() => workstation.jobs.first().textContent())
      .toMatch(/office\/desk.*\d+ frames · 120 frames\/s · \d s left/s);
    await workstation.press('ArrowRight');
    await expect.poll(() => frameNumber(workstation)).toBe(1);
    await workstation
      .panel('lists')
      .getByRole('region', { name: 'office' })
      .getByRole('button', { name: 'desk' })
      .click();
    await workstation.inspector.getByRole('heading', { name: 'desk' }).waitFor();
  });

  it('cancels', async () => {
    const workstation = await openReady({ ingestFramesPerSecond: 20 });
    await ingest(workstation, '/films/desk.mp4');
    await workstation.jobs.first().getByRole('button', { name: 'Cancel this ingest' }).click();
    await expect.poll(() => workstation.jobs.first().textContent()).toContain('Cancelled');
  });

  it('says what is wrong with a file that is no video', async () => {
    const workstation = await openReady();
    await ingest(workstation, '/films/broken.mp4');
    const problem = workstation.jobs.first().getByRole('alert');
    await expect.poll(() => problem.textContent()).toContain('/films/broken.mp4 is not a video');
  });

  it('takes a file that is dropped on the window', async () => {
    const workstation = await openReady();
    const drop = await workstation.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(1000)], 'garden.mp4', { type: 'video/mp4' }));
      return transfer;
    });
    for (const type of ['dragenter', 'dragover', 'drop']) {
      await workstation.page.dispatchEvent('body', type, { dataTransfer: drop });
    }
    const form = workstation.page.getByRole('form', { name: 'Ingest a recording' });
    await expect
      .poll(() => form.getByRole('textbox', { name: 'Recording' }).inputValue())
      .toBe('/tmp/uploads/garden.mp4');
    expect(await form.getByLabel('Session').getAttribute('placeholder')).toBe('garden');
    expect(engine?.uploads).toEqual(['garden.mp4']);
  });
});

describe('the connection', () => {
  it('keeps what is shown while it is away, and goes on where it was', async () => {
    const workstation = await openReady();
    await workstation.page.getByRole('textbox', { name: 'Question' }).fill('How many chairs are there?');
    engine?.cut();
    const banner = workstation.page.getByTestId('connection');
    await banner.getByText('Connection to the engine lost').waitFor();
    await workstation.press('Enter');
    expect(await workstation.boxes.count()).toBeGreaterThan(0);
    engine?.restore();
    // It comes back by itself, and the question that waited goes through.
    await workstation.answers.first().waitFor();
    await expect.poll(() => banner.count()).toBe(0);
  });

  it('says so when the engine cannot be reached at all', async () => {
    engine = await startFakeEngine();
    window = await Workstation.open(browser, engine.url.replace('paper', 'wrong'));
    await window.page.getByText('The engine cannot be reached').waitFor();
  });
});

describe('hands and eyes', () => {
  it('finds commands and objects by name', async () => {
    const workstation = await openReady();
    await workstation.press('Control+k');
    await workstation.page.keyboard.type('kett');
    await workstation.press('Enter');
    await workstation.inspector.getByRole('heading', { name: 'kettle' }).waitFor();
  });

  it('shows every key, from the same table that acts on them', async () => {
    const workstation = await openReady();
    await workstation.press('?');
    const help = workstation.page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('Play or pause').waitFor();
    await workstation.press('Escape');
    await expect.poll(() => help.count()).toBe(0);
  });

  it('leaves letters to the question while one is typed', async () => {
    const workstation = await openReady();
    await workstation.press('/');
    await workstation.page.keyboard.type('l j');
    expect(await workstation.page.getByRole('textbox', { name: 'Question' }).inputValue()).toBe('l j');
    expect(await frameNumber(workstation)).toBe(0);
  });

  it('follows the system’s theme until told otherwise, and remembers', async () => {
    const workstation = await open({}, { theme: 'light' });
    await workstation.ready();
    const theme = (): Promise<string | undefined> =>
      workstation.page.evaluate(() => document.documentElement.dataset['theme']);
    expect(await theme()).toBe('light');
    await workstation.press('t');
    await expect.poll(theme).toBe('dark');
    await workstation.page.reload();
    await expect.poll(theme).toBe('dark');
  });

  it('clips no text and hides no control at 1280 × 720', async () => {
    const workstation = await open({}, { width: 1280, height: 720 });
    await workstation.ready();
    await workstation.ask('How far is the kettle from the table?');
    const clipped = await workstation.page.evaluate(() =>
      [...document.querySelectorAll('button, h2, dt, .small, strong')]
        .filter((element) => !element.closest('.virtual, .titles') && element.getClientRects().length > 0)
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
        .map(({ textContent }) => textContent.trim()),
    );
    const outside = await workstation.page.evaluate(() =>
      [...document.querySelectorAll('.panel')].flatMap((panel) => {
        const edge = panel.getBoundingClientRect().right;
        return [...panel.querySelectorAll('.panel-head button')]
          .filter((button) => button.getBoundingClientRect().right > edge)
          .map(({ textContent }) => textContent);
      }),
    );
    expect(outside).toEqual([]);
    expect(clipped).toEqual([]);
  });
});
