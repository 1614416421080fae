// The server's HTTP interface. Each file is one part of it; what is not used stays out of a page.

export * from "./answers.ts";
export * from "./call.ts";
export * from "./conduct.ts";
export * from "./devices.ts";
export * from "./documents.ts";
export * from "./facilitating.ts";
export * from "./joining.ts";
export * from "./operator.ts";
export * from "./reading.ts";
export * from "./rounds.ts";
export * from "./votes.ts";
