// The service worker, which opens the app without a line, and whether a newer build waits to take
// over. There is none over plain http: browsers allow it on https and on the device itself alone.

/** How often an open page asks whether there is a newer build. */
const ASKS_EVERY_MS = 30 * 60_000;

class Version {
  /** A newer build is here and waits until somebody says so. */
  waits = $state(false);
  #waiting: ServiceWorker | null = null;
  #registered = false;

  /** Has this build kept on the device. Once a page load, and never before somebody can type. */
  async keep(): Promise<void> {
    if (this.#registered || !import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    this.#registered = true;
    try {
      const registration = await navigator.serviceWorker.register("/sw.js");
      this.#look(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const coming = registration.installing;
        coming?.addEventListener("statechange", () => {
          if (coming.state === "installed") this.#look(coming);
        });
      });
      setInterval(() => void registration.update().catch(() => {}), ASKS_EVERY_MS);
    } catch {
      // A browser that forbids it: all but a cold start without a line works.
    }
  }

  #look(worker: ServiceWorker | null): void {
    // The first that ever came here replaces nothing.
    if (worker === null || navigator.serviceWorker.controller === null) return;
    this.#waiting = worker;
    this.waits = true;
  }

  /** Goes over to the newer build. */
  take(): void {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    this.#waiting?.postMessage("now");
  }
}

export const version = new Version();
