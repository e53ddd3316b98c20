// A small made-up table of claims and a spec for it, for tests of studies: seconds, not minutes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../src/core/random.js";

/** Writes claims.csv with 400 policies whose claims depend on age and body. @returns its path. */
export function writeClaims(folder: string): string {
  const random = new Random(3, 0);
  const lines = ["Exposure,Age,Body,ClaimNb"];
  for (let i = 0; i < 400; i++) {
    const [age, body] = [18 + random.integer(60), random.pick(["Bus", "Sedan", "Coupe"])];
    const exposure = (1 + random.integer(4)) / 4;
    const frequency = 0.2 + (age < 30 ? 0.5 : 0) + (body === "Bus" ? 0.4 : 0);
    lines.push(`${exposure},${age},${body},${random.uniform() < frequency * exposure ? 1 : 0}`);
  }
  const path = join(folder, "claims.csv");
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** Study A in small. `changes` replace its fields. */
export const claimsSpec = (changes: Readonly<Record<string, unknown>> = {}) => ({
  study: "claims",
  data: { table: "claims.csv", target: "ClaimNb", exposure: { column: "Exposure", as: "weight" } },
  space: {
    neurons: { choices: [4, 8] },
    activation: { choices: ["relu", "tanh"] },
    learningRate: { float: [1e-3, 1e-1], log: true },
  },
  model: {
    layers: [
      { Dense: { units: "$neurons", activation: "$activation" } },
      { Dense: { units: 1, activation: "exponential" } },
    ],
  },
  training: {
    optimizer: { Adam: { learning_rate: "$learningRate" } },
    loss: "poisson",
    epochs: 4,
    batchSize: 64,
    patience: 3,
  },
  trials: 3,
  ...changes,
});
