// The webcam, begun when somebody asks for it: a frame at a time, the next when the last has its answer.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "./refusal.tsx";
import "./webcam.css";

interface Props {
  /** Side of the square that is cut out of the middle, in pixels. Default 224. */
  readonly side?: number;
  /** Milliseconds between frames, at least. Default 250. */
  readonly every?: number;
  readonly onFrame: (picture: Blob) => void | Promise<void>;
}

export function Webcam({ side = 224, every = 250, onFrame }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onFrame);
  latest.current = onFrame;
  const [error, setError] = useState<string>();
  useEffect(() => {
    let stream: MediaStream | undefined;
    let isOver = false;
    const film = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
      if (isOver || video.current === null) return end();
      video.current.srcObject = stream;
      await video.current.play();
      while (!isOver) {
        const picture = await pictureOf(video.current, side);
        if (picture !== null && !isOver) await latest.current(picture);
        await new Promise((resume) => setTimeout(resume, every));
      }
    };
    const end = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    film().catch((failure: unknown) => {
      if (!isOver)
        setError(`the webcam cannot be used: ${failure instanceof Error ? failure.message : String(failure)}`);
    });
    return () => {
      isOver = true;
      end();
    };
  }, [side, every]);
  if (error !== undefined) return <Refusal sentence={error} />;
  return (
    <video ref={video} class="film" muted playsInline>
      <track kind="captions" />
    </video>
  );
}

/** The square in the middle of what the camera sees. */
function pictureOf(video: HTMLVideoElement, side: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const { videoWidth: width, videoHeight: height } = video;
  const cut = Math.min(width, height);
  canvas.getContext("2d")!.drawImage(video, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}
