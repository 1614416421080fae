// For everybody, on any page: axe finds nothing, targets fit a thumb, nothing scrolls sideways.
import assert from "node:assert/strict";
import axe from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TARGET_PX = 44;

/** Everything that axe has to say about the page, in short. */
async function faults(page) {
  // Once a page load: it is half a megabyte.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate((tags) => {
    // Colours of what is still fading in are not the colours that stay.
    for (const animation of document.getAnimations()) animation.finish();
    const runOnly = { type: "tag", values: tags };
    const resultTypes = ["violations"];
    return window.axe.run(document, { runOnly, resultTypes, preload: false });
  }, TAGS);
  return violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    at: nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`),
  }));
}

/** What can be pressed but is smaller than a thumb. */
export const small = (page) =>
  page.evaluate((least) => {
    const can = "button, input, textarea, select, summary, a[href]";
    const pressed = [...document.querySelectorAll(can)];
    return (
      pressed
        .filter((each) => each.checkVisibility())
        // A link within a text is as high as its line.
        .filter((each) => !each.matches("a") || getComputedStyle(each).display !== "inline")
        // Who presses the words of a choice presses the choice.
        .map((each) => [
          each,
          each.matches("[type=radio], [type=checkbox]") && each.closest("label"),
        ])
        .map(([each, label]) => ({ each, box: (label || each).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < least || box.width < least))
        .map(({ each, box }) => `${each.textContent} ${box.width}x${box.height}`)
    );
  }, TARGET_PX);

export async function fine(page, where) {
  assert.deepEqual(await faults(page), [], where);
  assert.deepEqual(await small(page), [], where);
  const [width, scroll] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(scroll <= width, `${where} scrolls sideways: ${scroll} over ${width}`);
}
