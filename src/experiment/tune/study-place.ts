// Places of studies unless a storage says otherwise: a folder each under ./studies, with a journal and a report.

import { FoveaError } from "../../core/errors.js";
import { exists, listDirectory } from "../../platform/files.js";
import { joinPath } from "../../platform/paths.js";
import { loadStudy, openStorage, type Study, withoutPassword } from "../../tune/index.js";
import { prunerOf, samplerOf } from "./methods.js";
import { storedSpec } from "./program.js";

const STUDIES = "studies";
const JOURNAL = "journal.log";

/**
 * The folder of a study below the current one: `studies/NAME`. Characters that no folder should have become `_`.
 * @param name of the study
 * @example
 * studyFolder("cnn: wide"); // "studies/cnn__wide"
 * defaultStorage("cnn"); // "journal://studies/cnn/journal.log"
 * await localStorages(); // addresses of all studies below ./studies; [] where there are none
 */
export const studyFolder = (name: string): string =>
  joinPath(STUDIES, name.replaceAll(/[^\p{L}\p{N}._-]/gu, "_").replace(/^\.+/, "_"));

/**
 * Address of the journal that a study is in where no storage is named.
 * @param name of the study
 */
export const defaultStorage = (name: string): string => `journal://${joinPath(studyFolder(name), JOURNAL)}`;

/** The addresses of the journals of all studies below `./studies`, by folder. */
export async function localStorages(): Promise<string[]> {
  if (!(await exists(STUDIES))) return [];
  const journals = (await listDirectory(STUDIES))
    .filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => joinPath(STUDIES, name, JOURNAL));
  const there = await Promise.all(journals.map(exists));
  return journals.filter((_, i) => there[i]).map((path) => `journal://${path}`);
}

/**
 * Opens a study for reading, or to go on with it by the methods of its own spec.
 * @param url address of the storage, such as `journal://studies/cnn/journal.log`
 * @param name may be left out where the storage has one study only
 * @param options.readOnly leaves the storage as it is, to the byte; the study then cannot go on
 * @throws FoveaError when it is not there.
 * @example
 * const url = "journal://parabola.log";
 * const storage = await openStorage(url);
 * const begun = await createStudy({ name: "parabola", storage });
 * await begun.optimize((trial) => (trial.suggestFloat("x", -10, 10) - 2) ** 2, { trials: 3 });
 * await storage.close();
 * const study = await openStudy(url, "parabola", { readOnly: true });
 * study.bestTrial.params; // { x: ... }
 * storedJournal(study); // null: the study was begun without a label journal
 */
export async function openStudy(
  url: string,
  name?: string,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<Study> {
  const storage = await openStorage(url, { existing: true, readOnly });
  try {
    const studies = await storage.studies();
    const names = studies.map((study) => study.name);
    if (name === undefined && names.length !== 1)
      throw new FoveaError(
        "unknown-entry",
        names.length === 0
          ? `${withoutPassword(url)}: there are no studies in this storage`
          : `${withoutPassword(url)}: there are ${names.length} studies; choose one with --study: ${names.join(", ")}`,
      );
    const wanted = name ?? names[0]!;
    const record = studies.find((study) => study.name === wanted);
    const spec = readOnly ? undefined : record && storedSpec(record);
    const methods =
      spec === undefined ? {} : { sampler: samplerOf(spec.sampler, spec.space), pruner: prunerOf(spec.pruner) };
    return await loadStudy({ storage, name: wanted, ...methods });
  } catch (error) {
    await storage.close();
    throw error;
  }
}
