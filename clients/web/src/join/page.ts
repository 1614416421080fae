// The way in: with a code and a name, with the four words of an earlier time, or as who this device
// already is. Plain HTML that weighs little, so that a phone on a bad line can type at once; the
// app and its WebAssembly are fetched meanwhile.

import type { Joined } from "../api/answers.ts";
import { comeBack, type JoinRequest, join } from "../api/joining.ts";
import { isWhole, problem, spelled } from "../joining.ts";
import { FIRST, LANGUAGES, type Language, language, speak } from "../language.ts";
import { keptRegions, lastName, me, remember } from "../me.ts";
import type { First } from "../messages/first/nl.ts";
import { el } from "./dom.ts";
import { keepWaiting, keptWaiting } from "./kept.ts";
import { wait } from "./waiting.ts";
import "./join.css";

const NAME_CHARACTERS_MAX = 80;
const SHARING_MAX = 3;

const WELCOME = [
  ["nl", "Welkom"],
  ["fr", "Bienvenue"],
  ["en", "Welcome"],
  ["ar", "أهلا وسهلا"],
  ["uk", "Ласкаво просимо"],
  ["fa", "خوش آمدید"],
  ["tr", "Hoş geldiniz"],
] as const;

interface Way {
  readonly target: HTMLElement;
  readonly words: First;
  /** The code of the address, if it has one. */
  readonly code: string | null;
  /** Somebody is in: the app goes on at this path. */
  readonly enter: (path: string) => void;
}

