import { shell, type WebContents } from 'electron';
import { windowUrl } from './addresses.ts';

/** Keeps a window on our own page: no other windows, no leaving; a link to the web opens in the user's browser. */
export const guardContents = (contents: WebContents): void => {
  contents.setWindowOpenHandler(({ url }) => {
    if (url.startsWith('https://')) {
      void shell.openExternal(url);
    }
    return { action: 'deny' };
  });
  const origin = new URL(windowUrl).host;
  const stay = (event: { preventDefault: () => void; url: string }): void => {
    const target = new URL(event.url);
    if (target.protocol !== 'loci:' || target.host !== origin) {
      event.preventDefault();
    }
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
};
