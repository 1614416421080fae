// What the server answers, as far as this client uses it. Times are RFC 3339 in UTC.

export type Role = "observer" | "guest" | "participant" | "core_group" | "facilitator" | "operator";

export type DocumentKind =
  | "harvest"
  | "programme"
  | "introductions"
  | "stakeholders"
  | "contacts"
  | "action_plan"
  | "intervision"
  | "visit"
  | "closing"
  | "report";

export type DocumentOwner =
  | { readonly kind: "gathering" }
  | { readonly kind: "group" | "region" | "network" | "person"; readonly id: string };

export interface DocumentInfo {
  readonly id: string;
  readonly url: string;
  readonly kind: DocumentKind;
  readonly title: string;
  readonly frozen: boolean;
  readonly owner: DocumentOwner;
  readonly writable?: boolean;
}

export interface GroupInfo {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly seats?: number;
  readonly table?: string;
  /** The theme that it works on. */
  readonly theme?: string;
  readonly members: readonly string[];
  readonly documents: readonly DocumentInfo[];
}

export type RoundKind = "region" | "theme" | "intervision" | "visit" | "free";

export interface RoundInfo {
  readonly id: string;
  readonly title: string;
  readonly kind: RoundKind;
  readonly status: "planned" | "running" | "earlier";
  /** Where it does not run; the running round's are the gathering's. */
  readonly groups?: readonly GroupInfo[];
}

export interface ParticipantInfo {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly group: string | null;
  readonly organisation?: string;
  readonly region?: string;
  /** Who else uses the device, each a name. */
  readonly together_with?: readonly string[];
}

export interface Codes {
  readonly participant: string;
  readonly guest: string;
  readonly observer: string;
  readonly facilitator: string;
}

export interface Region {
  readonly id: string;
  readonly name: string;
}

export interface BlockTimes {
  readonly id: string;
  readonly started: string | null;
  /** `null` while it runs. */
  readonly ended: string | null;
  /** It and all after it were put so much later than planned. */
  readonly shifted_minutes: number;
}

export type TimerScope =
  | { readonly kind: "gathering" }
  | { readonly kind: "group" | "document"; readonly id: string };

export interface Timer {
  readonly scope: TimerScope;
  readonly started: string;
  readonly seconds: number;
}

export type Spotlight =
  | { readonly kind: "group" | "round"; readonly id: string }
  | { readonly kind: "item"; readonly document: string; readonly id: string };

export type Guests =
  | { readonly state: "expected"; readonly starts: string | null }
  | { readonly state: "admitted"; readonly until: string | null }
  | { readonly state: "dismissed" };

/** How the day goes. */
export interface Conduct {
  /** The server's time of the answer. */
  readonly now: string;
  /** The block that runs. */
  readonly running: string | null;
  readonly blocks: readonly BlockTimes[];
  readonly timers: readonly Timer[];
  readonly spotlight: Spotlight | null;
  readonly guests: Guests;
}

export type Status = "prepared" | "open" | "closed";

export interface Gathering {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly date: string | null;
  readonly language: string;
  readonly seq: number;
  /** The common documents, and those that belong to no group of the running round. */
  readonly documents: readonly DocumentInfo[];
  readonly groups: readonly GroupInfo[];
  /** The running round. */
  readonly round: string | null;
  readonly rounds: readonly RoundInfo[];
  readonly region?: string;
  readonly regions: readonly Region[];
  /** How many take part at most; `null`, or nothing, for any number. */
  readonly participants_max?: number | null;
  readonly participants: readonly ParticipantInfo[];
  readonly conduct: Conduct;
  /** For facilitators. */
  readonly codes?: Codes;
}

export interface Joined {
  readonly token: string;
  readonly return_code: string;
  readonly gathering: Gathering;
  readonly participant: ParticipantInfo;
}

/** A guest who comes before the guests are let in. */
export interface Waiting {
  readonly starts: string | null;
}

export interface OpenedGathering extends Gathering {
  readonly codes: Codes;
  readonly facilitator_token: string;
}

export interface WallInsight {
  readonly id: string;
  readonly text: string;
  readonly category: string | null;
  readonly language: string | null;
  readonly settled: boolean;
  readonly highlight: boolean;
  readonly supports: number;
  readonly from_outside: boolean;
  /** Who added it. */
  readonly by: string | null;
  readonly children: readonly WallInsight[];
}

