// What the wall says of the groups, for who conducts: when each last wrote, and its key points.

import { type Wall, type WallInsight, wall } from "../api/index.ts";
import type { GatheringView } from "../gathering.svelte.ts";
import type { Me } from "../me.ts";

/** Asked again after a contribution, at most so often. */
const REFRESH_EVERY_MS = 2_000;
/** Silence makes no sound: whole minutes are counted by asking. */
const LOOK_EVERY_MS = 30_000;

export class WallLook {
  wall = $state.raw<Wall | null>(null);
  /** The last try did not get through: what is shown may be old. */
  failed = $state(false);
  readonly #me: Me;
  readonly #deaf: () => void;
  readonly #interval: ReturnType<typeof setInterval>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gathering: GatheringView, me: Me) {
    this.#me = me;
    this.#deaf = gathering.listen(() => this.#soon());
    this.#interval = setInterval(() => void this.refresh(), LOOK_EVERY_MS);
    void this.refresh();
  }

  async refresh(): Promise<void> {
    try {
      this.wall = await wall(this.#me.gathering, this.#me.token);
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  #soon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, REFRESH_EVERY_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#interval);
    this.#deaf();
  }
}

/** Every insight with this mark, at any level, in reading order. */
export function keyPoints(insights: readonly WallInsight[]): WallInsight[] {
  return insights.flatMap((insight) => [
    ...(insight.highlight ? [insight] : []),
    ...keyPoints(insight.children),
  ]);
}
