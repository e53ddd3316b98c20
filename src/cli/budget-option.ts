// `--budget`: a time, and how it is typed. The work behind it is loaded when it is asked for.
import { type Command, InvalidArgumentError } from "commander";

const SECONDS = { s: 1, m: 60, h: 3600 } as const;
/** Shortest budget in seconds: less does not start a program and look at images. */
const SHORTEST = 5;

/** Seconds of `90s`, `2m` or `1h`. */
export function durationOption(text: string): number {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(s|m|h)$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  if (!(seconds >= SHORTEST))
    throw new InvalidArgumentError(
      `Expected a time of at least ${SHORTEST} seconds with its unit, such as 90s, 2m or 1h.`,
    );
  return seconds;
}

/** Adds `--budget`. */
export const addBudgetOption = (command: Command): Command =>
  command.option(
    "--budget <time>",
    "time for everything, such as 90s, 2m or 1h: network, size, augmentation and epochs are chosen for the images and this machine, " +
      "and a trained base is tried first (default: none)",
    durationOption,
  );
