// The run as it was made and can be made again: time, certificate, versions.
import type { CardRow } from "../../../report/card-facts.js";
import { amount, duration, whole } from "../../../report/format.js";
import { CERTIFICATE_FILE } from "../../certificate/index.js";
import { CARD_FILE } from "../../run/index.js";
import type { RunRecord } from "../record.js";
import { broken, known, open, type Topic } from "../rows.js";

export const effortTopic: Topic = (record) => {
  const { facts, metrics } = record;
  return {
    rows: [
      ...(facts.seconds === undefined
        ? []
        : [known("Time of training", duration(facts.seconds), "facts.json#/facts/seconds")]),
      known("Time of an epoch", duration(metrics.seconds_per_epoch), "metrics.json#/seconds_per_epoch"),
      known("Epochs", whole(metrics.epochs), "metrics.json#/epochs"),
      known("Best epoch", whole(metrics.best_epoch), "metrics.json#/best_epoch"),
      ...energyRows(record),
    ],
  };
};

/** Processor time, and energy where a person has stated the power of a core: nothing is guessed. */
function energyRows({ metrics, lines }: RunRecord): CardRow[] {
  const { processor_seconds: seconds } = metrics;
  if (seconds === undefined)
    return [open("Energy", "this run has no processor time, like all runs in a page and resumed runs")];
  const time = known(
    "Processor time of training and evaluation, all cores",
    duration(seconds),
    "metrics.json#/processor_seconds",
  );
  const stated = lines.watts.trim();
  if (stated === "") return [time, open("Energy", `write the watts of a busy core into ${CARD_FILE} as "watts"`)];
  const watts = Number(stated);
  if (!(watts > 0 && Number.isFinite(watts)))
    return [time, open("Energy", `"watts" in ${CARD_FILE} is no number above 0`)];
  const places = ["metrics.json#/processor_seconds", `${CARD_FILE}#/lines/watts`];
  return [
    time,
    known("Power of a busy core, as a person states it", `${stated} W`, `${CARD_FILE}#/lines/watts`),
    known("Energy: processor time by that power", amount((seconds * watts) / 3600, "Wh"), ...places),
  ];
}

const CERTIFICATE = `${CERTIFICATE_FILE}#`;

export const replayTopic: Topic = (record) => ({
  rows: [
    ...(record.facts.replay === undefined
      ? []
      : [
          known(
            "Command that trains again and compares",
            record.facts.replay.command,
            "facts.json#/facts/replay/command",
          ),
        ]),
    ...certificateRows(record),
  ],
});

function certificateRows({ certificate, command }: RunRecord): CardRow[] {
  const again = command("certify", "--key", "KEY.pem");
  if (certificate === undefined) return [open("Certificate", `no replay of the training is signed; run ${again}`)];
  const { read, check, fault } = certificate;
  if (read === undefined) return [broken("Certificate", fault ?? "")];
  const { replay, public_key: key, weights_sha256: weights } = read;
  const changes = check?.broken ?? [];
  return [
    ...(changes.length === 0
      ? [known("Certificate", "trained again to the same bits, and signed", `${CERTIFICATE}/replay/equal`)]
      : changes.map((sentence) => broken("Certificate", sentence))),
    known("Weights of the certificate, SHA-256", weights, `${CERTIFICATE}/weights_sha256`),
    known("Time of the replay (UTC)", replay.time, `${CERTIFICATE}/replay/time`),
    known("Engine of the replay", replay.engine, `${CERTIFICATE}/replay/engine`),
    known("Threads of the replay", whole(replay.threads), `${CERTIFICATE}/replay/threads`),
    ...(replay.node === undefined ? [] : [known("Node of the replay", replay.node, `${CERTIFICATE}/replay/node`)]),
    known("Machine of the replay", replay.platform, `${CERTIFICATE}/replay/platform`),
    known("Public key of the signature", key, `${CERTIFICATE}/public_key`),
  ];
}

export const versionsTopic: Topic = ({ recipe, facts, metrics }) => {
  const { fovea, node } = recipe.createdBy;
  return {
    rows: [
      known("Recipe made by Fovea", fovea, "recipe.json#/createdBy/fovea"),
      ...(node === undefined ? [] : [known("Node that made the recipe", node, "recipe.json#/createdBy/node")]),
      known("Trained by", facts.createdBy, "facts.json#/facts/createdBy"),
      known("Version of the model: its weights, SHA-256", metrics.weights_sha256, "metrics.json#/weights_sha256"),
    ],
  };
};
