import { expect, it } from 'vitest';
import { takeToken } from './token.ts';

const page = (href: string) => {
  const stored = new Map<string, string>();
  const replaced: string[] = [];
  return {
    replaced,
    location: { href } as Location,
    history: { state: undefined, replaceState: (_s: unknown, _t: string, url: URL) => replaced.push(url.href) },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
  };
};

it('moves the token from the address into the tab', () => {
  const given = page('http://127.0.0.1:4590/?token=secret#session=home%2Fmonday');
  const window = given as unknown as Window;
  expect(takeToken(window)).toBe('secret');
  expect(given.replaced).toEqual(['http://127.0.0.1:4590/#session=home%2Fmonday']);
  // After a reload the address has none any more.
  given.location.href = given.replaced[0] ?? '';
  expect(takeToken(window)).toBe('secret');
});

it('has none where none was given', () => {
  expect(takeToken(page('http://127.0.0.1:4590/') as unknown as Window)).toBeUndefined();
});
