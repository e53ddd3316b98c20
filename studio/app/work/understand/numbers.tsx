// Numbers that were predicted: each image a point, actual against predicted; a point shows its photo, a tenth of the predictions
// its points.
import { useState } from "preact/hooks";
import type { JudgedNumbers, ProjectFacts } from "../../../contract/facts.js";
import { metric } from "../../frame/numbers.ts";
import { Photo } from "../../ui/photo.tsx";
import { Deciles } from "./deciles.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly numbers: JudgedNumbers;
}

const SIDE = 460;
const EDGE = 44;

export function Numbers({ project, numbers }: Props) {
  const { name, actual, predicted, images, files, figures, deciles } = numbers;
  const [chosen, setChosen] = useState<number>();
  const [tenth, setTenth] = useState<number>();
  const decile = deciles.find(({ number }) => number === tenth);
  const isIn = (i: number): boolean =>
    decile === undefined || (predicted[i]! >= decile.from && predicted[i]! <= decile.to);
  const all = [...actual, ...predicted].filter(Number.isFinite);
  const low = Math.min(0, ...all);
  const high = Math.max(...all);
  const pixelOf = (value: number): number => EDGE + ((value - low) / (high - low || 1)) * (SIDE - EDGE - 12);
  const x = (i: number): number => pixelOf(predicted[i]!);
  const y = (i: number): number => SIDE - pixelOf(actual[i]!);
  /** Goes to the nearest point of a place in the picture. */
  const choose = ({ currentTarget, clientX, clientY }: MouseEvent): void => {
    const { left, top, width } = (currentTarget as SVGSVGElement).getBoundingClientRect();
    const scale = SIDE / width;
    const [toX, toY] = [(clientX - left) * scale, (clientY - top) * scale];
    let best: number | undefined;
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < actual.length; i++) {
      const distance = (x(i) - toX) ** 2 + (y(i) - toY) ** 2;
      if (distance < nearest) [best, nearest] = [i, distance];
    }
    setChosen(best);
  };
  const worst = [...actual.keys()]
    .filter(isIn)
    .sort((a, b) => Math.abs(actual[b]! - predicted[b]!) - Math.abs(actual[a]! - predicted[a]!))
    .slice(0, WORST);
  return (
    <section class="numbers">
      <h2>
        <bdi>{name}</bdi>: actual against predicted
      </h2>
      <dl class="figures">
        {Object.entries(figures)
          .filter(([key]) => key in TITLES)
          .map(([key, value]) => (
            <div key={key}>
              <dt>{TITLES[key]}</dt>
              <dd class="figure">{metric(value)}</dd>
            </div>
          ))}
      </dl>
      <div class="understand">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list of the worst beside it does the same by keys */}
        <svg
          class="scatter"
          viewBox={`0 0 ${SIDE} ${SIDE}`}
          role="img"
          aria-label={`${actual.length} images: actual ${name} upwards, predicted to the right`}
          onClick={choose}
        >
          <path d={`M${pixelOf(low)} ${SIDE - pixelOf(low)}L${pixelOf(high)} ${SIDE - pixelOf(high)}`} class="same" />
          {actual.map((_, i) => (
            <circle
              key={files[i]}
              cx={x(i)}
              cy={y(i)}
              r={i === chosen ? 6 : 3}
              class={i === chosen ? "chosen" : isIn(i) ? "" : "aside"}
            />
          ))}
          <text x={SIDE - 8} y={SIDE - 8} text-anchor="end">
            predicted
          </text>
          <text x={8} y={16}>
            actual
          </text>
        </svg>
        <div class="stack">
          {chosen !== undefined && (
            <figure class="chosen-photo" aria-live="polite">
              {images[chosen]! >= 0 && <Photo project={project.id} index={images[chosen]!} alt={files[chosen] ?? ""} />}
              <figcaption>
                <bdi>{files[chosen]}</bdi>: actual {shown(actual[chosen]!)}, predicted {shown(predicted[chosen]!)}
              </figcaption>
            </figure>
          )}
          <h3>{tenth === undefined ? "Furthest off" : `Furthest off in tenth ${tenth}`}</h3>
          <ul class="thumbs">
            {worst.map((i) => (
              <li key={files[i]}>
                <button type="button" aria-pressed={i === chosen} onClick={() => setChosen(i)}>
                  {images[i]! >= 0 && <Photo project={project.id} index={images[i]!} alt={files[i] ?? ""} />}
                  <small>
                    {shown(actual[i]!)}, said {shown(predicted[i]!)}
                  </small>
                </button>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <Deciles deciles={deciles} chosen={tenth} onChoose={setTenth} />
    </section>
  );
}

/** Images in the list of those that are furthest off. */
const WORST = 24;

const TITLES: Readonly<Record<string, string>> = {
  d2: "Deviance explained (D2)",
  rmse: "Root mean squared error",
  mae: "Mean absolute error",
  normalizedGini: "Gini, of the best possible",
};

const shown = (value: number): string => value.toLocaleString(undefined, { maximumSignificantDigits: 4 });
