// A question with yes or no, in a terminal only: a script that gives an option has decided.
import { createInterface } from "node:readline/promises";
import { forTerminal } from "./output.js";

/** True where somebody sits at the terminal. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Asks until it is answered; Enter means yes. Ctrl-C ends the program as everywhere. */
export async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (;;) {
      const answer = (await lines.question(`${forTerminal(question)} [Y/n] `)).trim().toLowerCase();
      if (["", "y", "yes"].includes(answer)) return true;
      if (["n", "no"].includes(answer)) return false;
    }
  } finally {
    lines.close();
  }
}
