// The lines of Optuna's journal: one JSON object for each thing that was done, with an operation code from 0 to 10.
// Writes them, and applies them to a book. Invalid lines of another process have no effect, as in Optuna: their writer
// got the error at the time.
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";
import { toExternal, toInternal } from "../distribution.js";
import { type Direction, isFinished, type TrialRecord, type TrialState } from "../trial-record.js";
import type { Book } from "./book.js";
import { distributionFromJson, distributionToJson } from "./distribution-json.js";
import type { AttributeKind, NewTrial, TrialChange } from "./storage.js";

/** Operation codes. 10 (discard trials) is written by none that we know; Optuna ignores it too. */
export const OPERATION = {
  createStudy: 0,
  deleteStudy: 1,
  studyUserAttribute: 2,
  studySystemAttribute: 3,
  createTrial: 4,
  parameter: 5,
  state: 6,
  report: 7,
  trialUserAttribute: 8,
  trialSystemAttribute: 9,
  discardTrials: 10,
} as const;

/** Trial states in the order of their codes. */
const STATES: readonly TrialState[] = ["running", "complete", "pruned", "fail", "waiting"];
const DIRECTIONS: readonly (Direction | undefined)[] = [undefined, "minimize", "maximize"];

/** A line. Its fields depend on the operation. */
export interface LogLine {
  readonly op_code: number;
  readonly worker_id: string;
  readonly [field: string]: unknown;
}

type Fields = Record<string, unknown> & { readonly op_code: number };

