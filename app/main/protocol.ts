import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import { dataUrl, scheme, windowFile } from './addresses.ts';
import type { EngineHost } from './engine-host.ts';

/** Makes the scheme a secure origin of its own that can stream; must run before Electron is ready. */
export const registerScheme = (): void => {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
};

/** Serves the window's files from its folder and passes `/data/…` on to the engine, whose token the page never sees. */
export const serveWindow = (folder: string, engine: EngineHost): void => {
  protocol.handle(scheme, async (request) => {
    if (new URL(request.url).pathname.startsWith('/data/')) {
      const headers = new Headers(request.headers);
      headers.delete('origin');
      return net.fetch(dataUrl(await engine.dataOrigin, request.url), {
        method: request.method,
        headers,
        ...(request.body && { body: request.body, duplex: 'half' }),
      });
    }
    const file = windowFile(folder, request.url);
    return file === undefined ? new Response('Not here.', { status: 404 }) : net.fetch(pathToFileURL(file).href);
  });
};
