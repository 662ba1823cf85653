import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** Chromium without a screen: WebGL runs on the processor (SwiftShader), nothing is asked of any network. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });

/** How a window is opened. */
export interface WindowOptions {
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
}

/** The workstation as a person sees and handles it. */
export class Workstation {
  readonly page: Page;
  readonly #context: BrowserContext;
  /** What the page complained about: exceptions, refused resources, broken security policy. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // A connection that is cut on purpose is not a fault of the page.
      if (message.type() === 'error' && !/WebSocket connection|ERR_CONNECTION/.test(message.text())) {
        this.complaints.push(message.text());
      }
    });
  }

  /** Opens the window in a context of its own: no cookies, settings or storage of another test. */
  static async open(browser: Browser, url: string, options: WindowOptions = {}): Promise<Workstation> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      colorScheme: options.theme ?? 'dark',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const workstation = new Workstation(context, page);
    await page.goto(url);
    return workstation;
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  get playhead(): Locator {
    return this.page.getByTestId('playhead');
  }

  get frame(): Locator {
    return this.page.getByTestId('frame');
  }

  get inspector(): Locator {
    return this.page.getByTestId('inspector');
  }

  get answers(): Locator {
    return this.page.getByTestId('answer');
  }

  get jobs(): Locator {
    return this.panel('lists').getByTestId('job');
  }

  get boxes(): Locator {
    return this.page.getByTestId('box');
  }

  panel(name: 'lists' | 'video' | 'scene' | 'ask' | 'inspector' | 'timeline'): Locator {
    return this.page.locator(`[data-panel=${name}]`);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  tab(name: 'Sessions' | 'Keyframes' | 'Objects'): Locator {
    return this.page.getByRole('tab', { name });
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys);
  }

  /** Waits until the session is there and its video shows a frame. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
    await this.frame.filter({ hasText: /\d/ }).waitFor();
  }

  /** Number of the frame that the decoder shows, read from the bits that the made-up recording carries. */
  async frameOnScreen(bits: number): Promise<number> {
    await this.page.waitForFunction(() => document.querySelector('video')?.seeking === false);
    return this.page.evaluate((count) => {
      const video = document.querySelector('video')!;
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      const context = canvas.getContext('2d')!;
      context.drawImage(video, 0, 0);
      let value = 0;
      for (let bit = 0; bit < count; bit++) {
        const [grey = 0] = context.getImageData(bit * 32 + 16, video.videoHeight - 8, 1, 1).data;
        value += grey > 127 ? 2 ** bit : 0;
      }
      return value;
    }, bits);
  }

  async ask(question: string): Promise<void> {
    const before = await this.answers.count();
    await this.page.getByRole('textbox', { name: 'Question' }).fill(question);
    await this.press('Enter');
    await this.answers.nth(before).waitFor();
  }

  /** Drags across the timeline, both ends as shares of its width, along the ruler where no mark is hit. */
  async scrub(from: number, to: number): Promise<void> {
    const box = (await this.page.getByRole('slider', { name: 'Playhead' }).boundingBox())!;
    const x = (share: number): number => box.x + 1 + share * (box.width - 2);
    await this.page.mouse.move(x(from), box.y + 8);
    await this.page.mouse.down();
    await this.page.mouse.move(x((from + to) / 2), box.y + 8, { steps: 4 });
    await this.page.mouse.move(x(to), box.y + 8, { steps: 4 });
    await this.page.mouse.up();
  }
}
