// The second hand that every clock of the page shares.

class Ticker {
  /** This device's time in milliseconds since 1970; it moves on once a second. */
  now = $state(Date.now());

  constructor() {
    const tick = (): void => {
      this.now = Date.now();
    };
    setInterval(tick, 1_000);
    // A phone that slept comes back with the right time at once.
    document.addEventListener("visibilitychange", tick);
  }
}

export const ticker = new Ticker();
