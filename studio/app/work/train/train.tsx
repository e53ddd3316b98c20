// Train: what to predict and how, and the run that comes of it, live.

import { metric } from "../../frame/numbers.ts";
import { jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import type { ViewProps } from "../work.tsx";

export function Train({ project }: ViewProps) {
  const mine = jobs.value.filter((job) => job.project === project.id);
  const start = async (): Promise<void> => {
    await (await host()).call("train", {
      project: project.id,
      settings: { model: "cnn", epochs: 10, batchSize: 64, learningRate: 1e-3, augment: "none", patience: 15, seed: 1 },
    });
  };
  return (
    <section class="stack">
      <div>
        <button type="button" class="primary" onClick={start}>
          Train a CNN
        </button>
      </div>
      {mine.map(({ id, name, state, epoch, epochs, history, sha256, error }) => (
        <article class="card" key={id}>
          <h2>
            <bdi>{name}</bdi>
          </h2>
          <p>
            {state}, epoch {epoch} of {epochs}; validation accuracy {metric(history.val_accuracy?.at(-1) ?? Number.NaN)}
          </p>
          {sha256 && <p class="mono">{sha256}</p>}
          {error && <p class="error">{error}</p>}
        </article>
      ))}
    </section>
  );
}
