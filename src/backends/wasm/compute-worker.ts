// The worker thread: keeps the session's programs and runs them when told.
import { workerMain } from "../../platform/workers.js";
import { type FromWorker, instantiate, type Run, type ToWorker } from "./messages.js";

workerMain<ToWorker>((scope) => {
  const programs = new Map<number, Run>();
  const answer = (message: FromWorker): void => scope.post(message);
  scope.onMessage((message) => {
    try {
      if (message.say === "load") programs.set(message.program, instantiate(message.module, message.memory));
      else if (message.say === "unload") programs.delete(message.program);
      else {
        programs.get(message.program)!(message.thread, message.scratch);
        answer({ say: "done" });
      }
    } catch (error) {
      answer({ say: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
  });
});
