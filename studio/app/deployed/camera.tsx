// The camera with the answer about what it sees now. Some browsers give no camera to a page that is opened from a disk; the
// folder form on a web server has one.
import type { Answer, Refusal as NoAnswer, PageSettings } from "fovea/experiment";
import { useRef, useState } from "preact/hooks";
import { Webcam } from "../ui/webcam.tsx";
import { AnswerBody } from "./answer-body.tsx";
import type { Engine } from "./engine.ts";
import { broughtFrom } from "./use-asked-photos.ts";

interface Props {
  readonly engine: Engine;
  readonly settings: PageSettings;
  readonly onKeep: (photo: File) => void;
}

export function Camera({ engine, settings, onKeep }: Props) {
  const [answer, setAnswer] = useState<Answer | NoAnswer>();
  const frame = useRef<Blob>(undefined);
  const kept = useRef(0);
  const film = async (picture: Blob): Promise<void> => {
    const photo = await broughtFrom("frame.jpg", picture);
    const answered = await engine.ask("photo", { photo, number: undefined });
    frame.current = picture;
    setAnswer(answered.answer);
  };
  const keep = (): void => {
    if (frame.current !== undefined)
      onKeep(new File([frame.current], `frame-${++kept.current}.jpg`, { type: "image/jpeg" }));
  };
  return (
    <div class="stack">
      {navigator.mediaDevices === undefined ? (
        <p class="quiet">
          This browser gives no camera to a page that is opened from a disk or an insecure address. The same page as a
          folder on a web server has one: <code>fovea deploy --to folder</code>
        </p>
      ) : (
        <Webcam onFrame={film} />
      )}
      {answer !== undefined && (
        <>
          <AnswerBody answer={answer} settings={settings} />
          <div class="row">
            <button type="button" onClick={keep}>
              Keep this frame
            </button>
          </div>
        </>
      )}
    </div>
  );
}
