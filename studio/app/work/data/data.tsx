// Data: the project's images with their labels.
import { useEffect, useState } from "preact/hooks";
import type { ImagePage } from "../../../contract/facts.js";
import { whole } from "../../frame/numbers.ts";
import { host } from "../../host/index.js";
import { Photo } from "../../ui/photo.tsx";
import type { ViewProps } from "../work.tsx";

export function Data({ project }: ViewProps) {
  const [page, setPage] = useState<ImagePage>();
  useEffect(() => {
    host()
      .then((way) => way.call("images", { project: project.id, filter: {}, from: 0, count: 60 }))
      .then(setPage, () => undefined);
  }, [project]);
  return (
    <section class="stack">
      <p class="muted">{project.sentence}</p>
      <p>{page && `${whole(page.total)} images`}</p>
      <div class="row">
        {page?.items.map(({ index, file, label }) => (
          <figure key={index} style={{ margin: 0, width: "72px" }}>
            <Photo project={project.id} index={index} alt={`${label ?? ""} ${file}`} />
            <figcaption>
              <bdi>{label}</bdi>
            </figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}
