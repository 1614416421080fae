// What can be read of a day, now and as it was: the wall, its votes, its events, its harvest.

import type { History, Line, Wall } from "./answers.ts";
import { ask, call } from "./call.ts";

/** Who asks, and whether the answer is still wanted. */
export interface Reader {
  readonly gathering: string;
  /** `null`: the browser's cookie speaks. */
  readonly token: string | null;
  readonly signal?: AbortSignal;
}

const of = ({ gathering }: Reader, rest: string): string => `/api/gatherings/${gathering}/${rest}`;

/** The wall as it was right after an event. */
export const wallAt = (reader: Reader, seq: number): Promise<Wall> =>
  call(of(reader, `wall?at=${seq}`), reader);

/** The day in at most so many equal spans of time. */
export const history = (reader: Reader, buckets: number): Promise<History> =>
  call(of(reader, `history?buckets=${buckets}`), reader);

export interface Which {
  /** The last event that is known. */
  readonly after?: number;
  readonly limit?: number;
  readonly types?: readonly string[];
  readonly group?: string;
}

/** One page of contributions, oldest first. */
export function events(reader: Reader, which: Which): Promise<readonly Line[]> {
  const query = new URLSearchParams();
  if (which.after !== undefined) query.set("after", String(which.after));
  if (which.limit !== undefined) query.set("limit", String(which.limit));
  if (which.types !== undefined) query.set("type", which.types.join(","));
  if (which.group !== undefined) query.set("group", which.group);
  return call(of(reader, `events?${query}`), { ...reader, lines: true });
}

const PAGE = 10_000;

/** All contributions that are asked for, over as many pages as it takes. */
export async function allEvents(reader: Reader, which: Which): Promise<readonly Line[]> {
  const found: Line[] = [];
  let after = which.after ?? 0;
  for (;;) {
    const page = await events(reader, { ...which, after, limit: PAGE });
    found.push(...page);
    const last = page.at(-1);
    // A page ends with a whole event, so one that is not full says nothing of what comes.
    if (last === undefined) return found;
    after = last.seq;
  }
}

export const FORMATS = ["md", "html", "csv", "json", "docx", "pdf"] as const;
export type Format = (typeof FORMATS)[number];
export type Attribution = "none" | "group" | "name";

export interface ExportedInsight {
  readonly id: string | null;
  readonly text: string;
  readonly language: string | null;
  readonly category: string | null;
  readonly highlight: boolean;
  readonly from_outside: boolean;
  readonly source: {
    readonly place: string;
    readonly country: string;
    readonly url: string;
  } | null;
  readonly translations: readonly {
    readonly language: string;
    readonly text: string;
    readonly by_machine: boolean;
  }[];
  /** Names, organisations or the group; empty where nobody is named. */
  readonly credits: readonly string[];
  readonly insights: readonly ExportedInsight[];
}

export interface ExportedGroup {
  readonly id: string | null;
  readonly name: string;
  readonly question: string;
  readonly insights: readonly ExportedInsight[];
}

export interface HarvestExport {
  readonly seq: number;
  readonly title: string;
  readonly date: string | null;
  readonly language: string;
  /** Insights left out because who said them wants them in nothing that is published. */
  readonly withheld: number;
  readonly groups: readonly ExportedGroup[];
}

const file = (format: Format, attribution: Attribution): string =>
  `export.${format}?attribution=${attribution}`;

/** The harvest with its credits, as everybody consented to. */
export const harvest = (reader: Reader, attribution: Attribution): Promise<HarvestExport> =>
  call(of(reader, file("json", attribution)), reader);

/** A file of the harvest, with the name that the server gives it. */
export async function download(
  reader: Reader,
  format: Format,
  attribution: Attribution,
): Promise<{ readonly name: string; readonly content: Blob }> {
  const response = await ask(of(reader, file(format, attribution)), reader);
  const disposition = response.headers.get("content-disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]+)"/.exec(disposition)?.[1];
  const name = encoded === undefined ? plain : decodeURIComponent(encoded);
  return { name: name ?? `oogst.${format}`, content: await response.blob() };
}
