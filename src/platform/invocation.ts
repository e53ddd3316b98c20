// Words that start this program, as text to type again: Fovea may be on the PATH, beside a project (npx), or a clone
// (npm run fovea --). Suggested commands begin with these words, so that they work where they are read.
import { singleLine } from "../core/text.js";
import { isNode } from "./node.js";

/** The environment variables of npm that tell how a program was started. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Scripts of Fovea's own package.json that run the command line. */
const SCRIPTS: ReadonlySet<string> = new Set(["fovea", "demo", "studio"]);

/**
 * The words that begin a command of Fovea's: `fovea`, `npx fovea` or `npm run fovea --`.
 * @param environment default: that of this process
 * @example commandPrefix({ npm_command: "exec" }) // "npx fovea"
 */
export function commandPrefix(environment: Environment = isNode ? process.env : {}): string {
  const { npm_command: command, npm_lifecycle_event: script, npm_package_name: name } = environment;
  if (command === "exec") return "npx fovea";
  if (command !== "run-script" && command !== "run") return "fovea";
  if (name !== "fovea") return "npx fovea";
  return SCRIPTS.has(script ?? "") ? "npm run fovea --" : "fovea";
}

/**
 * A text whose suggested commands, written as `fovea COMMAND`, begin as this program was started.
 * @param prefix default: `commandPrefix()`
 */
export function withCommandPrefix(text: string, prefix = commandPrefix()): string {
  if (prefix === "fovea") return text;
  // A command starts a line, or follows a space, a quotation mark or a bracket; a path such as my/fovea train does not.
  return text.replace(
    /(^|[\s"'`(])fovea (?=(?:[a-z]+|COMMAND|--help)(?![\w/.\\]))/gm,
    (_, before: string) => `${before}${prefix} `,
  );
}

/**
 * A name or an address as it is typed on a command line: in quotes where a shell would take it apart.
 * @param text A name, a path or an address.
 * @example shellWord("my photos/1.jpg"); // "\"my photos/1.jpg\""
 */
export const shellWord = (text: string): string =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `"${singleLine(text).replaceAll(/["\\$`]/g, "\\$&")}"`;
