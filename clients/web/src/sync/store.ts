// Whether this browser keeps documents: private windows and full disks do not.

/** How long a store may take to open before the page goes on without it, in milliseconds. */
const DEADLINE_MS = 3_000;

/** Says whether the store `name` opens in time. One that never answers must not hang the page. */
export function opens(
  name: string,
  factory: () => Pick<IDBFactory, "open"> = () => indexedDB,
  deadlineMs: number = DEADLINE_MS,
): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), deadlineMs);
    try {
      const request = factory().open(name, 1);
      // The same layout that the adapter makes, since this may be the first opening.
      request.onupgradeneeded = () => request.result.createObjectStore("documents");
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}
