/**
 * The engine as a process of its own beside the desktop window: calls come through message ports that the main process
 * hands over, binary data is served on the loopback interface.
 */
import { RPCHandler } from '@orpc/server/message-port';
import { Engine } from '../engine/engine.ts';
import { createRouter } from '../engine/router.ts';
import { serve } from './serve.ts';

/** What Electron gives a utility process instead of `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: { type: string }; ports: MessagePort[] }) => void): void;
  postMessage(message: unknown): void;
}

const parent = (process as unknown as { parentPort?: ParentPort }).parentPort;
if (!parent) {
  throw new Error('The engine process is started by the desktop window; use `loci serve` elsewhere.');
}

const libraryFolder = process.argv[process.argv.indexOf('--library') + 1] ?? '';
const engine = await Engine.open({ libraryFolder, mode: 'write', create: true });
if (engine.ok) {
  const handler = new RPCHandler(createRouter(engine.value));
  parent.on('message', ({ data, ports: [port] }) => {
    if (data.type === 'connect' && port) {
      handler.upgrade(port);
      port.start();
    }
  });
  const served = await serve(engine.value);
  parent.postMessage(served.ok ? { type: 'serving', url: served.value.url } : { type: 'failed', error: served.error });
} else {
  parent.postMessage({ type: 'failed', error: engine.error });
}
