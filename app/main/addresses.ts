import { join, normalize, sep } from 'node:path';

/** The scheme of our own page, so that it has an origin without a server. */
export const scheme = 'loci';

/** Address of the window. */
export const windowUrl = `${scheme}://app/index.html`;

/** The file of the window that an address means, or undefined when it leads out of the folder. */
export const windowFile = (folder: string, url: string): string | undefined => {
  const file = normalize(join(folder, decodeURIComponent(new URL(url).pathname)));
  return file.startsWith(folder + sep) ? file : undefined;
};

/** The engine's own address for binary data: path and query as asked for, token added. */
export const dataUrl = (origin: URL, url: string): string => {
  const asked = new URL(url);
  const target = new URL(asked.pathname + asked.search, origin);
  target.searchParams.set('token', origin.searchParams.get('token') ?? '');
  return target.href;
};
