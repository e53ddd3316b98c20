// A worker that opens a session and dies of the first graph: for remote-backend.test.ts.
import { workerMain } from "../../src/platform/workers.js";

workerMain<{ readonly call: string }>((scope) => {
  scope.onMessage(({ call }) => {
    if (call === "open") scope.post({ answer: { threads: 1, mode: "reproducible" } });
    else scope.close();
  });
  scope.post({ ready: true });
});
