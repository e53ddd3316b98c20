// Output of the command line: names out of files are shown, and never obeyed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Output } from "../../src/cli/terminal/output.js";

function stream() {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text) };
}

test("names out of files cannot command a terminal; drawings of our own can", () => {
  const [out, errors] = [stream(), stream()];
  const output = new Output({}, out, errors);
  output.say("classes: a\u001b]0;title\u0007 b");
  output.draw("\u001b[36mtraining\u001b[0m");
  output.answer({}, "\u001b[36mred\n\u001b[2Jgone\u009b31m");
  output.warn("left out \u001b[Kx.png");
  output.answer({}, "a\u202egnp.x\u001b[8mhidden");
  // A warning that was given before the work is not given again after it.
  output.warn("left out \u001b[Kx.png");
  assert.deepEqual(out.written, [
    "classes: a\ufffd]0;title\ufffd b\n",
    "\u001b[36mtraining\u001b[0m\n",
    "\ufffd[36mred\n\ufffd[2Jgone\ufffd31m\n",
    "a\ufffdgnp.x\ufffd[8mhidden\n",
  ]);
  assert.deepEqual(errors.written, ["left out  [Kx.png\n"]);
});

test("JSON tells every name exactly, in characters that no terminal obeys", () => {
  const [out, errors] = [stream(), stream()];
  const value = { class: "a\u202eb\u009b31m\u2028\ud800 东" };
  new Output({ json: true }, out, errors).answer(value, "");
  assert.equal(out.written[0], '{"class":"a\\u202eb\\u009b31m\\u2028\\ud800 东"}\n');
  assert.deepEqual(JSON.parse(out.written[0]!), value);
  new Output({ json: true }, out, errors).answer({ loss: Number.NaN, all: [Infinity, -Infinity, 0.5] }, "");
  assert.equal(out.written[1], '{"loss":"NaN","all":["Infinity","-Infinity",0.5]}\n');
});
