// The button that stops running work; says why where it cannot.
import { useState } from "preact/hooks";
import type { JobFacts } from "../../contract/facts.js";
import { host } from "../host/index.js";
import { Refusal } from "../ui/refusal.tsx";
import { sentenceOf } from "./sentence.ts";

interface Props {
  readonly job: Pick<JobFacts, "id">;
  readonly class?: string;
  readonly disabled?: boolean;
  readonly children?: string;
}

export function StopButton({ job: { id }, class: className, disabled = false, children = "Stop" }: Props) {
  const [error, setError] = useState<string>();
  const stop = async (): Promise<void> => {
    setError(undefined);
    try {
      await (await host()).call("stop", { job: id });
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  return (
    <>
      <button type="button" class={className} disabled={disabled} onClick={stop}>
        {children}
      </button>
      <Refusal sentence={error} isInline />
    </>
  );
}
