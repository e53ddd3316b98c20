// A model that was opened, trained further: with new examples in quick start, or on images that are open.
import { linkTo } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import { projects } from "../../frame/store.ts";
import { BringPanel, OpeningState } from "../open.tsx";
import type { ViewProps } from "../work.tsx";

export function Further({ project }: ViewProps) {
  const images = projects.value.filter(({ kind, labelKind }) => kind === "images" && labelKind !== undefined);
  return (
    <div class="stack">
      <h1>Train further</h1>
      <p>
        <bdi>{project.sentence}</bdi>
      </p>
      <p>
        All of it before the layer that decides is kept as it is, and a new deciding layer learns the classes of your
        examples. The run names the file by its hash, and can be replayed.
      </p>
      <div class="doors">
        <section class="card">
          <h2>With new examples</h2>
          <p>From the webcam, a drawing pad or files, on one page.</p>
          <a class="button primary" href={linkTo(["quick"], { base: project.id, set: "new" })}>
            Quick start
          </a>
        </section>
        <section class="card">
          <h2>On images that are open</h2>
          {images.length === 0 && <p>Open some first; they stay open beside the model.</p>}
          <div class="row">
            {images.map(({ id, name, images: count }) => (
              <a key={id} class="button" href={linkTo(["work", id, "train"], { base: project.id })}>
                <bdi>{name}</bdi> <small>{whole(count)} images</small>
              </a>
            ))}
          </div>
          {images.length === 0 && <BringPanel />}
        </section>
      </div>
      <OpeningState />
    </div>
  );
}
