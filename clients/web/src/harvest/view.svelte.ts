// A group's harvest as its page sees it: the document, and the nested list that is drawn of it.

import type { Me } from "../me.ts";
import { DocumentView, findDocument } from "../sync/document.svelte.ts";
import type { Documents } from "../sync/documents.ts";
import type { Harvest } from "./shape.ts";
import { buildTree } from "./tree.ts";

export class HarvestView extends DocumentView<Harvest> {
  readonly tree = $derived(buildTree(this.doc?.insights ?? {}));

  static async open(documents: Documents, url: string, me: Me): Promise<HarvestView> {
    return new HarvestView(documents, await findDocument<Harvest>(documents, url), me, false);
  }
}