/** Draws the join page and lets people in. */
export function joinPage({ target, words: first, code, enter }: Way): void {
  let t = first;
  const known = code === null ? me() : null;
  const typed = {
    code: spelled(code ?? ""),
    name: lastName(),
    organisation: "",
    region: "",
    /** Who else uses this device; `null`: nobody. */
    sharing: null as string[] | null,
    words: "",
  };
  // A code that came with the link is shown, not asked.
  let given = isWhole(typed.code);
  let stopWaiting = (): void => {};

  const alert = el("div", {});
  /** Above the button that was pressed: it is what somebody looks at. */
  const say = (text: string, button?: HTMLElement): void => {
    button?.before(alert);
    alert.replaceChildren(text === "" ? "" : el("p", { class: "problem", role: "alert" }, text));
  };

  function entered(joined: Joined, joinCode: string | null): void {
    keepWaiting(null);
    remember(joined, joinCode, language());
    enter(joined.participant.role === "guest" ? "/nu/welkom" : "/nu");
  }

  async function attempt(
    button: HTMLButtonElement,
    returning: boolean,
    how: () => Promise<void>,
  ): Promise<void> {
    const label = button.textContent;
    button.disabled = true;
    button.textContent = t.join.busy;
    say("");
    try {
      await how();
    } catch (error) {
      given = false;
      drawCode();
      say(problem(error, t, returning), button);
    }
    button.disabled = false;
    button.textContent = label;
  }

  /** The request as it is typed: what is left empty is left out. */
  function request(): JoinRequest {
    const filled = (key: string, text: string) =>
      text.trim() === "" ? {} : { [key]: text.trim() };
    const others = (typed.sharing ?? []).map((each) => each.trim()).filter(Boolean);
    return {
      code: typed.code,
      name: typed.name.trim(),
      language: language(),
      ...filled("organisation", typed.organisation),
      ...filled("region", typed.region),
      ...(others.length === 0 ? {} : { together_with: others }),
    };
  }

  function submit(event: Event, button: HTMLButtonElement): void {
    event.preventDefault();
    if (!isWhole(typed.code)) say(t.join.codeWrong, button);
    else if (typed.name.trim() === "") say(t.join.nameMissing, button);
    else {
      const asked = request();
      void attempt(button, false, async () => {
        const answer = await join(asked);
        if ("token" in answer) entered(answer, asked.code);
        else drawWaiting(asked, answer.starts);
      });
    }
  }

  function drawWaiting(asked: JoinRequest, starts: string | null): void {
    keepWaiting(asked);
    const waiting = wait({
      request: asked,
      starts,
      t,
      joined: (answer) => entered(answer, asked.code),
      stopped: (error) => {
        keepWaiting(null);
        typed.name = asked.name;
        draw();
        say(error === null ? "" : problem(error, t, false));
      },
    });
    stopWaiting = waiting.stop;
    show(brand(), waiting.shown, languages());
    waiting.shown.querySelector("h1")?.focus();
  }

  function show(...parts: readonly (Node | null)[]): void {
    document.documentElement.lang = language();
    const main = el("main", { class: "narrow join" }, ...parts);
    target.replaceChildren(main);
  }

  const brand = (): HTMLElement =>
    el(
      "div",
      { class: "brand" },
      el("img", { src: "/icon.svg", alt: "", width: 44, height: 44 }),
      el("div", {}, el("strong", {}, t.app.name), el("span", {}, t.app.tagline)),
    );

  const field = (
    key: "name" | "organisation" | "region" | "words",
    label: string,
    more: Readonly<Record<string, string | number | boolean | null>>,
  ): HTMLElement => {
    const input = el("input", {
      id: key,
      maxlength: NAME_CHARACTERS_MAX,
      dir: "auto",
      ...more,
      input: () => {
        typed[key] = input.value;
      },
    });
    input.value = typed[key];
    return el("div", {}, el("label", { for: key }, label), input);
  };

  const codePart = el("div", {});
  function drawCode(): void {
    if (given) {
      const other = el("button", { type: "button", class: "plain" }, t.join.codeOther);
      other.onclick = () => {
        given = false;
        drawCode();
        codePart.querySelector("input")?.focus();
      };
      const shown = el("strong", { class: "code" }, typed.code);
      codePart.replaceChildren(
        el("p", { class: "given" }, el("span", {}, `${t.join.codeGiven} `, shown), other),
      );
      return;
    }
    const input = el("input", {
      id: "code",
      class: "code",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      enterkeyhint: "next",
      maxlength: 12,
      placeholder: "XXXX-XXXX",
      "aria-describedby": "code-hint",
      required: true,
      input: () => {
        typed.code = spelled(input.value);
        input.value = typed.code;
      },
    });
    input.value = typed.code;
    codePart.replaceChildren(
      el("label", { for: "code" }, t.join.code),
      input,
      el("p", { id: "code-hint", class: "hint" }, t.join.codeHint),
    );
  }

  const sharingPart = el("div", {});
  function drawSharing(focus: number | null = null): void {
    const { sharing } = typed;
    if (sharing === null) {
      const share = (): void => {
        typed.sharing = ["", ""];
        drawSharing(0);
      };
      const button = el("button", { type: "button", click: share }, t.join.share);
      sharingPart.replaceChildren(button);
      return;
    }
    const inputs = sharing.map((name, at) => {
      const label = t.join.shareName(at + 2);
      const input = el("input", {
        "aria-label": label,
        placeholder: label,
        autocomplete: "off",
        maxlength: NAME_CHARACTERS_MAX,
        dir: "auto",
        input: () => {
          sharing[at] = input.value;
        },
      });
      input.value = name;
      return input;
    });
    const more = (): void => {
      sharing.push("");
      drawSharing(sharing.length - 1);
    };
    sharingPart.replaceChildren(
      el(
        "fieldset",
        {},
        el("legend", {}, t.join.shareHint),
        ...inputs,
        sharing.length < SHARING_MAX
          ? el(
              "button",
              { type: "button", class: "plain", click: more },
              `+ ${t.join.shareName(sharing.length + 2)}`,
            )
          : null,
      ),
    );
    if (focus !== null) inputs[focus]?.focus();
  }

  function languages(): HTMLElement {
    const group = el("div", { class: "languages", role: "group", "aria-label": t.language.label });
    for (const [tag, own] of Object.entries(LANGUAGES) as [Language, string][]) {
      const chosen = tag === language();
      const choose = (): void => void change(tag);
      group.append(
        el(
          "button",
          { class: "plain", lang: tag, "aria-pressed": `${chosen}`, click: choose },
          own,
        ),
      );
    }
    return group;
  }

  async function change(tag: Language): Promise<void> {
    try {
      t = await FIRST[tag]();
    } catch {
      say(t.join.unreachable);
      return;
    }
    speak(tag);
    stopWaiting();
    const waits = keptWaiting(typed.code);
    if (waits === null) draw();
    else drawWaiting(waits, null);
    target.querySelector<HTMLElement>(".languages [aria-pressed=true]")?.focus();
  }

  function draw(): void {
    drawCode();
    drawSharing();
    say("");
    const regions = keptRegions();
    const options = regions.map((name) => el("option", { value: name }));
    const go = el("button", { class: "primary", type: "submit" }, t.join.submit);
    const back = el("button", { type: "submit" }, t.join.comeBack);
    const form = el(
      "form",
      { class: "card", novalidate: true, submit: (event) => submit(event, go) },
      el("h1", {}, known === null ? t.join.title : t.join.other),
      el(
        "p",
        { class: "welcome" },
        ...WELCOME.filter(([tag]) => tag !== language()).flatMap(([tag, greeting]) => [
          el("span", { lang: tag, dir: "auto" }, greeting),
          " ",
        ]),
      ),
      el("p", { class: "hint" }, t.language.typeFreely),
      codePart,
      field("name", t.join.name, {
        autocomplete: "given-name",
        enterkeyhint: "next",
        required: true,
      }),
      field("organisation", t.join.organisation, {
        autocomplete: "organization",
        enterkeyhint: "next",
      }),
      field("region", t.join.region, {
        autocomplete: "off",
        enterkeyhint: "go",
        list: regions.length > 0 ? "regions" : null,
      }),
      regions.length > 0 ? el("datalist", { id: "regions" }, ...options) : null,
      sharingPart,
      el("p", { class: "hint" }, t.join.seen),
      alert,
      go,
    );
    const words = el(
      "form",
      {
        submit: (event) => {
          event.preventDefault();
          void attempt(back, true, async () => entered(await comeBack(typed.words.trim()), null));
        },
      },
      el("p", { class: "hint" }, t.join.againHint),
      field("words", t.join.words, {
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: "false",
        required: true,
      }),
      back,
    );
    const go_on = (): void => enter("/nu");
    show(
      brand(),
      known === null
        ? null
        : el("button", { class: "primary", click: go_on }, t.join.continueAs(known.name)),
      form,
      el("details", { class: "card" }, el("summary", {}, t.join.again), words),
      languages(),
    );
  }

  const before = keptWaiting(typed.code);
  if (before === null) draw();
  else drawWaiting(before, null);
}
