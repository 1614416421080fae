// The sentences of one part of the interface, beside each other in its three languages. They come
// with the page that uses them; what the join page says stands in messages/nl.ts and its like,
// which come one language at a time.

/** What is missing in a language does not compile. */
export type Area<Words> = Readonly<Record<"nl" | "fr" | "en", Words>>;

/** Declares an area: Dutch says which sentences there are. */
export const area = <Words>(words: {
  readonly nl: Words;
  readonly fr: NoInfer<Words>;
  readonly en: NoInfer<Words>;
}): Area<Words> => words;
