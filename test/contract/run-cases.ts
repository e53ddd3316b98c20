// Cases of a contract as tests of node:test.
import { test } from "node:test";
import type { ContractCase } from "../../src/testing/index.js";

/** Registers a test for each case, in their order. */
export function runCases(label: string, cases: readonly ContractCase[]): void {
  for (const { name, run } of cases) test(`${label}: ${name}`, run);
}
