// The state machine of a document's handle, as automerge-repo describes it to XState: states in one
// flat row, events that change the context or the state, delays. XState can do far more and weighs
// a tenth of what a phone has to load for it; the test beside drives both with the same events and
// compares all that can be seen of them. What a machine wants that is not here is refused when it
// is made, so that a newer automerge-repo is noticed (vite.config.ts).

interface AnyEvent {
  readonly type: string;
}
type Context = Readonly<Record<string, unknown>>;
type Change = (given: { context: Context; event: AnyEvent }) => Context;
type Actions = Readonly<Record<string, Change>>;
/** To another state, or an action where one is. */
type Transition = string | { readonly actions: string };
interface State {
  readonly entry?: string;
  readonly type?: "final";
  readonly on?: Readonly<Record<string, Transition>>;
  /** By milliseconds: where to, unless the state was left by then. */
  readonly after?: Readonly<Record<string, string>>;
}
interface Machine {
  readonly initial: string;
  readonly context: Context;
  readonly on?: Readonly<Record<string, Transition>>;
  readonly states: Readonly<Record<string, State>>;
}
interface Snapshot {
  readonly status: "active" | "done";
  readonly value: string;
  readonly context: Context;
  matches(value: string): boolean;
}
interface Observer {
  readonly next: (snapshot: Snapshot) => void;
  readonly complete?: () => void;
}

const MACHINE_KEYS = ["initial", "context", "on", "states"];
const STATE_KEYS = ["entry", "type", "on", "after"];

function known(what: object, keys: readonly string[]): void {
  const other = Object.keys(what).find((key) => !keys.includes(key));
  if (other !== undefined) throw new Error(`the lighter state machine has no "${other}"`);
}

const snapshotOf = (value: string, context: Context, status: Snapshot["status"]): Snapshot => ({
  status,
  value,
  context,
  matches: (other) => other === value,
});

/** Throws later and alone, as XState does: one listener's fault is not another's. */
function alone(what: () => void): void {
  try {
    what();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

class Actor {
  readonly #machine: Machine;
  readonly #actions: Actions;
  readonly #observers = new Set<Observer>();
  readonly #waiting: AnyEvent[] = [];
  #timers: ReturnType<typeof setTimeout>[] = [];
  #started = false;
  /** An event is being handled: others wait for their turn. */
  #busy = false;
  #snapshot: Snapshot;

  constructor({ machine, actions }: { machine: Machine; actions: Actions }) {
    this.#machine = machine;
    this.#actions = actions;
    this.#snapshot = snapshotOf(machine.initial, machine.context, "active");
  }

  getSnapshot(): Snapshot {
    return this.#snapshot;
  }

  subscribe(listener: Observer | Observer["next"]): { unsubscribe: () => void } {
    const observer = typeof listener === "function" ? { next: listener } : listener;
    if (this.#snapshot.status === "done") alone(() => observer.complete?.());
    else this.#observers.add(observer);
    return { unsubscribe: () => void this.#observers.delete(observer) };
  }

  start(): this {
    if (this.#started) return this;
    this.#started = true;
    this.#arm();
    this.#turn(() => this.#tell());
    return this;
  }

  send(event: AnyEvent): void {
    this.#waiting.push(event);
    if (this.#started && !this.#busy) this.#turn(() => {});
  }

  /** Does `first`, then handles what was sent in the meantime, in its order. */
  #turn(first: () => void): void {
    this.#busy = true;
    try {
      first();
      for (let event = this.#waiting.shift(); event; event = this.#waiting.shift()) {
        this.#handle(event);
      }
    } finally {
      this.#busy = false;
    }
  }

  #handle(event: AnyEvent): void {
    const { value, status } = this.#snapshot;
    if (status === "done") return;
    const own = this.#machine.states[value]?.on?.[event.type];
    const found = own ?? this.#machine.on?.[event.type];
    if (typeof found === "string") this.#enter(found.replace(/^\./, ""), event);
    else if (found !== undefined) this.#change(found.actions, event);
    this.#tell();
  }

  #change(action: string, event: AnyEvent): void {
    const { value, context, status } = this.#snapshot;
    const changed = this.#actions[action]?.({ context, event });
    this.#snapshot = snapshotOf(value, { ...context, ...changed }, status);
  }

  #enter(value: string, event: AnyEvent): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    const { entry, type } = this.#machine.states[value] ?? {};
    const status = type === "final" ? "done" : "active";
    this.#snapshot = snapshotOf(value, this.#snapshot.context, status);
    if (entry !== undefined) this.#change(entry, event);
    this.#arm();
  }

  #arm(): void {
    const { value } = this.#snapshot;
    for (const [delay, to] of Object.entries(this.#machine.states[value]?.after ?? {})) {
      const late = (): void => {
        this.#turn(() => {
          this.#enter(to, { type: "after" });
          this.#tell();
        });
      };
      this.#timers.push(setTimeout(late, Number(delay)));
    }
  }

  #tell(): void {
    const now = this.#snapshot;
    for (const observer of [...this.#observers]) {
      if (this.#observers.has(observer)) alone(() => observer.next(now));
    }
    if (now.status !== "done") return;
    for (const observer of this.#observers) alone(() => observer.complete?.());
    this.#observers.clear();
  }
}

export const assign = (change: Change): Change => change;

export const setup = ({ actions }: { actions: Actions }) => ({
  createMachine(machine: Machine): { machine: Machine; actions: Actions } {
    known(machine, MACHINE_KEYS);
    for (const state of Object.values(machine.states)) known(state, STATE_KEYS);
    return { machine, actions };
  },
});

export const createActor = (made: { machine: Machine; actions: Actions }): Actor => new Actor(made);

export function assertEvent(event: AnyEvent, type: string): void {
  if (event.type !== type) throw new Error(`expected the event "${type}", not "${event.type}"`);
}

/** Resolves with the first snapshot, from now on, that `wanted` takes. */
export function waitFor(
  actor: Actor,
  wanted: (snapshot: Snapshot) => boolean,
  { timeout = Infinity, signal }: { timeout?: number; signal?: AbortSignal } = {},
): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const now = actor.getSnapshot();
    if (wanted(now)) {
      resolve(now);
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let subscription: { unsubscribe: () => void } | undefined;
    const end = (): void => {
      clearTimeout(timer);
      subscription?.unsubscribe();
      signal?.removeEventListener("abort", aborted);
    };
    const aborted = (): void => {
      end();
      reject(signal?.reason);
    };
    subscription = actor.subscribe({
      next: (snapshot) => {
        if (!wanted(snapshot)) return;
        end();
        resolve(snapshot);
      },
      complete: () => {
        end();
        reject(new Error("Actor terminated without satisfying predicate"));
      },
    });
    // It may have ended before this.
    if (actor.getSnapshot().status === "done") return;
    signal?.addEventListener("abort", aborted);
    if (timeout !== Infinity) {
      const late = (): void => {
        end();
        // The page knows this word (main.ts).
        reject(new Error(`Timeout of ${timeout} ms exceeded`));
      };
      timer = setTimeout(late, timeout);
    }
  });
}
