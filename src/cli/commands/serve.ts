// `fovea serve`: models over HTTP until SIGTERM, by the rules of fovea/service.
import { type Command, InvalidArgumentError } from "commander";
import { parseByteSize } from "../../core/byte-size.js";
import { defined } from "../../core/defined.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import { environment } from "../../platform/environment.js";
import { readText } from "../../platform/files.js";
import type { LogLine, Service, ServiceLimits } from "../../service/index.js";
import {
  addDetectorOptions,
  addForeignOptions,
  type DetectorOptions,
  type ForeignOptions,
} from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { addTrustOptions, rulesOf, type TrustOptions } from "../trust-options.js";

interface Options extends CommonOptions, ForeignOptions, DetectorOptions, TrustOptions {
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string;
  readonly withoutToken?: true;
  readonly top: number;
  readonly batch?: number;
  readonly delay?: number;
  readonly queue?: number;
  readonly deadline?: number;
  readonly maxBody?: number;
  readonly maxPixels?: number;
  readonly drain: number;
  readonly log?: string;
  readonly openapi?: true;
}

/** The variable that has the token. */
const TOKEN = "FOVEA_SERVE_TOKEN";

function bytes(text: string): number {
  try {
    return parseByteSize("--max-body", text);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    throw new InvalidArgumentError("Expected a size with its unit, such as 32MB.");
  }
}

export function define(command: Command): void {
  command
    .description(
      "Answers over HTTP: tensors as the Open Inference Protocol v2 has it (KServe, Triton), image files at /v1/predict with the " +
        "answers of fovea predict. Requests that arrive together are computed together; the queue is bounded; SIGTERM answers " +
        "the requests taken and ends; SIGHUP opens the models again without an interruption. The log is JSON on stderr.",
    )
    .usage("[options] MODEL...")
    .argument("[model...]", "runs or model files; NAME=PATH names one, NAME:2=PATH is its version 2")
    .optionsGroup("Address and access:")
    .option("--host <address>", "address to listen at; another than 127.0.0.1 needs a token", "127.0.0.1")
    .option("--port <N>", "port to listen at; 0 for any that is free", wholeNumber(0, 65535), 8080)
    .option(
      "--token-file <file>",
      `file with the word that requests must carry as a bearer token (default: ${TOKEN} of the environment)`,
    )
    .option("--without-token", "let every program that reaches the address ask")
    .optionsGroup("Limits:")
    .option("--batch <N>", "most samples of a batch (default: 32)", wholeNumber(1, 1024))
    .option("--delay <ms>", "milliseconds that a sample waits for others (default: 2)", wholeNumber(0, 1000))
    .option(
      "--queue <N>",
      "samples of a model that may wait; beyond them 429 (default: 1024)",
      wholeNumber(1, 1_000_000),
    )
    .option("--deadline <ms>", "milliseconds until a request is given up with 504 (default: 30000)", wholeNumber(1))
    .option("--max-body <SIZE>", "most bytes of a body (default: 32MB)", bytes)
    .option("--max-pixels <N>", "most pixels of an image, by its header (default: 50000000)", wholeNumber(1))
    .option("--drain <s>", "seconds that answers may take after SIGTERM", wholeNumber(0, 3600), 30)
    .optionsGroup("Answers:")
    .option("--top <N>", "how many classes an answer has", wholeNumber(1), 5)
    .option(
      "--log <file>",
      "add answers about photos to a decision log (.jsonl), which fovea log verify checks (default: no log)",
    )
    .option("--openapi", "print the OpenAPI description and end");
  addTrustOptions(command);
  addForeignOptions(command);
  addDetectorOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea serve runs/photos-cnn-1
  fovea serve claims=runs/claims-3 claims:2=runs/claims-4 --port 9000
  fovea serve runs/photos-cnn-1 --host 0.0.0.0 --token-file token.txt --log decisions.jsonl
  fovea serve --openapi > openapi.json
  curl -F image=@photo.jpg http://127.0.0.1:8080/v1/predict

fovea docs serving has the protocol, limits, a Dockerfile and a systemd unit.`,
    )
    .action(run);
}

const LOCAL = ["127.0.0.1", "localhost", "::1"];

async function run(models: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const { describeService, listen, modelSpec, Service } = await import("../../service/index.js");
  if (options.openapi) {
    process.stdout.write(`${JSON.stringify(describeService(), null, 1)}\n`);
    return;
  }
  if (models.length === 0)
    throw new UsageError("expected at least one run or model file, such as fovea serve runs/photos-cnn-1");
  const token = await tokenOf(options);
  const isLocal = LOCAL.includes(options.host);
  if (!isLocal && token === undefined && !options.withoutToken)
    throw new UsageError(
      `other machines reach ${options.host}: give a token by --token-file FILE or ${TOKEN}, or say --without-token`,
    );
  const log = logger(options.quiet === true);
  const { threads, rescale, labels, imageSize, head, overlap, score, top, calibration, host, port } = options;
  const service = await Service.open({
    models: models.map(modelSpec),
    limits: limitsOf(options),
    isLocal,
    answering: async (opened) => ({ top, calibration, rules: await rulesOf(options, opened) }),
    opening: defined({ rescale, labels, imageSize, head, overlap, score }),
    log,
    ...defined({ threads, token, decisionLog: options.log }),
  });
  try {
    for (const { opened } of service.registry.all) for (const warning of opened.warnings) output.warn(warning);
    const listening = await listen({ fetch: service.fetch, host, port });
    const address = `http://${host.includes(":") ? `[${host}]` : host}:${listening.port}`;
    const ended = whenAsked(service, log);
    output.answer(
      { address, port: listening.port, models: service.registry.all.map(({ spec }) => spec) },
      `Serving ${service.registry.all.map(({ spec }) => `${spec.name}/${spec.version}`).join(", ")} at ${address}`,
    );
    await ended;
    const left = await service.drain(options.drain);
    log({ level: left === 0 ? "info" : "error", event: "drained", unanswered: left });
    await listening.close(1000);
  } finally {
    await service.close();
  }
}

async function tokenOf({ tokenFile, withoutToken }: Options): Promise<string | undefined> {
  const { checkToken } = await import("../../service/index.js");
  const token = tokenFile === undefined ? environment(TOKEN) : (await readText(tokenFile)).trim();
  if (token === undefined) return undefined;
  if (withoutToken) throw new UsageError("--without-token contradicts the token; leave one of them out");
  return checkToken(token);
}

const limitsOf = ({ batch, delay, queue, deadline, maxBody, maxPixels }: Options): Partial<ServiceLimits> =>
  defined({ batch, delay, queue, deadline, bodyBytes: maxBody, pixels: maxPixels });

/** Lines of JSON on stderr; with --quiet those of mishaps alone. */
function logger(isQuiet: boolean): (line: LogLine) => void {
  return (line) => {
    if (isQuiet && line.level === "info") return;
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
  };
}

/** Resolves when the process is asked to end; SIGHUP, which Windows does not have, opens the models anew. */
function whenAsked(service: Service, log: (line: LogLine) => void): Promise<void> {
  const reload = (): void => {
    service.reload().then(
      () => log({ level: "info", event: "reload" }),
      (error: Error) => log({ level: "error", event: "reload", fault: error.message }),
    );
  };
  process.on("SIGHUP", reload);
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const)
      process.once(name, () => {
        process.off("SIGHUP", reload);
        log({ level: "info", event: "draining", signal: name });
        resolve();
      });
  });
}
