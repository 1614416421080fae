// The app: every page but the way in.

import { mount } from "svelte";
import App from "./App.svelte";
import { ui } from "./language.svelte.ts";
import { fetchEngine } from "./pages.ts";
import { route } from "./route.svelte.ts";

/** Draws the page of the address. */
export async function start(target: HTMLElement): Promise<void> {
  await ui.open();
  route.look();
  target.replaceChildren();
  mount(App, { target });
}

/** Fetches what a participant will want first. */
export const ahead = fetchEngine;
