// A page that is waited for also on a machine with much to do.
import type { TestContext } from "node:test";
import { type PageOptions, type WatchedPage, watchedPage } from "./page.js";

const PATIENCE = 120_000;

export async function patientPage(t: TestContext, address: string, options?: PageOptions): Promise<WatchedPage> {
  const watched = await watchedPage(t, address, options);
  watched.page.setDefaultTimeout(PATIENCE);
  return watched;
}
