import type { LociError } from '../contract/errors.ts';

/** What the engine process tells the main process. */
export type EngineMessage =
  { readonly type: 'serving'; readonly url: string } | { readonly type: 'failed'; readonly error: LociError };

/** Names of the two messages between a window and the main process. */
export const channels = {
  /** A window asks for a port to the engine. */
  connect: 'engine.connect',
  /** The port, as the message's only transferable. */
  port: 'engine.port',
} as const;
