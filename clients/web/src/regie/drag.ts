// Dragging with a mouse, as an extra: whatever can be dragged can also be chosen and put.

const TYPE = "text/plain";

/** What is dragged from here; asked for when the drag begins. */
export const dragged =
  (ids: () => readonly string[]) =>
  (element: HTMLElement): (() => void) => {
    const start = (event: DragEvent): void => {
      event.dataTransfer?.setData(TYPE, ids().join("\n"));
    };
    element.draggable = true;
    element.addEventListener("dragstart", start);
    return () => element.removeEventListener("dragstart", start);
  };

/** A place to drop on; `over` is told while something hangs above it. */
export const droppedOn =
  (drop: (ids: readonly string[]) => void, over: (hangs: boolean) => void) =>
  (element: HTMLElement): (() => void) => {
    const controller = new AbortController();
    const { signal } = controller;
    element.addEventListener(
      "dragover",
      (event) => {
        event.preventDefault();
        over(true);
      },
      { signal },
    );
    element.addEventListener("dragleave", () => over(false), { signal });
    element.addEventListener(
      "drop",
      (event) => {
        event.preventDefault();
        over(false);
        drop((event.dataTransfer?.getData(TYPE) ?? "").split("\n").filter((id) => id !== ""));
      },
      { signal },
    );
    return () => controller.abort();
  };
