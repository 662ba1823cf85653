/** For tools that do not read single-file components. */
declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}

/** What the Electron preload hands to the window; absent in a browser. */
interface LociBridge {
  /**
   * Asks for a port to the engine that speaks the contract. It arrives as the only port of a window message of type
   * `engine.port`, since ports cannot cross the bridge as values.
   */
  requestPort(): void;
  /** The path of a dropped file, which the engine can then read itself. */
  pathForFile(file: File): string;
}

interface Window {
  readonly loci?: LociBridge;
}
