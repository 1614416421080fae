// How a piece of the app comes that is imported where it is needed: its files are fetched first,
// and imported once all are here. A browser that failed to fetch a module for an import never
// tries that module again until the page is loaded anew, so that on a bad line an import alone
// would break a page for good. The build puts this in the place of Vite's own helper
// (scripts/patient-imports.ts).

/** Pauses before a file is asked for again, in milliseconds: a line that flickers is not down. */
const AGAIN_AFTER_MS = [250, 750, 1_500];

/** Files that are here or on their way: the browser's cache keeps them, since none ever changes. */
const files = new Map<string, Promise<void>>();
const styles = new Map<string, Promise<void>>();

/** What `coming` makes for `url`, once for all who ask, and anew after it failed. */
function once(
  made: Map<string, Promise<void>>,
  url: string,
  coming: (url: string) => Promise<void>,
): Promise<void> {
  let there = made.get(url);
  if (there === undefined) {
    there = coming(url).catch((error: unknown) => {
      made.delete(url);
      throw error;
    });
    made.set(url, there);
  }
  return there;
}

async function fetched(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const pause = AGAIN_AFTER_MS[attempt];
    try {
      const response = await fetch(url);
      // Read whole, or the cache does not keep it.
      await response.arrayBuffer();
      // What the server does not have any more is of an older build: asking again is of no use.
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      return;
    } catch (error) {
      if (pause === undefined || !(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Puts a style sheet in the page. */
function styled(url: string): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = url;
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.onload = () => resolve();
    link.onerror = () => {
      link.remove();
      reject(new TypeError(`${url} could not be read`));
    };
  });
}

/**
 * Imports with `load` once its files, `paths` below the root, are here. Rejects where the line
 * stays away for longer than it flickers; a later call then tries anew.
 */
export async function arrives<Piece>(
  load: () => Promise<Piece>,
  paths: readonly string[] = [],
): Promise<Piece> {
  const urls = paths.map((path) => `/${path}`);
  await Promise.all(urls.map((url) => once(files, url, fetched)));
  const sheets = urls.filter((url) => url.endsWith(".css"));
  await Promise.all(sheets.map((url) => once(styles, url, styled)));
  return load();
}
