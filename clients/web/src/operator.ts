// The operator's key comes in the fragment of a link, which no server ever sees. It is taken out
// of the address at once, and kept only until this tab is closed.

const KEY = "oogst.operator";

/** The key, from the address or from before a reload of this tab; `null` for everybody else. */
export function takeOperatorKey(): string | null {
  const found = /^#key=(.+)$/.exec(location.hash)?.[1];
  if (found !== undefined) {
    history.replaceState(null, "", location.pathname);
    sessionStorage.setItem(KEY, decodeURIComponent(found));
  }
  return location.pathname === "/" ? sessionStorage.getItem(KEY) : null;
}

export const forgetOperatorKey = (): void => sessionStorage.removeItem(KEY);
