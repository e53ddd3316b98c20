// Suggested commands work where they are read: on the PATH, with npx, and in a clone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandPrefix, withCommandPrefix } from "../../src/platform/invocation.js";

test("a command begins as this program was started", () => {
  const npm = (script: string, name: string) => ({
    npm_command: "run-script",
    npm_lifecycle_event: script,
    npm_package_name: name,
  });
  assert.equal(commandPrefix({}), "fovea");
  assert.equal(commandPrefix({ npm_command: "exec", npm_lifecycle_event: "npx" }), "npx fovea");
  assert.equal(commandPrefix(npm("fovea", "fovea")), "npm run fovea --");
  assert.equal(commandPrefix(npm("demo", "fovea")), "npm run fovea --");
  assert.equal(commandPrefix(npm("train", "claims-of-an-insurer")), "npx fovea");
  // Tests of Fovea itself start it as a user would.
  assert.equal(commandPrefix(npm("test", "fovea")), "fovea");
});

test("commands in a text are found, and paths that look like them are not", () => {
  const text =
    'fovea: continue with: fovea train --resume a\n  fovea tune show x, see "fovea weights add my/fovea file"';
  assert.equal(
    withCommandPrefix(text, "npx fovea"),
    'fovea: continue with: npx fovea train --resume a\n  npx fovea tune show x, see "npx fovea weights add my/fovea file"',
  );
  assert.equal(withCommandPrefix(text, "fovea"), text);
  assert.equal(
    withCommandPrefix("it is in fovea demo/x and fovea a.png", "npx fovea"),
    "it is in fovea demo/x and fovea a.png",
  );
  assert.equal(
    withCommandPrefix("(fovea --help lists the commands)", "npx fovea"),
    "(npx fovea --help lists the commands)",
  );
});
