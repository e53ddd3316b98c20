// A classification taken apart by the library: classes, referral, slices of images by what is known of them.

import { wilsonInterval } from "fovea/core";
import { classTable, referralCurve, type SliceAttribute, slicesOf } from "fovea/experiment";
import type { JudgedImage } from "../contract/facts.js";
import type { Breakdown, SliceFacts } from "../contract/understand-facts.js";
import { modeOf } from "./look.js";
import { nameHash } from "./name-hash.js";
import type { Project } from "./project.js";

export function breakdownOf(
  judged: readonly JudgedImage[],
  classNames: readonly string[],
  project: Project,
): Breakdown {
  const outcome = {
    labels: judged.map(({ label }) => label),
    predicted: judged.map(({ predicted }) => predicted),
    confidence: judged.map(({ confidence }) => confidence),
  };
  const right = judged.map(({ label, predicted }) => label === predicted);
  const attributes = attributesOf(judged, classNames, project);
  return {
    judged,
    accuracy: wilsonInterval(right.filter(Boolean).length, right.length),
    classes: classTable(outcome, classNames.length),
    referral: referralCurve(outcome),
    slices: slicesOf(right, attributes).map(({ value, ...slice }): SliceFacts => {
      const text = typeof value === "string" ? value : rangeText(value.from, value.to);
      return { ...slice, value: text, id: nameHash(`${slice.attribute} ${text}`) };
    }),
    isUnseen: project.look === undefined,
  };
}

const rangeText = (from: number, to: number): string =>
  from === to ? numberText(from) : `${numberText(from)} to ${numberText(to)}`;

const numberText = (value: number): string => String(Number(value.toPrecision(4)));

/** All that is known of the images: their class, their files, what a look at all of them found, what the source says. */
function attributesOf(
  judged: readonly JudgedImage[],
  classNames: readonly string[],
  project: Project,
): SliceAttribute[] {
  const { look } = project;
  const numbers = (name: string, factOf: (index: number) => number | undefined): SliceAttribute => ({
    name,
    values: judged.map(({ index }) => (index === undefined ? Number.NaN : (factOf(index) ?? Number.NaN))),
  });
  const names = (name: string, factOf: (index: number) => string | undefined): SliceAttribute => ({
    name,
    values: judged.map(({ index }) => (index === undefined ? "" : (factOf(index) ?? ""))),
  });
  return [
    { name: "class", values: judged.map(({ label }) => classNames[label]!) },
    numbers("bytes of the file", (index) => project.image(index).image.size || undefined),
    ...(look === undefined
      ? []
      : [
          numbers("pixels", (index) => look.heights[index]! * look.widths[index]! || undefined),
          numbers("brightness", (index) => (look.heights[index] === 0 ? undefined : look.brightness[index])),
          names("colours", (index) => modeOf(look, index)),
        ]),
    ...columnsOf(project).map((column) =>
      column.isNumbers
        ? numbers(column.name, (index) => Number(column.valueAt(index)))
        : names(column.name, (index) => String(column.valueAt(index) ?? "")),
    ),
  ];
}

interface Column {
  readonly name: string;
  readonly isNumbers: boolean;
  valueAt(index: number): string | number | undefined;
}

/** Columns of a manifest besides those of the labels, and its groups. */
function columnsOf(project: Project): Column[] {
  const [first] = project.sourceFolders;
  if (first === undefined || first.source.kind !== "manifest") return [];
  const { columns, group } = first.source.listing;
  const labels = new Set(first.labels?.columns);
  const others = Object.entries({ ...columns, ...(group && { group }) }).filter(([name]) => !labels.has(name));
  return others.flatMap(([name, values]): Column[] => {
    if (typeof values[0] === "object") return [];
    const plain = values as Float64Array | readonly string[];
    return [
      {
        name,
        isNumbers: plain instanceof Float64Array,
        valueAt: (index) => {
          const { source, row } = project.image(index);
          return source === first ? plain[row] : undefined;
        },
      },
    ];
  });
}
