// A mid-range phone on a slow line, as Chromium plays it: figures of the line a second, the
// processor at a quarter.

/** How the figures are made, beside them. */
export const SLOW = "1.6 Mbit/s, 150 ms, CPU/4";

export async function slow({ page }) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 1_600_000 / 8,
    uploadThroughput: 750_000 / 8,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}

/**
 * Scans, joins and types, as fast as the screens allow; gives the seconds until the form can be
 * filled in, until the first word is typed, and until it stands in the harvest.
 */
export async function joinsAndTypes(person, code, group, text) {
  const { page, line } = person;
  const scanned = performance.now();
  const since = () => (performance.now() - scanned) / 1_000;
  await page.goto(`${line.origin}/j/${code}`);
  await page.getByLabel("Hoe heet je?").waitFor();
  const usable = since();
  await page.getByLabel("Hoe heet je?").fill(person.name);
  await page.getByRole("button", { name: "Doe mee" }).click();
  await page.getByRole("button", { name: new RegExp(`^${group}`) }).click();
  await person.composer.fill(text);
  const typed = since();
  await person.add(text);
  return { usable, typed, added: since() };
}
