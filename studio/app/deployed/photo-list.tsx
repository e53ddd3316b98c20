// All photos with the answer of each in a few words; the chosen one is shown in full beside the list.
import { whole } from "../frame/numbers.ts";
import { sayShort } from "./say.ts";
import type { AskedPhoto } from "./use-asked-photos.ts";

interface Props {
  readonly photos: readonly AskedPhoto[];
  readonly shown: number | undefined;
  readonly onChoose: (number: number) => void;
}

/** So many are listed, the last that came; CSV and JSON have all. */
const MOST_LISTED = 200;

const isReferred = ({ answer, error }: AskedPhoto): boolean => error !== undefined || answer?.accepted === false;

export function PhotoList({ photos, shown, onChoose }: Props) {
  const listed = photos.slice(-MOST_LISTED).reverse();
  const referred = photos.filter(isReferred).length;
  return (
    <>
      <p class="muted" role="status">
        {whole(photos.length)} {photos.length === 1 ? "photo" : "photos"}, {whole(referred)} for a person to look at
        {photos.length > listed.length && `; the last ${whole(listed.length)} are listed`}
      </p>
      <ul class="photo-list">
        {listed.map((photo) => (
          <li key={photo.number}>
            <button type="button" aria-pressed={photo.number === shown} onClick={() => onChoose(photo.number)}>
              <img src={photo.picture} alt="" loading="lazy" />
              <bdi class="name">{photo.name}</bdi>
              <span class={isReferred(photo) ? "short referred" : "short"}>
                <bdi>{sayShort(photo)}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
