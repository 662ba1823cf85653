import type { IncomingMessage, ServerResponse } from 'node:http';
import { stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { sendFile } from './byte-range.ts';
import { contentSecurityPolicy } from './security.ts';

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Headers of every response: no sniffing, no embedding, no address given away. */
export const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Serves the built window from `folder`; answers false for a path that is not there or leads out of it. */
export const sendStatic = async (
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  pathname: string,
): Promise<boolean> => {
  const file = normalize(join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)));
  if (!file.startsWith(folder + sep) || !(await isFile(file))) {
    return false;
  }
  await sendFile(request, response, file, {
    ...securityHeaders,
    'Content-Type': mediaTypes[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': contentSecurityPolicy,
    // Bundled assets carry a hash of their contents in their names; the page itself must always be asked for.
    'Cache-Control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  return true;
};

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};
