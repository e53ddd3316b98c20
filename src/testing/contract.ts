// The form of a contract: cases by name, which any runner of tests can run, and the checks that cases are made of. Nothing
// here knows a runner.
import { isDeepEqual } from "./deep-equal.js";

/** A promise of a contract. */
export interface ContractCase {
  /** The promise in words, for the name of a test. */
  readonly name: string;
  /** Rejects with a sentence where the promise is broken. */
  run(): Promise<void>;
}

/**
 * A broken promise.
 * @example
 * const broken = new ContractBroken("ops: expected 1, found 2");
 * broken instanceof Error; // true: runners of tests show its sentence
 */
export class ContractBroken extends Error {
  override name = "ContractBroken";
}

const said = (value: unknown): string => {
  try {
    return String(JSON.stringify(value, (_, part) => (part instanceof Map ? [...part] : part))).slice(0, 500);
  } catch {
    return String(value);
  }
};

function broken(what: string | undefined, otherwise: string): never {
  throw new ContractBroken(what === undefined ? otherwise : `${what}: ${otherwise}`);
}

/** Checks of cases; each throws ContractBroken. */
export const check = {
  ok(value: unknown, what?: string): void {
    if (!value) broken(what, "expected true, found another value");
  },
  equal(actual: unknown, expected: unknown, what?: string): void {
    if (!Object.is(actual, expected)) broken(what, `expected ${said(expected)}, found ${said(actual)}`);
  },
  deepEqual(actual: unknown, expected: unknown, what?: string): void {
    if (!isDeepEqual(actual, expected)) broken(what, `expected ${said(expected)}, found ${said(actual)}`);
  },
  /** Waits for a rejection whose text fits. */
  async rejects(work: Promise<unknown>, pattern: RegExp): Promise<void> {
    let error: unknown;
    try {
      await work;
    } catch (caught) {
      error = caught;
    }
    if (error === undefined) broken(undefined, `expected an error such as ${pattern}, found none`);
    if (!pattern.test(String(error))) broken(undefined, `expected an error such as ${pattern}, found ${String(error)}`);
  },
} as const;
