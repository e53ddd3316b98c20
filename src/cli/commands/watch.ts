// `fovea watch`: has this photo been seen before? A store of hashes that photos are added to and checked against.

import { Argument, type Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { NEAR_THRESHOLD } from "../../data/index.js";
import { imagePaths } from "../../experiment/data/index.js";
import {
  addPhotos,
  checkPhotos,
  mergeWatch,
  openWatch,
  type PhotoCheck,
  type WatchStore,
} from "../../experiment/watch/index.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly store: string;
  readonly reference?: string;
  readonly threshold?: number;
}

const ACTIONS = { add, check, merge } as const;
type Action = keyof typeof ACTIONS;

export function define(command: Command): void {
  command
    .description(
      "Finds photos that have been seen before, with their claim and their change since then: turned, mirrored, " +
        "resized, brightened, saved again, slightly cut. The store has hashes of photos and their files' names, no images.",
    )
    .addArgument(new Argument("<action>", "the action").choices(Object.keys(ACTIONS)))
    .argument("<path...>", "add and check: photos, folders or patterns; merge: other stores")
    .requiredOption("--store <file>", "the store")
    .option("--reference <text>", "add: reference of the photos, such as the number of a claim")
    .option(
      "--threshold <bits>",
      `check: most bits of 256 in which a photo differs from one that was seen (default: ${NEAR_THRESHOLD})`,
      wholeNumber(0, 128),
    );
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Actions:
  add PHOTOS     note photos under a reference; the store is made if there is none
  check PHOTOS   print which photos are in the store already
  merge STORES   add the entries of other stores, such as another company's

Several programs may add to a store at the same time.

Examples:
  fovea watch add claims/4711 --store claims.watch --reference 4711
  fovea watch check claims/4712 --store claims.watch
  fovea watch check new.jpg --store claims.watch --json | jq '.[0].matches'
  fovea watch merge partner.watch --store claims.watch`,
    )
    .action((action: Action, paths: readonly string[], options: Options) => {
      const output = new Output(options);
      refuseIdle(action, options);
      return ACTIONS[action](output, paths, options);
    });
}

/** An option that would be ignored is a mistake. @throws UsageError */
function refuseIdle(action: Action, { reference, threshold }: Options): void {
  if (action === "add" && (reference === undefined || reference === ""))
    throw new UsageError("watch add: expected --reference, such as the number of the claim that the photos belong to");
  if (action !== "add" && reference !== undefined)
    throw new UsageError(`--reference is about photos that are added; leave it out with ${action}`);
  if (action !== "check" && threshold !== undefined)
    throw new UsageError(`--threshold is about photos that are checked; leave it out with ${action}`);
}

/** Says what is wrong with a store's file. `isMended` says that its end was cut off. */
function warnOf(output: Output, store: WatchStore, isMended: boolean): void {
  if (store.damaged > 0)
    output.warn(
      `${store.path}: ${store.damaged === 1 ? "an entry is" : `entries at ${store.damaged} places are`} damaged and left ` +
        "out; merge a copy of the store into it, if there is one",
    );
  if (store.isTorn || isMended)
    output.warn(
      `${store.path}: its last entry is not whole, since a program was stopped while it wrote it; ` +
        (isMended
          ? "it was cut off, and the store is whole again"
          : "it is left out, and is cut off when photos are added"),
    );
}

async function add(output: Output, paths: readonly string[], { store: path, reference, threads }: Options) {
  const images = await imagePaths(paths);
  const store = await openWatch(path);
  const wasTorn = store.isTorn;
  const progress = output.progress("Adding");
  try {
    const { added, known, failed } = await addPhotos(store, images, reference!, {
      ...defined({ threads }),
      onProgress: (done, total) => progress.update(done, total, "photos"),
    });
    progress.end();
    warnOf(output, store, wasTorn && !store.isTorn);
    for (const { error } of failed) output.fault(error);
    if (failed.length > 0) process.exitCode = EXIT.failed;
    const more = known > 0 ? `; ${known} ${known === 1 ? "was" : "were"} there already` : "";
    output.answer(
      { store: path, reference, added, known, entries: store.size, ...(failed.length > 0 && { failed }) },
      `Added ${added} of ${images.length} photos as ${reference}${more}. ${path} has ${store.size} entries.`,
    );
  } finally {
    progress.end();
  }
}

async function check(output: Output, paths: readonly string[], { store: path, threshold, threads }: Options) {
  const images = await imagePaths(paths);
  const store = await openWatch(path, { isThere: true });
  warnOf(output, store, false);
  const progress = output.progress("Checking");
  try {
    const checks = await checkPhotos(store, images, {
      ...defined({ threads, threshold }),
      onProgress: (done, total) => progress.update(done, total, "photos"),
    });
    progress.end();
    for (const { error } of checks) if (error !== undefined) output.fault(error);
    if (checks.some(({ error }) => error !== undefined)) process.exitCode = EXIT.failed;
    output.answer(checks, checksTable(checks, store.size));
  } finally {
    progress.end();
  }
}

function checksTable(checks: readonly PhotoCheck[], entries: number): string {
  const rows = checks.flatMap(({ image, matches }) =>
    matches.map(({ reference, file, distance, change }) => [image, reference, file, String(distance), change]),
  );
  const seen = checks.filter(({ matches }) => matches.length > 0).length;
  const notes = checks.flatMap(({ image, note }) => (note === undefined ? [] : [`${image}: ${note}`]));
  const sum = `${seen} of ${checks.length} photos ${seen === 1 ? "is" : "are"} among the ${entries} of the store.`;
  if (rows.length === 0) return [sum, ...notes].join("\n");
  const table = textTable(
    [
      ...[{ head: "photo" }, { head: "seen in" }, { head: "as" }],
      ...[{ head: "bits", align: "right" as const }, { head: "change" }],
    ],
    rows,
  );
  return [table, sum, ...notes].join("\n");
}

async function merge(output: Output, paths: readonly string[], { store: path }: Options) {
  const store = await openWatch(path);
  const wasTorn = store.isTorn;
  const progress = output.progress("Merging");
  try {
    const added = await mergeWatch(store, paths, {
      onProgress: (done, total) => progress.update(done, total, "entries"),
    });
    progress.end();
    warnOf(output, store, wasTorn && !store.isTorn);
    output.answer(
      { store: path, merged: paths, added, entries: store.size },
      `Added ${added} entries. ${path} has ${store.size} entries.`,
    );
  } finally {
    progress.end();
  }
}
