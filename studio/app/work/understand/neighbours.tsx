// The training images that the run's model takes for most like an image: a wrong label or a missing kind of photo shows there.
import { whole } from "../../frame/numbers.ts";
import { Photo } from "../../ui/photo.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";

interface Props {
  readonly project: string;
  readonly run: string;
  readonly image: number;
}

export function Neighbours({ project, run, image }: Props) {
  const { value, error } = useCall("neighbours", { project, run, image });
  return (
    <section class="neighbours" aria-label="Training images most alike" aria-busy={value === undefined && !error}>
      <h3>Training images most alike</h3>
      {value === undefined && error === undefined && (
        <p class="muted" role="status">
          Comparing with the training images ...
        </p>
      )}
      <Refusal sentence={error} />
      {value !== undefined && (
        <>
          <ol>
            {value.images.map(({ index, file, label, similarity }) => (
              <li key={file}>
                {index !== undefined && <Photo project={project} index={index} alt={file} />}
                <bdi>{label}</bdi>
                <small>{similarity.toFixed(3)}</small>
              </li>
            ))}
          </ol>
          <small>
            By the features of this run's model; 1 is the same.
            {value.compared < value.total &&
              ` Compared with ${whole(value.compared)} of ${whole(value.total)}, spread evenly.`}
          </small>
        </>
      )}
    </section>
  );
}
