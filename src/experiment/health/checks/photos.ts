// Checks of the facts that cameras wrote: bursts that lie in several parts, clocks that cannot be right, photos that tell where they were taken.
import type { Check, HealthFinding } from "../check.js";
import type { HealthSubject } from "../subject.js";
import { countedOf, filesOf, joinedNames, namedFiles, partWord } from "../words.js";
import { keepOne } from "./copies.js";

/** Seconds between two photos of a burst: the shutter is held, or pressed again at the same scene. */
const BURST_SECONDS = 3;

/** Images of one camera that follow each other within seconds. */
export function burstsOf({ used, looks }: HealthSubject): number[][] {
  const timed = used
    .flatMap((index) => {
      const { taken, camera = "" } = looks.photos.get(index) ?? {};
      return taken === undefined ? [] : [{ index, camera, seconds: Date.parse(`${taken}Z`) / 1000 }];
    })
    .sort((a, b) => (a.camera < b.camera ? -1 : a.camera > b.camera ? 1 : a.seconds - b.seconds || a.index - b.index));
  const bursts: number[][] = [];
  for (const [at, photo] of timed.entries()) {
    const before = timed[at - 1];
    const follows = before?.camera === photo.camera && photo.seconds - before.seconds <= BURST_SECONDS;
    if (follows) bursts.at(-1)!.push(photo.index);
    else bursts.push([photo.index]);
  }
  return bursts.filter(({ length }) => length > 1);
}

export const bursts: Check = {
  name: "bursts",
  title: "Bursts across parts",
  method: `photos of one camera within ${BURST_SECONDS} seconds of each other, by EXIF times, in two parts or groups`,
  kinds: ["leak"],
  collects: ["photos"],
  needs: ["parts or groups", "EXIF times"],
  run: (subject) =>
    burstsOf(subject).flatMap((burst) => {
      const [parts, groups] = (["part", "group"] as const).map((fact) => [
        ...new Set(burst.map((index) => subject.images[index]![fact] ?? "none")),
      ]) as [string[], string[]];
      if (parts.length < 2 && groups.length < 2) return [];
      const across =
        parts.length > 1 ? `lie in ${joinedNames(parts.map(partWord))}` : `have the groups ${joinedNames(groups)}`;
      const finding: HealthFinding = {
        check: "bursts",
        kind: "leak",
        severity: "warning",
        files: filesOf(subject, burst),
        images: burst,
        evidence: `${burst.length} photos of one camera within ${BURST_SECONDS} seconds of each other ${across}: ${filesOf(subject, burst).join(", ")}`,
        remedy:
          "they likely show one scene, which a model then knows from training; keep a burst in one part, by a column group in a manifest",
        ...(parts.length > 1 ? { mend: keepOne(subject, burst) } : {}),
      };
      return [finding];
    }),
};

/** Digital cameras wrote no earlier times. */
const FIRST_YEAR = 1995;
/** Times of clocks that were never set. */
const UNSET = /^(1970-01-01|1980-01-01|1904-01-01|2000-01-01T00:00|2001-01-01T00:00)/;

export const metadata: Check = {
  name: "metadata",
  title: "Metadata",
  method: "EXIF times, places and software",
  kinds: ["metadata"],
  collects: ["photos"],
  needs: [],
  run: (subject) => [...clocks(subject), ...places(subject)],
};

function clocks(subject: HealthSubject): HealthFinding[] {
  const { looks, used } = subject;
  const takenAt = (index: number): string => looks.photos.get(index)?.taken ?? "";
  const wrong = used.filter((index) => {
    const taken = takenAt(index);
    return taken !== "" && (UNSET.test(taken) || Number(taken.slice(0, 4)) < FIRST_YEAR);
  });
  if (wrong.length === 0) return [];
  return [
    {
      check: "metadata",
      kind: "metadata",
      severity: "note",
      files: filesOf(subject, wrong),
      images: wrong,
      evidence: `${countedOf(wrong.length, used.length)} dated to a time at which the camera's clock was not set: ${namedFiles(subject, wrong, (index) => `(${takenAt(index)})`)}`,
      remedy: "do not split these by date",
    },
  ];
}

function places(subject: HealthSubject): HealthFinding[] {
  const { looks, used } = subject;
  const placed = used.filter((index) => looks.photos.get(index)?.hasPlace === true);
  if (placed.length === 0) return [];
  return [
    {
      check: "metadata",
      kind: "metadata",
      severity: "note",
      files: filesOf(subject, placed),
      images: placed,
      evidence: `${countedOf(placed.length, used.length)} photos that contain the place where they were taken (GPS): ${namedFiles(subject, placed)}`,
      remedy: "remove the place before the files are given to others; models do not read it",
    },
  ];
}
