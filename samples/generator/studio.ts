import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import type { Intrinsics } from '../../app/contract/geometry.ts';
import type { DrawRequest, StudioFace } from './page.ts';
import type { Quality } from './surfaces.ts';

declare global {
  /** Set by the page (`page.ts`); only code that runs inside the browser sees it. */
  var studio: StudioFace;
}

/** Depth and mask of one picture, row by row from the top. */
export interface TruthImage {
  readonly width: number;
  readonly height: number;
  /** Along the camera's z axis. */
  readonly depthMillimetres: Uint16Array;
  readonly maskNumbers: Uint8Array;
}

/** Debian's Chromium; `LOCI_CHROMIUM` names another. */
const executablePath = process.env['LOCI_CHROMIUM'] ?? '/usr/bin/chromium';

const browserArguments = [
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
];

const bundlePage = async (): Promise<string> => {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('page.ts', import.meta.url)), formats: ['es'], fileName: 'page' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const chunk = 'output' in first ? first.output[0] : undefined;
  if (!chunk) {
    throw new Error('The page of the generator was not bundled.');
  }
  return chunk.code;
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
};

/**
 * Draws an apartment with Babylon.js in a headless browser, in software, so that it works on any machine. Pictures may be
 * asked for ahead: then one is drawn while the one before is on its way here.
 */
export class Studio implements AsyncDisposable {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #intrinsics: Intrinsics;
  readonly #inbox: Map<number, Buffer>;
  #tickets = 0;

  private constructor(
    server: Server,
    browser: Browser,
    page: Page,
    intrinsics: Intrinsics,
    inbox: Map<number, Buffer>,
  ) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
    this.#intrinsics = intrinsics;
    this.#inbox = inbox;
  }

  /** Starts the browser, builds and lights the apartment of a seed: some seconds as draft, about a minute when fine. */
  static async open(seed: number, quality: Quality, intrinsics: Intrinsics): Promise<Studio> {
    const script = await bundlePage();
    const inbox = new Map<number, Buffer>();
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      if (request.method === 'POST') {
        inbox.set(Number(request.url?.split('/').at(-1)), await readBody(request));
        response.end();
      } else if (request.url === '/page.js') {
        response.setHeader('content-type', 'text/javascript').end(script);
      } else {
        response.setHeader('content-type', 'text/html').end('<script type="module" src="/page.js"></script>');
      }
    };
    const server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath, args: browserArguments });
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        console.error(message.text());
      }
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'studio' in globalThis);
    page.setDefaultTimeout(0);
    await page.evaluate(
      ([seedInPage, qualityInPage, intrinsicsInPage]) =>
        globalThis.studio.open(seedInPage, qualityInPage, intrinsicsInPage),
      [seed, quality, intrinsics] as const,
    );
    return new Studio(server, browser, page, intrinsics, inbox);
  }

  /** What the camera films: RGB, row by row from the top. */
  async colour(request: Omit<DrawRequest, 'pass'>): Promise<Buffer> {
    const rgba = await this.#draw({ ...request, pass: 'colour' });
    const { width, height } = this.#intrinsics;
    const rgb = Buffer.alloc(width * height * 3);
    for (let y = 0, to = 0; y < height; y += 1) {
      const row = (height - 1 - y) * width * 4;
      for (let from = row; from < row + width * 4; from += 4, to += 3) {
        rgb[to] = rgba[from] ?? 0;
        rgb[to + 1] = rgba[from + 1] ?? 0;
        rgb[to + 2] = rgba[from + 2] ?? 0;
      }
    }
    return rgb;
  }

  /** What is where: exact depth and which thing each pixel shows. */
  async truth(request: Omit<DrawRequest, 'pass'>): Promise<TruthImage> {
    const rgba = await this.#draw({ ...request, pass: 'truth' });
    const { width, height } = this.#intrinsics;
    const depthMillimetres = new Uint16Array(width * height);
    const maskNumbers = new Uint8Array(width * height);
    for (let y = 0, to = 0; y < height; y += 1) {
      const row = (height - 1 - y) * width * 4;
      for (let from = row; from < row + width * 4; from += 4, to += 1) {
        depthMillimetres[to] = (rgba[from] ?? 0) * 256 + (rgba[from + 1] ?? 0);
        maskNumbers[to] = rgba[from + 2] ?? 0;
      }
    }
    return { width, height, depthMillimetres, maskNumbers };
  }

  async #draw(request: DrawRequest): Promise<Buffer> {
    const ticket = this.#tickets;
    this.#tickets += 1;
    await this.#page.evaluate(([ticketInPage, requestInPage]) => globalThis.studio.draw(ticketInPage, requestInPage), [
      ticket,
      request,
    ] as const);
    const pixels = this.#inbox.get(ticket);
    this.#inbox.delete(ticket);
    if (!pixels) {
      throw new Error('The page sent no pixels.');
    }
    return pixels;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