export interface Counts {
  readonly insights: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly languages: Readonly<Record<string, number>>;
  readonly from_outside: number;
}

export interface WallGroup {
  readonly id: string;
  readonly name: string;
  readonly theme: string | null;
  readonly question: string;
  readonly insights: readonly WallInsight[];
  readonly highlights: readonly string[];
  readonly counts: Counts;
  readonly last_contribution: string | null;
}

export interface WallTheme {
  readonly id: string;
  readonly text: string;
  /** The group that works on it, once one does. */
  readonly group: string | null;
  readonly questions: readonly string[];
}

export interface RegionQuestion {
  readonly id: string;
  readonly text: string;
  readonly kind: string | null;
  readonly theme: string | null;
  readonly settled: boolean;
}

export interface WallRegion {
  /** `null`: a region that the gathering does not know by its name. */
  readonly id: string | null;
  readonly name: string;
  readonly questions: readonly RegionQuestion[];
}

export interface Wall {
  readonly seq: number;
  readonly round: {
    readonly id: string;
    readonly title: string;
    readonly kind: RoundKind;
    readonly running: boolean;
  } | null;
  readonly groups: readonly WallGroup[];
  readonly themes: readonly WallTheme[];
  readonly regions: readonly WallRegion[];
  /** One of these is there, or two: an item with its document. */
  readonly spotlight: {
    readonly group?: string;
    readonly round?: string;
    readonly document?: string;
    readonly item?: string;
  } | null;
  /** For facilitators: groups in which nobody wrote for a while. */
  readonly quiet?: readonly { readonly group: string; readonly minutes: number }[];
}

/** A line of the feed and of the events. */
export interface Line {
  readonly seq: number;
  readonly index: number;
  readonly at: string;
  readonly type: string;
  readonly group: string | null;
  readonly document: string | null;
  readonly item: string | null;
  readonly participant: { readonly id: string; readonly name: string; readonly role: Role } | null;
  readonly excerpt: string | null;
  readonly state: {
    readonly text: string;
    readonly category: string | null;
    readonly parent: string | null;
    readonly position: string;
    readonly removed: boolean;
    readonly settled: boolean;
    readonly supports: number;
  } | null;
}

export interface Bucket {
  readonly from: string;
  readonly to: string;
  readonly seq: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly groups: Readonly<Record<string, number>>;
}

export interface Chapter {
  readonly block: string;
  readonly title: string;
  readonly from: string;
  readonly to: string | null;
  readonly seq: number;
}

export interface History {
  readonly first: number;
  readonly last: number;
  readonly buckets: readonly Bucket[];
  readonly chapters: readonly Chapter[];
}

export type Publish = "not" | "group" | "organisation" | "name";

export interface Consent {
  readonly publish: Publish;
  /** They said it themselves. */
  readonly chosen: boolean;
}

export interface FileInfo {
  readonly id: string;
  readonly document: string;
  readonly media_type: string;
  readonly length_bytes: number;
  readonly width: number;
  readonly height: number;
}

export interface Reverted {
  readonly seq: number;
  /** Changes that are undone now. */
  readonly changes: number;
  readonly documents: readonly {
    readonly document: string;
    readonly undone: boolean;
    readonly why: string | null;
    readonly changes: number;
    readonly items: readonly string[];
    readonly left: readonly { readonly item: string | null; readonly why: string }[];
  }[];
}

export interface VoteTheme {
  readonly id: string;
  readonly title: string;
  readonly merged: readonly string[];
  readonly questions: readonly {
    readonly id: string;
    readonly text: string;
    readonly region: string;
  }[];
  /** Absent while votes are hidden from the asker. */
  readonly dots?: number;
  readonly rank?: number;
}

export interface Vote {
  readonly id: string;
  readonly phase: "open" | "closed" | "confirmed" | "shown";
  /** Dots a person has. */
  readonly budget: number;
  readonly most_each: number;
  /** How many themes are chosen. */
  readonly choose: number;
  readonly voters: number;
  /** The asker has cast. */
  readonly voted: boolean;
  readonly themes: readonly VoteTheme[];
  readonly tie: {
    readonly themes: readonly string[];
    readonly places: number;
    readonly drawn: boolean;
  } | null;
  readonly selection: { readonly themes: readonly string[]; readonly reason: string | null } | null;
}
