// history.csv: the same text as csvLogger, every number back to the bit, Keras's own files, damage told in a sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { readHistoryCsv, writeHistoryCsv } from "../../src/formats/run/history-csv.js";
import { csvLogger } from "../../src/nn/callbacks/index.js";

const HISTORY = {
  epoch: [0, 1, 2],
  history: {
    accuracy: [0.1, 1 / 3, 0.30000000000000004],
    loss: [5e-324, 1.7976931348623157e308, -0],
    'odd, "name"\n': [1e21, 1e-7, 2 ** 53],
    val_loss: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  },
};

test("every number comes back to the bit", () => {
  assert.deepEqual(readHistoryCsv(writeHistoryCsv(HISTORY)), HISTORY);
  const empty = { epoch: [], history: {} };
  assert.deepEqual(readHistoryCsv(writeHistoryCsv(empty)), empty);
});

test("the text is what csvLogger has written after the last epoch", async () => {
  const run = undefined as never;
  for (const logs of [
    { loss: [0.5, 0.25], accuracy: [1e-9, 1] },
    { loss: [0.5, Number.NaN], "a,b": [1, 2], val_loss: [3, 4] },
  ] as Record<string, number[]>[]) {
    let written = "";
    const logger = csvLogger("history.csv", {
      write: async (_, text) => {
        written = text;
      },
    });
    await logger.onTrainBegin?.(run);
    for (const epoch of [0, 1])
      await logger.onEpochEnd?.(
        epoch,
        Object.fromEntries(Object.entries(logs).map(([key, values]) => [key, values[epoch]!])),
        run,
      );
    assert.equal(writeHistoryCsv({ epoch: [0, 1], history: logs }), written);
    assert.deepEqual(readHistoryCsv(written), { epoch: [0, 1], history: logs });
  }
});

test("Keras's files are read: Python's numbers, values that were not logged, any line ends", () => {
  const csv = "epoch,accuracy,learning_rate,loss,val_loss,val_accuracy\n3,0.5,1e-05,nan,NA,NA\n4,1,.5,-inf,0.25,NA\n";
  assert.deepEqual(readHistoryCsv(csv), {
    epoch: [3, 4],
    history: {
      accuracy: [0.5, 1],
      learning_rate: [1e-5, 0.5],
      loss: [Number.NaN, Number.NEGATIVE_INFINITY],
      val_loss: [Number.NaN, 0.25],
    },
  });
});

test("what is no history is refused, with its line", () => {
  const refused = (csv: string, pattern: RegExp): void => {
    assert.throws(
      () => readHistoryCsv(csv, "runs/a/history.csv"),
      (error) =>
        error instanceof FoveaError && /^runs\/a\/history\.csv/.test(error.message) && pattern.test(error.message),
      csv,
    );
  };
  refused("", /"epoch"/);
  refused("epoch,loss\r\n0,1.2", /cut short/);
  refused("loss,epoch\n1,0\n", /"epoch"/);
  refused("epoch,loss,loss\n0,1,2\n", /each once/);
  refused("epoch,loss\r\n0,1\r\n1\r\n", /line 3: expected 2 values, received 1/);
  refused("epoch,loss\r\n0,1\r\n1,\n", /line 3: expected a number, received ""/);
  refused("epoch,loss\r\n0,1x\r\n", /line 2: expected a number, received "1x"/);
  refused("epoch,loss\r\n0,0x10\r\n", /line 2/);
  refused("epoch,loss\r\n0,1,2\r\n", /line 2: expected 2 values, received 3/);
  refused("epoch,loss\r\n\r\n0,1\r\n", /line 2/);
  refused('epoch,"loss\r\n0,1\r\n', /line 1: .*stray quote/);
  refused('epoch,lo"ss\r\n0,1\r\n', /line 1: .*stray quote/);
  refused("PK\u0003\u0004\0\0\n", /"epoch"/);
});

test("a file cut anywhere but after a line is refused", () => {
  const csv = writeHistoryCsv(HISTORY);
  for (let length = 0; length < csv.length; length++) {
    const cut = csv.slice(0, length);
    try {
      const { epoch, history } = readHistoryCsv(cut);
      assert.ok(cut.endsWith("\n") && cut !== "");
      assert.deepEqual(epoch, HISTORY.epoch.slice(0, epoch.length));
      for (const [key, values] of Object.entries(HISTORY.history))
        assert.deepEqual(history[key], values.slice(0, epoch.length));
    } catch (error) {
      assert.ok(error instanceof FoveaError, `${length}: ${error}`);
    }
  }
});
