// The only room that knows Node from a browser: files, workers, clock, hashing. Each concern has its own file.
export { sha256Hex } from "./hashing.js";
