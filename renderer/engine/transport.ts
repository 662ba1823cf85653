import { RPCLink as MessagePortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import type { ClientContext, ClientLink } from '@orpc/client';

type Link = ClientLink<ClientContext>;

/** One live connection to the engine; `closed` resolves when it is gone. */
export interface Transport {
  readonly link: Link;
  readonly closed: Promise<void>;
  readonly close: () => void;
}

/** Opens a transport, or rejects when the engine cannot be reached. */
export type OpenTransport = () => Promise<Transport>;

/** A WebSocket to the server that this page came from. */
export const openWebSocket = (token: string | undefined): OpenTransport => {
  return () =>
    new Promise((resolve, reject) => {
      const url = new URL('/rpc', window.location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      if (token) {
        url.searchParams.set('token', token);
      }
      const socket = new WebSocket(url);
      const closed = new Promise<void>((settle) => {
        socket.addEventListener('close', () => {
          settle();
          reject(new Error('The engine cannot be reached'));
        });
      });
      socket.addEventListener('open', () =>
        resolve({ link: new WebSocketLink({ websocket: socket }), closed, close: () => socket.close() }),
      );
    });
};

/** Waits for the port that the Electron main process sends through the preload script. */
const receivePort = (bridge: LociBridge): Promise<MessagePort> =>
  new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      const isPort = (event.data as { type?: unknown } | undefined)?.type === 'engine.port';
      // Only the preload script shares this window; other frames could post messages too.
      if (event.source === window && isPort && port) {
        window.removeEventListener('message', listen);
        resolve(port);
      }
    };
    window.addEventListener('message', listen);
    bridge.requestPort();
  });

/** A message port to the engine that the Electron main process hands over. */
export const openMessagePort = (bridge: LociBridge): OpenTransport => {
  return async () => {
    const port = await receivePort(bridge);
    const closed = new Promise<void>((settle) => port.addEventListener('close', () => settle()));
    const link = new MessagePortLink({ port });
    port.start();
    return { link, closed, close: () => port.close() };
  };
};
