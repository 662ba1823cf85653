import { describe, expect, it } from 'vitest';
import { dataUrl, windowFile } from './addresses.ts';

describe('the desktop window', () => {
  it('gets its own files and nothing above them', () => {
    expect(windowFile('/opt/loci/renderer', 'loci://app/index.html')).toBe('/opt/loci/renderer/index.html');
    expect(windowFile('/opt/loci/renderer', 'loci://app/assets/a.js')).toBe('/opt/loci/renderer/assets/a.js');
    expect(windowFile('/opt/loci/renderer', 'loci://app/%2e%2e%2f%2e%2e%2fetc/passwd')).toBeUndefined();
  });

  it('asks the engine for data with the token that the page does not know', () => {
    const origin = new URL('http://127.0.0.1:4590/?token=secret');
    const url = new URL(dataUrl(origin, 'loci://app/data/picture?session=a%2Fb&pts=5'));
    expect(url.origin).toBe('http://127.0.0.1:4590');
    expect(url.pathname).toBe('/data/picture');
    expect(Object.fromEntries(url.searchParams)).toEqual({ session: 'a/b', pts: '5', token: 'secret' });
  });
});
