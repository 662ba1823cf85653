import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels } from '../main/messages.ts';

// A port cannot cross the context bridge as a value; it can be transferred with a message to the page.
ipcRenderer.on(channels.port, (event) => window.postMessage({ type: channels.port }, window.origin, event.ports));

contextBridge.exposeInMainWorld('loci', {
  /** Asks for a port to the engine; it arrives as a window message of type `engine.port`. */
  requestPort: (): void => ipcRenderer.send(channels.connect),
  /** Path of a file that was dropped into the window. */
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
});
