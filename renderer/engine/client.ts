import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../app/contract/api.ts';
import { Connection } from './connection.ts';
import { takeToken } from './token.ts';
import { openMessagePort, openWebSocket } from './transport.ts';

/** Every call of the contract, typed. */
export type EngineClient = ContractRouterClient<typeof contract>;

const token = window.loci ? undefined : takeToken();

/** The window's one connection; it opens by itself and comes back by itself. */
export const connection = new Connection(window.loci ? openMessagePort(window.loci) : openWebSocket(token));

/** The engine. A call made while the connection is away waits for it. */
export const engine: EngineClient = createORPCClient(connection);

/** Address of what travels beside the contract (`binaryPaths`), with its parameters and the token. */
export const binaryUrl = (path: string, parameters: Readonly<Record<string, string | number>>): string => {
  const url = new URL(path, window.location.href);
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, String(value));
  }
  if (token) {
    url.searchParams.set('token', token);
  }
  return url.href;
};
