// A day in the making: a gathering with a programme, people, questions, insights, written through
// the server's own doors, and the acts of who conducts it.
import { randomUUID } from "node:crypto";
import { write } from "./author.mjs";

export const KINDS = ["welcome", "who_is_who", "questions", "breakout", "plenary", "closing"];

const TITLES = {
  welcome: "Onthaal met koffie",
  who_is_who: "Wie is wie?",
  questions: "Wat leeft er in de regio?",
  breakout: "In groepen aan de slag",
  plenary: "Kernpunten delen",
  closing: "Wat neem je mee?",
};

const place = (at) => `a${String(at).padStart(4, "0")}V`;

export class Day {
  static async make(stage, title, groups) {
    const day = new Day();
    day.server = stage.server;
    const opened = await stage.server.open(title, groups);
    day.id = opened.id;
    day.codes = opened.codes;
    day.token = opened.facilitator_token;
    day.opened = opened;
    day.blocks = Object.fromEntries(KINDS.map((kind) => [kind, randomUUID()]));
    await day.write(
      "programme",
      KINDS.map((kind, at) => [
        ["blocks", day.blocks[kind]],
        { title: TITLES[kind], kind, minutes: 30, position: place(at), removed: false },
      ]),
    );
    return day;
  }

  get origin() {
    return `http://127.0.0.1:${this.server.port}`;
  }

  /** Writes in one of the gathering's own documents. */
  write(kind, writes, token = this.token) {
    const { url } = this.opened.documents.find((each) => each.kind === kind);
    return write(this.origin, token, url, writes);
  }

  call(path, method, body, token = this.token) {
    return this.server.call(`/api/gatherings/${this.id}${path}`, { method, body, token });
  }

  start(kind) {
    return this.call(`/blocks/${this.blocks[kind]}/started`, "PUT");
  }

  spotlight(spotlight) {
    return this.call("/spotlight", "PUT", { spotlight });
  }

  /** Somebody comes in, and sits in the group at this place where one is given. */
  async join(name, group = null, more = {}) {
    const body = { code: this.codes.participant, name, ...more };
    const joined = await this.server.call("/api/join", { method: "POST", body });
    const person = { id: joined.participant.id, token: joined.token, name };
    if (group !== null) {
      const to = { group: this.opened.groups[group].id };
      await this.call(`/participants/${person.id}`, "PUT", to, person.token);
    }
    return person;
  }

  /** Insights of a group, by somebody in it; gives their ids. A dash nests under the one before. */
  async harvest(person, group, lines) {
    const { url } = this.opened.groups[group].documents.find(({ kind }) => kind === "harvest");
    let root = null;
    const all = lines.map((line, at) => {
      const { text, ...more } = typeof line === "string" ? { text: line } : line;
      const item = randomUUID();
      const under = text.startsWith("- ") ? root : null;
      if (under === null) root = item;
      const insight = { text: text.replace(/^- /, ""), position: place(at), removed: false };
      return [["insights", item], { ...insight, parent: under, category: null, ...more }];
    });
    await write(this.origin, person.token, url, all);
    return all.map(([[, item]]) => item);
  }

  /** Regions' questions, all under themes; gives the themes' ids. */
  async questions(themes) {
    const ids = themes.map(() => randomUUID());
    const asked = themes.flatMap(({ questions }, theme) =>
      questions.map(([region, text]) => ({ region, text, theme: ids[theme] })),
    );
    await this.write("programme", [
      ...themes.map(({ text }, at) => [
        ["themes", ids[at]],
        { text, position: place(at), removed: false },
      ]),
      ...asked.map((question, at) => [
        ["questions", randomUUID()],
        { ...question, kind: "question", position: place(at), removed: false },
      ]),
    ]);
    return ids;
  }
}
