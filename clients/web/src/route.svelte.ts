// Which page is shown: the path of the address, no more.

class Route {
  path = $state(location.pathname);

  constructor() {
    window.addEventListener("popstate", () => this.look());
  }

  /** The address was changed from elsewhere. */
  look(): void {
    this.path = location.pathname;
  }

  go(path: string): void {
    history.pushState(null, "", path);
    this.path = location.pathname;
    window.scrollTo(0, 0);
  }

  /** Goes without leaving the page before in the history. */
  replace(path: string): void {
    history.replaceState(null, "", path);
    this.path = location.pathname;
  }
}

export const route = new Route();

/** A link within the client: with a key held the browser opens it elsewhere, as with any link. */
export function link(event: MouseEvent): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  route.go((event.currentTarget as HTMLAnchorElement).pathname);
}
