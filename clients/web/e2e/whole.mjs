// Whether all of a page can be read however little room there is: nothing is cut off, nothing lies
// over something else, and whatever there is can be brought into sight.

/** What stands on the page and cannot be read in full, with why. */
export const unread = (page) =>
  page.evaluate(() => {
    const within = document.querySelector("dialog[open]") ?? document.body;
    const own = (each) =>
      [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const control = "button, input, select, textarea, summary, a[href]";
    const shown = [...within.querySelectorAll("*")].filter(
      (each) =>
        (own(each) || each.matches(control)) &&
        !each.matches("option, script, style, noscript") &&
        each.closest("[aria-hidden=true], .aside-for-ears, [hidden]") === null &&
        each.checkVisibility({ visibilityProperty: true }),
    );
    const name = (each) => {
      const words = (each.getAttribute("aria-label") ?? each.textContent).trim();
      return `${each.localName} "${words.slice(0, 40)}"`;
    };
    const wrong = [];
    for (const each of shown) {
      each.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = each.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
      const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
      if (box.left >= innerWidth || box.right <= 0 || box.top >= innerHeight || box.bottom <= 0) {
        wrong.push(`${name(each)} is never in sight`);
        continue;
      }
      const hit = document.elementFromPoint(x, y);
      if (hit === null || !(each.contains(hit) || hit.contains(each) || hit.closest("label")))
        wrong.push(`${name(each)} lies under ${hit === null ? "nothing" : name(hit)}`);
      const { overflowX, overflowY } = getComputedStyle(each);
      const cut =
        (overflowX === "hidden" && each.scrollWidth > each.clientWidth + 1) ||
        (overflowY === "hidden" && each.scrollHeight > each.clientHeight + 1);
      // A bar's title ends in an ellipsis, and a long question says the rest on request.
      const told =
        each.matches("header > strong") || each.parentElement.querySelector("[aria-expanded]");
      if (cut && own(each) && !told) wrong.push(`${name(each)} is cut off`);
    }
    return wrong;
  });
