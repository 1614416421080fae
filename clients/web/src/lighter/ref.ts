// A document's handle can give references to places in the document. Nothing here asks for one, so
// what they are made of is left out of what a phone loads (vite.config.ts).

export class RefImpl {
  constructor() {
    throw new Error("references to places in a document are left out of this build");
  }
}
