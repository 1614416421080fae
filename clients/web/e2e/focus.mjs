// What a keyboard meets on a page: where each Tab leads, whether one sees it, and in which order.
import assert from "node:assert/strict";

const STOPS_MAX = 160;
const WALKS_MAX = 3;
const RING_PX = 2;

/**
 * What has the focus now, beside what had it before: its words, what is wrong with it. `first` is
 * true where the focus came round, `out` where it left the page.
 */
const stop = (page) =>
  page.evaluate(async (ring) => {
    const now = document.activeElement;
    window.focusWalk ??= { seen: [], last: null };
    const walk = window.focusWalk;
    if (now === null || now === document.body || now === document.documentElement)
      return { out: true };
    // A date has a stop for each of its parts.
    if (now === walk.last && now.matches("[type=date], [type=time]"))
      return { words: "", wrong: [] };
    if (walk.seen.includes(now)) return { out: now === walk.seen[0], again: true };
    const label = now.labels?.[0]?.textContent ?? "";
    const words = (now.getAttribute("aria-label") || label || now.textContent || now.id).trim();
    const found = { words: `${now.localName} ${words.replace(/\s+/g, " ").slice(0, 60)}` };
    const look = () => {
      const wrong = [];
      const rect = now.getBoundingClientRect();
      const visible = now.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (!visible || rect.width === 0 || rect.height === 0) wrong.push("is not seen");
      // A choice may have it around all of its words.
      const ringed = [now, now.closest("label")].some((each) => {
        if (each === null) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= ring;
      });
      if (!ringed) wrong.push("has no ring");
      // Some of it is in sight and nothing lies over it.
      const box = {
        left: Math.max(0, rect.left),
        right: Math.min(innerWidth, rect.right),
        top: Math.max(0, rect.top),
        bottom: Math.min(innerHeight, rect.bottom),
      };
      if (box.right - box.left < 1 || box.bottom - box.top < 1) wrong.push("is out of sight");
      else {
        const shares = [0.1, 0.5, 0.9];
        const free = shares.flatMap((x) =>
          shares.filter((y) => {
            const hit = document.elementFromPoint(
              box.left + (box.right - box.left) * x,
              box.top + (box.bottom - box.top) * y,
            );
            return hit !== null && (now.contains(hit) || hit.contains(now) || hit.closest("label"));
          }),
        );
        if (free.length < 5) wrong.push(`is covered: ${free.length} of 9 points are free`);
      }
      // Reading goes down, and from left to right; another column may begin higher.
      if (walk.last?.isConnected) {
        const before = walk.last.getBoundingClientRect();
        const above = rect.bottom <= before.top + 1;
        const beside = rect.left >= before.right - 1;
        const sameLine = rect.top < before.bottom - 1 && rect.bottom > before.top + 1;
        if ((above && !beside) || (sameLine && rect.right <= before.left + 1))
          wrong.push(
            `comes before ${walk.last.localName} ${walk.last.textContent.trim().slice(0, 40)}`,
          );
      }
      return wrong;
    };
    let wrong = look();
    // What the focus brings into sight may be there a frame later.
    for (let frames = 0; wrong.length > 0 && frames < 30; frames += 1) {
      await new Promise((done) => {
        requestAnimationFrame(done);
        setTimeout(done, 200);
      });
      wrong = look();
    }
    walk.seen.push(now);
    walk.last = now;
    return { ...found, wrong };
  }, RING_PX);

/** What can have the focus in what is on show; kept in the page under `window.focusStops`. */
const stops = (page) =>
  page.evaluate(() => {
    const within = document.querySelector("dialog[open]") ?? document;
    const can = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const now = [...within.querySelectorAll(can)].filter(
      (each) =>
        each.checkVisibility({ visibilityProperty: true }) &&
        !each.matches(":disabled") &&
        each.tabIndex >= 0,
    );
    const before = window.focusStops;
    window.focusStops = now;
    return before?.length === now.length && now.every((each, at) => each === before[at]);
  });

/** What can have the focus and was never met; of radio buttons one stands for all. */
const missed = (page) =>
  page.evaluate(() => {
    const { seen } = window.focusWalk;
    return window.focusStops
      .filter((each) => each.type !== "radio" && !seen.includes(each))
      .map((each) => `${each.localName} ${each.textContent.trim().slice(0, 60)}`);
  });

async function walkThrough(page, where) {
  await page.evaluate(() => {
    window.focusWalk = undefined;
    // From the beginning of what is on show, wherever the focus was.
    const begin = document.createElement("span");
    begin.tabIndex = -1;
    (document.querySelector("dialog[open]") ?? document.body).prepend(begin);
    begin.focus();
    begin.remove();
  });
  const wrong = [];
  let last = null;
  for (let count = 0; ; count += 1) {
    assert.ok(count < STOPS_MAX, `${where}: Tab comes to no end`);
    await page.keyboard.press("Tab");
    const found = await stop(page);
    if (found.out) break;
    assert.ok(!found.again, `${where}: the focus is caught at ${last}`);
    last = found.words;
    for (const each of found.wrong) wrong.push(`${found.words} ${each}`);
  }
  return wrong;
}

/**
 * Goes through the page by Tab, from its beginning; gives what is wrong on the way. A page that
 * got or lost something to press meanwhile (what it shows came) is gone through again.
 */
export async function tabThrough(page, where) {
  await stops(page);
  for (let walks = 1; ; walks += 1) {
    const wrong = await walkThrough(page, where);
    if (await stops(page)) {
      for (const each of await missed(page)) wrong.push(`${each} is never reached`);
      return wrong;
    }
    assert.ok(walks < WALKS_MAX, `${where}: the page never rests`);
  }
}
