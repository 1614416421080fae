// A projector's laptop must not fall asleep; where it can't be asked, the room will wake it.

export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  // A lock ends when another window comes before this one: it is asked for again.
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== "visible" || over) return;
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (over) void lock?.release();
  };
  const seen = (): void => void ask();
  document.addEventListener("visibilitychange", seen);
  void ask();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", seen);
    void lock?.release();
  };
}
