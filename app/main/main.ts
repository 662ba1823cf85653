import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, Menu, session } from 'electron';
import { EngineHost } from './engine-host.ts';
import { windowUrl } from './addresses.ts';
import { registerScheme, serveWindow } from './protocol.ts';
import { guardContents } from './window-guards.ts';

registerScheme();

/** `--library FOLDER` on the command line, or the usual place. */
const libraryFolder = (): string => {
  const at = process.argv.indexOf('--library');
  return (at >= 0 ? process.argv[at + 1] : undefined) ?? process.env['LOCI_LIBRARY'] ?? join(homedir(), 'loci');
};

const openWindow = (engine: EngineHost): void => {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: '#16181b',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  });
  // Shown once it has drawn, so that no white frame flashes up.
  window.once('ready-to-show', () => window.show());
  guardContents(window.webContents);
  engine.connectOnRequest(window.webContents);
  void window.loadURL(windowUrl);
};

const start = async (): Promise<void> => {
  await app.whenReady();
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([{ role: 'fileMenu' }, { role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }]),
  );

  const engine = new EngineHost(libraryFolder());
  engine.onGivenUp((reason) => {
    dialog.showErrorBox(
      'The engine of Loci stopped',
      `${reason}\n\nWhat it had acknowledged is in the library. Please start Loci again.`,
    );
    app.quit();
  });
  serveWindow(join(import.meta.dirname, '../renderer'), engine);
  openWindow(engine);

  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) {
      openWindow(engine);
    }
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') {
      app.quit();
    }
  });
  app.on('before-quit', () => engine.stop());
};

// One process owns a library; a second start shows the first one's window.
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => BrowserWindow.getAllWindows()[0]?.focus());
  void start();
} else {
  app.quit();
}
