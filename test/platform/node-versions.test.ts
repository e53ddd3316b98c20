// Other versions of Node train to the same bits. FOVEA_NODES names their programs, separated by colons.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { trainSmall } from "../determinism/train-small.js";

const nodes = (process.env.FOVEA_NODES ?? "").split(":").filter((path) => path !== "");
const program = fileURLToPath(new URL("../determinism/print-hashes.js", import.meta.url));
const skip = nodes.length === 0 && "FOVEA_NODES names no other Node to compare with";

test("other versions of Node train to the same weights", { skip }, async () => {
  const expected = await trainSmall(2);
  for (const node of nodes) {
    const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
    assert.notEqual(version, process.version, `${node} is the Node that runs this test`);
    assert.equal(execFileSync(node, [program], { encoding: "utf8" }).trim(), expected, version);
  }
});
