// The user's browser: opens an address or a page of the package, where there is a browser that can be asked.
import { spawn } from "node:child_process";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens an address in the user's browser; nothing happens where there is none. */
export function openInBrowser(address: string): void {
  const [program, ...first] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...first, address], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
