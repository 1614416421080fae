import "./styles/base.css";
import { mount } from "svelte";
import App from "./App.svelte";

// automerge-repo gives up on a document after a minute without a word and says so by a rejection
// that nobody can catch; the line mends itself, so that is no fault of the page.
window.addEventListener("unhandledrejection", (event) => {
  if (String(event.reason).includes("Timeout")) event.preventDefault();
});

const target = document.getElementById("app");
if (target !== null) mount(App, { target });
