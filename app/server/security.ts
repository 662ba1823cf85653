import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A token that a page needs for every request; new at every start. */
export const createToken = (): string => randomBytes(24).toString('base64url');

const equal = (a: string, b: string): boolean => {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Why a request is turned away, or undefined when it may pass. */
export type Refusal = { readonly status: 401 | 403; readonly reason: string } | undefined;

/**
 * Lets only our own page in. `Host` must name an address that we serve, or a page elsewhere could reach us under a name
 * of its own (DNS rebinding); `Origin`, where a browser sends it, must be ours, or any page could call us.
 */
export const refuse = (
  request: IncomingMessage,
  url: URL,
  options: { readonly hosts: ReadonlySet<string>; readonly token: string; readonly needsToken: boolean },
): Refusal => {
  const host = request.headers.host ?? '';
  if (!options.hosts.has(host)) {
    return { status: 403, reason: 'This address is not served here.' };
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !(URL.canParse(origin) && options.hosts.has(new URL(origin).host))) {
    return { status: 403, reason: 'Requests from other pages are not allowed.' };
  }
  if (options.needsToken && !equal(url.searchParams.get('token') ?? '', options.token)) {
    return { status: 401, reason: 'The token is missing or wrong. Open the address that `loci serve` printed.' };
  }
  return undefined;
};

/** Content security policy of the window: nothing from elsewhere, no inline scripts. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
