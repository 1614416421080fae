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
