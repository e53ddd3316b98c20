// All that is known of the image that is looked at: its pixels, its file, what the source and the journal say, images alike.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ImageDetails, LabelChange } from "../../../contract/data-facts.js";
import type { ProjectFacts } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";
import { bytes, whole } from "../../frame/numbers.ts";
import { Photo } from "../../ui/photo.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { ByAndWhy, LabelWord } from "./change-words.tsx";
import { PixelView } from "./pixel-view.tsx";
import { RunAnswers } from "./run-answers.tsx";
import "./inspector.css";

interface Props {
  readonly project: ProjectFacts;
  readonly index: number;
  /** Grows when somebody has looked at all images. */
  readonly looks: number;
  readonly onClose: () => void;
}

export function Inspector({ project, index, looks, onClose }: Props) {
  const version = `${project.labelVersion} ${looks}`;
  const settled = useSettled(index);
  const { value, error, previous } = useCall("image", { project: project.id, image: settled }, version);
  // The image before is shown, with all that is its own, until the next comes.
  const image = value ?? previous;
  if (error !== undefined)
    return (
      <Frame onClose={onClose} title="Image">
        <Refusal sentence={error} />
      </Frame>
    );
  if (image === undefined)
    return (
      <Frame onClose={onClose} title="Image">
        <p class="muted">Looking ...</p>
      </Frame>
    );
  const { file, pixels } = image;
  return (
    <Frame onClose={onClose} title={file}>
      <PixelView
        project={project.id}
        index={image.index}
        file={file}
        width={pixels?.width}
        height={pixels?.height}
        key={image.index}
      />
      <Refusal sentence={image.error} />
      <FileFacts image={image} />
      {image.history.length > 0 && <History history={image.history} />}
      <RunAnswers project={project.id} index={image.index} />
      {image.nearest.length > 0 && <Nearest project={project.id} image={image} />}
      {pixels !== undefined && pixels.metadata.length > 0 && (
        <details>
          <summary>EXIF ({pixels.metadata.length})</summary>
          <Facts facts={pixels.metadata.map(({ name, value }) => [name, <bdi>{value}</bdi>])} />
        </details>
      )}
    </Frame>
  );
}

/** Milliseconds that the cursor rests before an image is decoded: arrows pass over many. */
const RESTS = 120;

/** The image on which the cursor has come to rest. */
function useSettled(index: number): number {
  const [settled, setSettled] = useState(index);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(index), RESTS);
    return () => clearTimeout(timer);
  }, [index]);
  return settled;
}

interface FrameProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

const Frame = ({ title, onClose, children }: FrameProps) => (
  <aside class="inspector" aria-label="The image">
    <header>
      <h2>
        <bdi>{title}</bdi>
      </h2>
      <button type="button" class="plain" aria-label="Close the image" onClick={onClose}>
        ×
      </button>
    </header>
    {children}
  </aside>
);

function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function FileFacts({ image }: { readonly image: ImageDetails }) {
  const { columns, size, pixels, sha256 } = image;
  const facts: (readonly [string, ComponentChildren])[] = columns.map(({ name, value }) => [name, <bdi>{value}</bdi>]);
  if (pixels !== undefined) {
    const { width, height, format, mode, depth, lowest, highest, mean, orientation } = pixels;
    facts.push(["pixels", `${whole(width)} × ${whole(height)}, ${mode}${depth === 8 ? "" : `, ${depth} bits`}`]);
    facts.push(["values", `${lowest} to ${highest}, mean ${mean.toFixed(1)}`]);
    if (orientation !== 1) facts.push(["stored", `turned, EXIF orientation ${orientation}`]);
    facts.push(["file", `${format}, ${bytes(size)}`]);
  } else facts.push(["file", bytes(size)]);
  facts.push([
    "sha256",
    <code class="hash" title={sha256}>
      {sha256}
    </code>,
  ]);
  return <Facts facts={facts} />;
}

function History({ history }: { readonly history: readonly LabelChange[] }) {
  return (
    <section aria-label="History of its label">
      <h2 class="small">History of its label</h2>
      <ol class="history">
        {history.map(({ from, to, when, by, why }) => (
          <li key={`${when} ${from} ${to}`}>
            <LabelWord label={from} /> → <LabelWord label={to} />
            <small>
              {new Date(when).toLocaleString()}
              <ByAndWhy {...{ by, why }} />
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Nearest({ project, image }: { readonly project: string; readonly image: ImageDetails }) {
  return (
    <section aria-label="Images alike">
      <h2 class="small">Images alike</h2>
      <ul class="nearest">
        {image.nearest.map(({ index, file, likeness }) => (
          <li key={index}>
            <button type="button" class="plain" onClick={() => keepState({ image: String(index) })}>
              <Photo project={project} index={index} alt={file} />
              <small>{likeness.toFixed(2)}</small>
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="plain"
        onClick={() => keepState({ sort: "likeness", like: String(image.index), down: undefined })}
      >
        Sort all by likeness to it
      </button>
    </section>
  );
}
