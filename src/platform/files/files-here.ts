// The file system of where the program runs, for whoever is given none.
import { isNode } from "../node.js";
import type { Files } from "./files.js";
import { nodeFiles } from "./node-files.js";
import { privateFiles } from "./private-files.js";

/** Node's disk in Node, the private file system in a browser. */
export const filesHere: Files = isNode ? nodeFiles : privateFiles;
