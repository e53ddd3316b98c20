// The worker of workers.test.ts: echoes with its sum, fails or goes away on demand.
import { workerMain } from "../../src/platform/workers.js";

workerMain<{ numbers?: Float64Array; fail?: boolean; leave?: boolean }>((scope) =>
  scope.onMessage(({ numbers, fail, leave }) => {
    if (fail) throw new Error("told to fail");
    if (leave) return scope.close();
    scope.post({ sum: numbers!.reduce((a, b) => a + b, 0), numbers }, [numbers!.buffer as ArrayBuffer]);
  }),
);
