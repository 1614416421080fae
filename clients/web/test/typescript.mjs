// Lets `node --test` load TypeScript on Node 20: each .ts file is stripped of its types by the
// compiler that the project already has.
import { register } from "node:module";

register("./typescript-loader.mjs", import.meta.url);
