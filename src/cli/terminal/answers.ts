// Answers of a model as tables: a table for each kind of answer that there is, since a model's outputs may be of several.
import type { Answer, OutputAnswer, OutputFacts } from "../../experiment/models/index.js";
import { short, taskOf } from "../../experiment/tasks/index.js";
import { textTable } from "../../report/text/table.js";
import { judgedColumns } from "./referrals.js";

type Column = Parameters<typeof textTable>[0][number];

interface Kind {
  readonly heads: readonly Column[];
  /** None where an answer is of another kind. */
  readonly rows: (answer: OutputAnswer) => readonly (readonly string[])[];
}

const right = (head: string): Column => ({ head, align: "right" });
const SHOWN = 8;

/** Answers of outputs that have no task. */
const PLAIN: readonly Kind[] = [
  { heads: [right("value")], rows: (answer) => ("value" in answer ? [[short(answer.value)]] : []) },
  {
    heads: [{ head: "values" }],
    rows: (answer) => {
      if (!("values" in answer)) return [];
      const { length } = answer.values;
      const rest = length > SHOWN ? `, ... ${length} in all` : "";
      return [[answer.values.slice(0, SHOWN).map(short).join(", ") + rest]];
    },
  },
  {
    heads: [{ head: "shape" }, right("min"), right("mean"), right("max")],
    rows: (answer) =>
      "shape" in answer ? [[answer.shape.join(" x "), short(answer.min), short(answer.mean), short(answer.max)]] : [],
  },
];

/**
 * The tables of some answers.
 * @param outputs of the model, whose tasks say how their answers read
 */
export function answerTables(answers: readonly Answer[], outputs: readonly OutputFacts[]): string {
  const isNamed = outputs.length > 1;
  const judged = judgedColumns(answers);
  const lines = answers.flatMap((answer) =>
    outputs.map(({ name, task }, i) => ({
      image: answer.image,
      judged: judged.map(({ cell }) => cell(answer)),
      name,
      task,
      answer: "outputs" in answer ? Object.values(answer.outputs)[i]! : (answer as OutputAnswer),
    })),
  );
  const tasks = [...new Set(outputs.flatMap(({ task }) => task?.kind ?? []))];
  const kinds = [
    ...tasks.map((kind) => {
      const facts = outputs.find(({ task }) => task?.kind === kind)!.task!;
      const record = taskOf(facts);
      return {
        heads: record.answerColumns(facts),
        rows: (line: (typeof lines)[number]) =>
          line.task?.kind === kind ? record.answerRows(line.answer as Parameters<typeof record.answerRows>[0]) : [],
      };
    }),
    ...PLAIN.map(({ heads, rows }) => ({
      heads,
      rows: (line: (typeof lines)[number]) => (line.task === undefined ? rows(line.answer) : []),
    })),
  ];
  const tables = kinds.flatMap(({ heads, rows }) => {
    const shown = lines.flatMap((line) =>
      rows(line).map((row, n) => [
        n === 0 ? line.image : "",
        ...(isNamed ? [n === 0 ? line.name : ""] : []),
        ...row,
        ...(n === 0 ? line.judged : judged.map(() => "")),
      ]),
    );
    const columns = [
      { head: "image" },
      ...(isNamed ? [{ head: "output" }] : []),
      ...heads,
      ...judged.map(({ head }) => ({ head })),
    ];
    return shown.length === 0 ? [] : [textTable(columns, shown)];
  });
  return tables.join("\n\n");
}
