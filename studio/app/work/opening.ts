// Opens something and goes there: what the ways of opening have in common.
import { signal } from "@preact/signals";
import type { ProjectFacts } from "../../contract/facts.js";
import type { GeneratedSet } from "../../contract/opening-calls.js";
import { bytes } from "../frame/numbers.ts";
import { sentenceOf } from "../frame/sentence.ts";
import { know } from "../frame/store.ts";
import { host } from "../host/index.js";
import type { PackProgress } from "../host/packing.js";
import type { Brought } from "../ui/dropped.ts";
import { goToOpened } from "./way-to.ts";

/** A sentence about what is being opened; undefined while nothing is. */
export const opening = signal<string | undefined>(undefined);
export const openingError = signal<string | undefined>(undefined);

async function openBy(words: string, bring: () => Promise<ProjectFacts>): Promise<void> {
  opening.value = words;
  openingError.value = undefined;
  try {
    goToOpened(know(await bring()));
  } catch (failure) {
    openingError.value = sentenceOf(failure);
  } finally {
    opening.value = undefined;
  }
}

export const openPath = (path: string): Promise<void> =>
  openBy(`Opening ${path} ...`, async () => (await host()).call("open", { path }));

export const openGenerated = (name: GeneratedSet, title: string): Promise<void> =>
  openBy(`Drawing ${title.toLowerCase()} ...`, async () => (await host()).call("generate", { name }));

/** Packs what was dropped or picked, and opens it. */
export async function openBrought(brought: Promise<Brought>): Promise<void> {
  await openBy("Reading the dropped files ...", async () => {
    const { files, name } = await brought;
    if (files.length === 0) throw new Error("the drop contains no file; drop images, a folder or a zip");
    const connection = await host();
    const tell = ({ state, done, total }: PackProgress): void => {
      opening.value = `${state === "packing" ? "Packing" : "Sending"} ${name}: ${bytes(done)} of ${bytes(total)}`;
    };
    const path = await connection.bring(files, name, tell);
    opening.value = `Opening ${name} ...`;
    return connection.call("open", { path, isBrought: true });
  });
}
