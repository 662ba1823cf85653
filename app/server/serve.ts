import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { createRouter } from '../engine/router.ts';
import { sendData } from './data.ts';
import { createToken, refuse } from './security.ts';
import { securityHeaders, sendStatic } from './static-files.ts';

/** How to serve an engine. */
export interface ServeOptions {
  /** Folder of the built window; without it only calls and data are served. */
  readonly windowFolder?: string | undefined;
  /** 127.0.0.1 unless the user asks for another address. */
  readonly address?: string | undefined;
  /** 0 takes any free port. */
  readonly port?: number | undefined;
}

/** A running server: the address to open, token included. */
export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Serves the engine's contract over WebSocket (`/rpc`), its binary data by HTTP (`/data/…`) and the window's files.
 * Fails with `port-in-use` when another program listens there.
 */
export const serve = async (engine: Engine, options: ServeOptions = {}): Promise<Result<Served>> => {
  const address = options.address ?? '127.0.0.1';
  const token = createToken();
  const hosts = new Set<string>();
  const handler = new RPCHandler(createRouter(engine));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const refusal = refuse(request, url, { hosts, token, needsToken: url.pathname.startsWith('/data/') });
    if (refusal) {
      response.writeHead(refusal.status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(refusal.reason);
    } else if (url.pathname.startsWith('/data/') && (await sendData(engine, request, response, url))) {
      return;
    } else if (options.windowFolder && (await sendStatic(request, response, options.windowFolder, url.pathname))) {
      return;
    } else {
      response.writeHead(404, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end('Not here.');
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      console.error('loci serve:', thrown);
      if (response.headersSent) {
        response.destroy();
      } else {
        response.writeHead(500, securityHeaders).end('A fault of Loci; the terminal says more.');
      }
    });
  });

  // Questions and labels are small; a megabyte-sized message is a mistake, except for imported scenes.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 << 20 });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const refusal = refuse(request, url, { hosts, token, needsToken: true });
    if (refusal || url.pathname !== '/rpc') {
      socket.end(`HTTP/1.1 ${refusal?.status ?? 404} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => void handler.upgrade(webSocket));
  });

  const listening = await new Promise<Result<number>>((resolve) => {
    server.once('error', (thrown: NodeJS.ErrnoException) =>
      resolve(
        failure(
          lociError(
            'port-in-use',
            `Cannot listen on ${address}:${options.port ?? 0}: ${thrown.message}`,
            'Choose another port with --port, or 0 for any free one.',
          ),
        ),
      ),
    );
    server.listen(options.port ?? 0, address, () => resolve(success((server.address() as AddressInfo).port)));
  });
  if (!listening.ok) {
    return listening;
  }
  const port = listening.value;
  for (const name of address === '127.0.0.1' ? ['127.0.0.1', 'localhost'] : [address]) {
    hosts.add(`${name.includes(':') ? `[${name}]` : name}:${port}`);
  }

  const close = async (): Promise<void> => {
    for (const client of sockets.clients) {
      client.terminate();
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const shown = address.includes(':') ? `[${address}]` : address;
  return success({
    url: `http://${shown}:${port}/?token=${token}`,
    port,
    token,
    close,
    [Symbol.asyncDispose]: close,
  });
};