const iso = (date: Date): string => date.toISOString().replace("Z", "000+00:00");
const dateOf = (text: unknown): Date | undefined => (typeof text === "string" ? new Date(text) : undefined);
const mapValues = <A, B>(
  object: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

export const createStudyLine = (name: string, directions: readonly Direction[]): Fields => ({
  op_code: OPERATION.createStudy,
  study_name: name,
  directions: directions.map((direction) => DIRECTIONS.indexOf(direction)),
});

export const studyAttributeLine = (studyId: number, kind: AttributeKind, key: string, value: Json): Fields => ({
  op_code: kind === "user" ? OPERATION.studyUserAttribute : OPERATION.studySystemAttribute,
  study_id: studyId,
  [`${kind}_attr`]: { [key]: value },
});

export function createTrialLine(studyId: number, trial: NewTrial): Fields {
  const { values } = trial;
  return {
    op_code: OPERATION.createTrial,
    study_id: studyId,
    datetime_start: trial.startedAt === undefined ? null : iso(trial.startedAt),
    ...(trial.finishedAt === undefined ? {} : { datetime_complete: iso(trial.finishedAt) }),
    state: STATES.indexOf(trial.state),
    value: values?.length === 1 ? values[0] : null,
    values: values !== undefined && values.length > 1 ? values : null,
    distributions: mapValues(trial.distributions, distributionToJson),
    params: mapValues(trial.params, (value, name) => toInternal(name, trial.distributions[name]!, value)),
    user_attrs: trial.userAttributes,
    system_attrs: trial.systemAttributes,
    intermediate_values: Object.fromEntries(trial.intermediate),
  };
}

export function changeLine(trialId: number, change: TrialChange): Fields {
  if (change.kind === "parameter")
    return {
      op_code: OPERATION.parameter,
      trial_id: trialId,
      param_name: change.name,
      param_value_internal: change.internal,
      distribution: distributionToJson(change.distribution),
    };
  if (change.kind === "report")
    return { op_code: OPERATION.report, trial_id: trialId, step: change.step, intermediate_value: change.value };
  const operation = change.kind === "user" ? OPERATION.trialUserAttribute : OPERATION.trialSystemAttribute;
  return { op_code: operation, trial_id: trialId, [`${change.kind}_attr`]: { [change.key]: change.value } };
}

export function stateLine(trialId: number, state: TrialState, values: readonly number[] | undefined): Fields {
  const now = iso(new Date());
  const dates = state === "running" ? { datetime_start: now } : isFinished(state) ? { datetime_complete: now } : {};
  return {
    op_code: OPERATION.state,
    trial_id: trialId,
    state: STATES.indexOf(state),
    values: values ?? null,
    ...dates,
  };
}

/**
 * Applies one line to a book.
 * @throws FoveaError when the line does not fit what the book has: an error for its writer, nothing for others
 * @throws TypeError when it is not a line of a journal at all
 */
export function applyLine(book: Book, line: LogLine): void {
  const studyId = line.study_id as number;
  const trialId = line.trial_id as number;
  switch (line.op_code) {
    case OPERATION.createStudy: {
      const codes = line.directions as number[];
      book.createStudy(
        line.study_name as string,
        codes.map((code) => DIRECTIONS[code] ?? "minimize"),
      );
      break;
    }
    case OPERATION.deleteStudy:
      book.deleteStudy(studyId);
      break;
    case OPERATION.studyUserAttribute:
    case OPERATION.studySystemAttribute: {
      const kind = line.op_code === OPERATION.studyUserAttribute ? "user" : "system";
      for (const [key, value] of attributes(line, kind)) book.setStudyAttribute(studyId, kind, key, value);
      break;
    }
    case OPERATION.createTrial:
      book.createTrial(studyId, newTrialOf(line));
      break;
    case OPERATION.parameter: {
      const distribution = distributionFromJson(line.distribution as string);
      const internal = line.param_value_internal as number;
      book.change(trialId, [{ kind: "parameter", name: line.param_name as string, internal, distribution }]);
      break;
    }
    case OPERATION.state:
      moveTrial(book, trialId, line);
      break;
    case OPERATION.report:
      book.change(trialId, [{ kind: "report", step: Number(line.step), value: line.intermediate_value as number }]);
      break;
    case OPERATION.trialUserAttribute:
    case OPERATION.trialSystemAttribute: {
      const kind = line.op_code === OPERATION.trialUserAttribute ? "user" : "system";
      book.change(
        trialId,
        attributes(line, kind).map(([key, value]) => ({ kind, key, value })),
      );
      break;
    }
    case OPERATION.discardTrials:
      break;
    default:
      throw new TypeError(`unknown operation ${String(line.op_code)}`);
  }
}

const attributes = (line: LogLine, kind: AttributeKind): [string, Json][] =>
  Object.entries(line[`${kind}_attr`] as Record<string, Json>);

function moveTrial(book: Book, trialId: number, line: LogLine): void {
  const state = STATES[line.state as number];
  if (state === undefined) throw new TypeError(`unknown state ${String(line.state)}`);
  const { state: before } = book.trial(trialId);
  if (state === "running" && before === "running")
    throw new FoveaError("in-use", "trial: another process has begun it already");
  const values = line.values as number[] | null;
  const startedAt = state === "running" ? dateOf(line.datetime_start) : undefined;
  const finishedAt = isFinished(state) ? dateOf(line.datetime_complete) : undefined;
  book.move(trialId, {
    state,
    ...(values === null ? {} : { values }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  });
}

function newTrialOf(line: LogLine): NewTrial {
  const distributions = mapValues((line.distributions ?? {}) as Record<string, string>, distributionFromJson);
  const value = line.value as number | null | undefined;
  const values = (line.values ?? (value === null || value === undefined ? undefined : [value])) as number[] | undefined;
  const reports = Object.entries((line.intermediate_values ?? {}) as Record<string, number>);
  return {
    state: STATES[(line.state as number | undefined) ?? 0] ?? "running",
    values,
    params: mapValues((line.params ?? {}) as Record<string, number>, (internal, name) =>
      toExternal(ownValue(distributions, name)!, internal),
    ),
    distributions,
    userAttributes: (line.user_attrs ?? {}) as TrialRecord["userAttributes"],
    systemAttributes: (line.system_attrs ?? {}) as TrialRecord["systemAttributes"],
    intermediate: new Map(reports.map(([step, report]) => [Number(step), report])),
    startedAt: dateOf(line.datetime_start),
    finishedAt: dateOf(line.datetime_complete),
  };
}
