// The last twenty pictures as a strip, each with what was said of it; the chosen one large, with its answer.
import type { Asked } from "./asked.ts";

interface Props {
  readonly asked: readonly Asked[];
  readonly chosen: number | undefined;
  readonly onChoose: (id: number) => void;
}

export function Strip({ asked, chosen, onChoose }: Props) {
  return (
    <ol class="strip" aria-label="The last answers">
      {asked.map((item) => (
        <li key={item.id}>
          <button type="button" aria-pressed={item.id === chosen} onClick={() => onChoose(item.id)}>
            <img src={item.picture} alt={item.name} />
            <bdi>{saidOf(item)}</bdi>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The answer in a word or two. */
export function saidOf({ answer, error }: Asked): string {
  if (error !== undefined) return "no answer";
  if (answer === undefined) return "...";
  const [best] = answer.guesses;
  if (best !== undefined) return best.label;
  return answer.values.map(({ value }) => value.toLocaleString(undefined, { maximumSignificantDigits: 4 })).join("; ");
}
