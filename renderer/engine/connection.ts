import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import type { OpenTransport, Transport } from './transport.ts';

/** `connecting` before the first success; `lost` while it tries to come back. */
export type ConnectionState = 'connecting' | 'connected' | 'lost';

const firstPauseMillis = 250;
const longestPauseMillis = 5000;

/** The pause before attempt number `attempt` (0 is the first repeat): doubling, at most five seconds. */
export const pauseMillis = (attempt: number): number =>
  Math.min(longestPauseMillis, firstPauseMillis * 2 ** Math.min(attempt, 10));

/**
 * A link that outlives its transports. Calls made while there is none wait for the next one, so that a view never
 * has to know about connections; a call that was under way when the transport broke rejects.
 */
export class Connection implements ClientLink<ClientContext> {
  readonly state: ShallowRef<ConnectionState> = shallowRef('connecting');
  /** Attempts since the connection broke, or since the start. */
  readonly attempts = shallowRef(0);
  readonly #open: OpenTransport;
  #transport: Transport | undefined;
  #waiting: ((transport: Transport) => void)[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(open: OpenTransport) {
    this.#open = open;
    void this.#run();
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    const transport = this.#transport ?? (await this.#nextTransport(options.signal));
    return transport.link.call(path, input, options);
  }

  /** Tries again at once instead of waiting for the pause to end. */
  retry(): void {
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#transport?.close();
    this.#wake?.();
  }

  #nextTransport(signal: AbortSignal | undefined): Promise<Transport> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal?.addEventListener('abort', () => reject(new DOMException('The call was cancelled', 'AbortError')));
    });
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const transport = await this.#open().catch(() => undefined);
      if (transport) {
        this.#transport = transport;
        this.attempts.value = 0;
        this.state.value = 'connected';
        this.#waiting.splice(0).forEach((resolve) => resolve(transport));
        await transport.closed;
        this.#transport = undefined;
        this.state.value = 'lost';
      } else {
        this.attempts.value += 1;
        await this.#pause(pauseMillis(this.attempts.value - 1));
      }
    }
  }

  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
