// Losses by their names: a recipe's loss leads back to the name that chose it, so that replays train by the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TASKS } from "../../src/experiment/index.js";
import { sequential } from "../../src/index.js";
import { conv2d, input } from "../../src/nn/layers/index.js";
import { lossFromKeras, lossToKeras } from "../../src/nn/losses/index.js";

test("each loss of masks is known again in a recipe", async (t) => {
  const facts = { kind: "segmentation" as const, classNames: ["background", "dent"] };
  const model = sequential([input([4, 4, 3]), conv2d(2, 1)], { seed: 1 });
  t.after(() => model.close());
  const { losses, objective, wishOf } = TASKS.segmentation;
  assert.deepEqual(losses, ["dice-crossentropy", "crossentropy", "dice", "focal", "lovasz-crossentropy"]);
  for (const name of losses!) {
    const { loss } = objective(model, facts, { loss: name });
    assert.ok(typeof loss === "object");
    assert.deepEqual(wishOf(lossFromKeras(lossToKeras(loss)), facts), { loss: name });
  }
});
