// Variables of the environment, which only Node has.
import { isNode } from "./node.js";

/** A variable of the environment; undefined where it is not set, is empty, or there is no environment. */
export const environment = (name: string): string | undefined => (isNode && process.env[name]) || undefined;
