// What the operator's key opens.

import { call } from "./call.ts";
import type { OpenedGathering, Status } from "./types.ts";

export interface NewGathering {
  readonly title: string;
  readonly language: string;
  readonly date?: string;
  readonly region?: string;
  readonly status?: Status;
  readonly groups: readonly { readonly name: string; readonly question?: string }[];
}

/** Opens a gathering with the operator's key. */
export const open = (request: NewGathering, key: string): Promise<OpenedGathering> =>
  call("/api/gatherings", { method: "POST", body: request, token: key });
