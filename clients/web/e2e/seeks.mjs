// The replay's slider, moved to parts of the day.

/** Seeks to each part of the day, from 0 to 1; gives the milliseconds until each was drawn. */
export const seeks = (page, parts) =>
  page.evaluate(async (all) => {
    const slider = document.querySelector("input[type=range]");
    const { min, max } = slider;
    const times = [];
    for (const part of all) {
      const began = performance.now();
      slider.value = String(Number(min) + (Number(max) - Number(min)) * part);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const { seq, wanted } = document.querySelector(".wall").dataset;
        if (seq === wanted) break;
      }
      times.push(performance.now() - began);
    }
    return times;
  }, parts);
