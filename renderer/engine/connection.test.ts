import type { ClientContext, ClientLink } from '@orpc/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Connection, pauseMillis } from './connection.ts';
import type { Transport } from './transport.ts';

/** A transport that answers with its name until it is broken. */
const transport = (name: string): Transport & { break: () => void } => {
  let settle = (): void => undefined;
  const closed = new Promise<void>((resolve) => (settle = resolve));
  const link: ClientLink<ClientContext> = { call: () => Promise.resolve(name) };
  return { link, closed, close: settle, break: settle };
};

const call = (connection: Connection): Promise<unknown> => connection.call(['health'], undefined, { context: {} });

describe('the connection', () => {
  let connection: Connection | undefined;
  afterEach(() => connection?.close());

  it('lets a call wait for the engine instead of failing', async () => {
    const { promise, resolve } = Promise.withResolvers<Transport>();
    connection = new Connection(() => promise);
    const waiting = call(connection);
    expect(connection.state.value).toBe('connecting');
    resolve(transport('first'));
    await expect(waiting).resolves.toBe('first');
    expect(connection.state.value).toBe('connected');
  });

  it('comes back after it was lost, and calls made meanwhile go through', async () => {
    const transports = [transport('first'), transport('second')];
    const again = Promise.withResolvers<undefined>();
    let opened = 0;
    connection = new Connection(async () => {
      const next = transports[opened++];
      if (next === transports[1]) {
        await again.promise;
      }
      return next ?? Promise.reject(new Error('away'));
    });
    await call(connection);
    transports[0]?.break();
    await vi.waitFor(() => expect(connection?.state.value).toBe('lost'));
    const waiting = call(connection);
    again.resolve(undefined);
    await expect(waiting).resolves.toBe('second');
  });

  it('tries again by itself, and at once when asked', async () => {
    let attempts = 0;
    connection = new Connection(() => {
      attempts += 1;
      return attempts < 3 ? Promise.reject(new Error('away')) : Promise.resolve(transport('late'));
    });
    await vi.waitFor(() => expect(connection?.attempts.value).toBe(1));
    connection.retry();
    await vi.waitFor(() => expect(connection?.attempts.value).toBe(2));
    await expect(call(connection)).resolves.toBe('late');
  });

  it('gives up a waiting call that is cancelled', async () => {
    connection = new Connection(() => new Promise(() => undefined));
    const cancelled = new AbortController();
    const waiting = connection.call(['health'], undefined, { context: {}, signal: cancelled.signal });
    cancelled.abort();
    await expect(waiting).rejects.toThrow('cancelled');
  });
});

it('waits longer each time, at most five seconds', () => {
  expect([0, 1, 2, 3, 99].map(pauseMillis)).toEqual([250, 500, 1000, 2000, 5000]);
});
