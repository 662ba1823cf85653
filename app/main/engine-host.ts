import { join } from 'node:path';
import { ipcMain, MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron';
import { channels, type EngineMessage } from './messages.ts';
import { RestartBudget } from './restart-budget.ts';

/** The engine in its utility process: started, handed a port for every window, restarted within a budget when it dies. */
export class EngineHost {
  readonly #libraryFolder: string;
  readonly #budget = new RestartBudget(3, 60_000);
  readonly #givenUp = new Set<(reason: string) => void>();
  #process: UtilityProcess;
  #dataOrigin: Promise<URL>;
  #stopping = false;

  constructor(libraryFolder: string) {
    this.#libraryFolder = libraryFolder;
    ({ process: this.#process, dataOrigin: this.#dataOrigin } = this.#start());
  }

  /** Address, token included, under which the engine serves its binary data on the loopback interface. */
  get dataOrigin(): Promise<URL> {
    return this.#dataOrigin;
  }

  /** Calls back when the engine cannot be kept alive. */
  onGivenUp(listener: (reason: string) => void): () => void {
    this.#givenUp.add(listener);
    return () => this.#givenUp.delete(listener);
  }

  /** Gives a window a port to the engine whenever it asks, at its start and after the engine was restarted. */
  connectOnRequest(contents: WebContents): void {
    const connect = (event: Electron.IpcMainEvent): void => {
      if (event.sender !== contents) {
        return;
      }
      const { port1, port2 } = new MessageChannelMain();
      this.#process.postMessage({ type: 'connect' }, [port1]);
      contents.postMessage(channels.port, undefined, [port2]);
    };
    ipcMain.on(channels.connect, connect);
    contents.once('destroyed', () => ipcMain.off(channels.connect, connect));
  }

  stop(): void {
    this.#stopping = true;
    this.#process.kill();
  }

  #start(): { process: UtilityProcess; dataOrigin: Promise<URL> } {
    const child = utilityProcess.fork(
      join(import.meta.dirname, 'engine-process.js'),
      ['--library', this.#libraryFolder],
      {
        serviceName: 'Loci engine',
      },
    );
    const dataOrigin = new Promise<URL>((resolve) => {
      child.on('message', (message: EngineMessage) => {
        if (message.type === 'serving') {
          resolve(new URL(message.url));
        } else {
          this.#giveUp(`${message.error.message}. ${message.error.hint}`);
        }
      });
    });
    child.once('exit', (code) => this.#exited(code));
    return { process: child, dataOrigin };
  }

  #exited(code: number): void {
    if (this.#stopping) {
      return;
    }
    if (this.#budget.take(Date.now())) {
      ({ process: this.#process, dataOrigin: this.#dataOrigin } = this.#start());
    } else {
      this.#giveUp(`It ended again and again (exit code ${code}).`);
    }
  }

  #giveUp(reason: string): void {
    this.#stopping = true;
    for (const listener of this.#givenUp) {
      listener(reason);
    }
  }
}
