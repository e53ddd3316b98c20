// `fovea certify`: trains a run again and signs that the weights are equal to the bit; checks such certificates; makes keys.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import {
  CERTIFICATE_FILE,
  type Certificate,
  certify,
  checkCertificate,
  newSigningKey,
  publicKeyOf,
  readCertificate,
  writeCertificate,
} from "../../experiment/certificate/index.js";
import { closeData, findData, pathsOf } from "../../experiment/data/index.js";
import { RunFolder, recipeOf } from "../../experiment/run/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { readText, stat, writeAtomic } from "../../platform/files.js";
import { joinPath, parentFolder } from "../../platform/paths.js";
import { writeSecretFile } from "../../platform/secret-files.js";
import { EXIT } from "../exit.js";
import { addCommonOptions, type CommonOptions, memoryOption } from "../options.js";
import { loadAndTell, tellRecipe } from "../terminal/experiment.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import { replayVerdict } from "../terminal/replay.js";
import { TrainingLines } from "../terminal/training.js";

interface Options extends CommonOptions {
  readonly key?: string;
  readonly out?: string;
  readonly newKey?: string;
  readonly check?: string;
  readonly signer?: string;
  readonly skipData?: true;
  readonly data?: string;
  readonly memory?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Trains again from a run's recipe.json, compares each epoch and the weights to the last bit, and signs that they are " +
        "equal with your Ed25519 key: a certificate for people who cannot train it themselves. --check says whether a " +
        "certificate is as it was signed, and whether a run is still the one that was certified.",
    )
    .argument("[run]", "the folder of a run that has ended")
    .option("--key <file>", "your private key, to sign with (default: not signed)")
    .option("--out <file>", `the certificate (default: ${CERTIFICATE_FILE} in the run)`)
    .option(
      "--new-key <file>",
      "make a private key with permissions for you alone, and print its public key (default: none)",
    )
    .option(
      "--check <file>",
      "check a certificate, and with a run that it is still the one that was certified (default: none)",
    )
    .option(
      "--signer <key>",
      "with --check: the public key that must have signed it, 64 hexadecimal digits (default: any)",
    )
    .option("--skip-data", "with --check: do not compare the images or the table, where they are not at hand")
    .option("--data <dir>", "where the run's images are now, if they have moved (default: as recorded)")
    .addOption(memoryOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Exit status: 0 equal, 1 not equal or changed since (or the work failed), 2 wrong usage.

Examples:
  fovea certify --new-key ann.pem
  fovea certify runs/photos-cnn-1 --key ann.pem
  fovea certify runs/photos-cnn-1 --key ann.pem --threads 1 --out photos.certificate.json
  fovea certify --check runs/photos-cnn-1/certificate.json
  fovea certify --check photos.certificate.json runs/photos-cnn-1 --data /mnt/photos`,
    )
    .action(run);
}

/** The actions, and the options that each takes beside the common ones. */
const ACTIONS = {
  newKey: { takes: ["newKey"], work: makeKey },
  check: { takes: ["check", "signer", "skipData", "data", "memory"], work: check },
  sign: { takes: ["key", "out", "data", "memory"], work: sign },
} as const;

const FLAGS: Readonly<Record<string, string>> = {
  ...{ key: "--key", out: "--out", newKey: "--new-key", check: "--check" },
  ...{ signer: "--signer", skipData: "--skip-data", data: "--data", memory: "--memory" },
};

async function run(path: string | undefined, options: Options): Promise<void> {
  const { takes, work } =
    ACTIONS[options.newKey !== undefined ? "newKey" : options.check !== undefined ? "check" : "sign"];
  const idle = Object.keys(FLAGS).find((name) => name in options && !takes.some((taken) => taken === name));
  if (idle !== undefined)
    throw new UsageError(`${FLAGS[idle]} has nothing to do beside ${FLAGS[takes[0]]}; leave it out`);
  await work(path, options, new Output(options));
}

async function makeKey(path: string | undefined, { newKey }: Options, output: Output): Promise<void> {
  if (path !== undefined) throw new UsageError(`--new-key makes a key and looks at no run; leave ${path} out`);
  const pem = await newSigningKey();
  await writeSecretFile(newKey!, pem);
  const publicKey = await publicKeyOf(pem);
  output.answer(
    { key: newKey, public_key: publicKey },
    `The private key is ${newKey}; keep it to yourself.\nPublic key, for readers of your certificates: ${publicKey}`,
  );
}

async function sign(path: string | undefined, options: Options, output: Output): Promise<void> {
  const { key, threads } = options;
  if (path === undefined) throw new UsageError("expected a run to certify, or --check, or --new-key");
  if (key === undefined)
    throw new UsageError("expected --key with your private key; make one with fovea certify --new-key FILE");
  const pem = await readText(key);
  // A key that cannot sign is told before images are loaded.
  await publicKeyOf(pem, key);
  const folder = await RunFolder.open(path);
  const out = options.out ?? joinPath(path, CERTIFICATE_FILE);
  if (!(await stat(parentFolder(out)))?.isDirectory)
    throw new UsageError(`--out: there is no folder ${parentFolder(out)} for the certificate; make it first`);
  const recipe = await recipeOf(folder);
  const data = await dataOf(recipe, options, output);
  tellRecipe(output, recipe, data);
  output.say();
  const observer = new TrainingLines(output, recipe.task, data.folders.train.samples.nouns[1]);
  const { replayed, certificate } = await interruptible(output, "Stopping.", (signal) =>
    certify(folder, data, { key: pem, keyName: key, signal, observer, ...defined({ threads }) }),
  ).finally(() => closeData(data));
  const common = { run: path, equal: replayed.sameBits, weights_sha256: replayed.weightsSha256 ?? null };
  if (certificate === undefined) {
    process.exitCode = EXIT.failed;
    output.answer(
      { ...common, first_difference: replayed.difference ?? null, signature: null },
      `${replayVerdict(replayed)}; nothing was signed`,
    );
    return;
  }
  await writeAtomic(out, writeCertificate(certificate));
  output.answer(
    { ...common, certificate: out, public_key: certificate.public_key, signature: certificate.signature },
    `${replayVerdict(replayed)}\nThe certificate is ${out}, signed with the key ${certificate.public_key}`,
  );
}

/** Loads the data of a run as its replay does. */
async function dataOf(recipe: Recipe, { data, ...options }: Options, output: Output) {
  const paths = data === undefined ? pathsOf(recipe) : await findData(data, recipe.task.kind);
  return loadAndTell(output, paths, recipe, { ...options, skipBad: true, batchSize: recipe.training.batchSize });
}

async function check(path: string | undefined, options: Options, output: Output): Promise<void> {
  const { check: file, signer, skipData } = options;
  if (path === undefined && (skipData || options.data !== undefined))
    throw new UsageError("--data and --skip-data are about the data of a run; name the run behind the certificate");
  const certificate = await readCertificate(await readText(file!), file);
  const { equal, broken } = path === undefined ? NOT_COMPARED : await compare(path, certificate, options, output);
  const sentences = [...broken];
  if (signer !== undefined && signer.toLowerCase() !== certificate.public_key)
    sentences.unshift(`${file}: it was signed with the key ${certificate.public_key}, not with that of --signer`);
  if (sentences.length > 0) process.exitCode = EXIT.failed;
  output.answer(
    { certificate: file, holds: sentences.length === 0, equal, broken: sentences, ...described(certificate) },
    sentences.length > 0 ? sentences.join("\n") : heldText(certificate, equal, path),
  );
}

const NOT_COMPARED = { equal: [], broken: [] } as const;

async function compare(path: string, certificate: Certificate, options: Options, output: Output) {
  const folder = await RunFolder.open(path);
  const withoutData = await checkCertificate(certificate, folder);
  // By another recipe other data would be looked for.
  if (options.skipData || withoutData.broken.length > 0) return withoutData;
  try {
    const data = await dataOf(await recipeOf(folder), options, output);
    return await checkCertificate(certificate, folder, data).finally(() => closeData(data));
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return { equal: withoutData.equal, broken: [error.message] };
  }
}

const described = ({ run, weights_sha256, replay, public_key }: Certificate) => ({
  run: run.name,
  weights_sha256,
  replay,
  public_key,
});

function heldText(certificate: Certificate, equal: readonly string[], path: string | undefined): string {
  const { replay, run, public_key, weights_sha256 } = certificate;
  const where = `${replay.engine}, ${replay.threads === 1 ? "one thread" : `${replay.threads} threads`}${
    replay.node === undefined ? "" : `, Node ${replay.node}`
  }, ${replay.platform}`;
  return [
    `${run.name} was trained again on ${replay.time} to the same bits: ${replay.epochs} epochs, weights_sha256 ${weights_sha256}`,
    `Where: ${where}`,
    `Signed with the key ${public_key}; compare it with the key that its owner made known`,
    path === undefined
      ? "The certificate is as it was signed; with a run behind it, the run is compared as well"
      : `Still the same in ${path}: ${equal.join(", ")}`,
  ].join("\n");
}
