const storageKey = 'loci.token';

/**
 * The token that admits this window to the engine. It comes in the address that `loci serve` prints, moves into the
 * tab's session storage and leaves the address bar, so that it is neither copied along nor kept in the history.
 */
export const takeToken = (
  page: Pick<Window, 'location' | 'history' | 'sessionStorage'> = window,
): string | undefined => {
  const url = new URL(page.location.href);
  const given = url.searchParams.get('token');
  if (given) {
    page.sessionStorage.setItem(storageKey, given);
    url.searchParams.delete('token');
    page.history.replaceState(page.history.state, '', url);
    return given;
  }
  return page.sessionStorage.getItem(storageKey) ?? undefined;
};
