// The button that goes on with a run that was broken off.
import { useState } from "preact/hooks";
import { keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { host } from "../../host/index.js";
import { Refusal } from "../../ui/refusal.tsx";

interface Props {
  readonly project: string;
  readonly run: string;
}

export function ResumeButton({ project, run }: Props) {
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string>();
  const resume = async (): Promise<void> => {
    setAsking(true);
    setError(undefined);
    try {
      await (await host()).call("resume", { project, run });
      keepState({ run: undefined });
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setAsking(false);
    }
  };
  return (
    <>
      <button type="button" aria-label={`Resume ${run}`} disabled={isAsking} onClick={resume}>
        Resume
      </button>
      <Refusal sentence={error} />
    </>
  );
}
