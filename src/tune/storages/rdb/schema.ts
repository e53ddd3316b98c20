// The tables of Optuna's relational storage, schema version 12 (Optuna 3.2 and later), and the check that a database
// has them.
import { FoveaError } from "../../../core/errors.js";
import { VERSION } from "../../../core/version.js";
import type { Connection, Database, Dialect } from "./database.js";

const SCHEMA_VERSION = 12;
/** The revision under which Optuna's migrations know this schema. */
const REVISION = "v3.2.0.a";

const VALUE_TYPES = ["FINITE", "INF_POS", "INF_NEG"];
const TRIAL_STATES = ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"];

function attributeTable(dialect: Dialect, owner: "study" | "trial", kind: "user" | "system"): string {
  const parent = owner === "study" ? "studies" : "trials";
  return `CREATE TABLE IF NOT EXISTS ${owner}_${kind}_attributes (
    ${owner}_${kind}_attribute_id ${dialect.serial} NOT NULL,
    ${owner}_id INTEGER,
    "key" VARCHAR(512),
    value_json TEXT,
    PRIMARY KEY (${owner}_${kind}_attribute_id),
    UNIQUE (${owner}_id, "key"),
    FOREIGN KEY(${owner}_id) REFERENCES ${parent} (${owner}_id)
  )`;
}

function tables(dialect: Dialect): string[] {
  const { serial, double, timestamp } = dialect;
  return [
    `CREATE TABLE IF NOT EXISTS studies (
      study_id ${serial} NOT NULL,
      study_name VARCHAR(512) NOT NULL,
      PRIMARY KEY (study_id)
    )`,
    "CREATE UNIQUE INDEX IF NOT EXISTS ix_studies_study_name ON studies (study_name)",
    `CREATE TABLE IF NOT EXISTS version_info (
      version_info_id INTEGER NOT NULL,
      schema_version INTEGER,
      library_version VARCHAR(256),
      PRIMARY KEY (version_info_id),
      CHECK (version_info_id=1)
    )`,
    `CREATE TABLE IF NOT EXISTS study_directions (
      study_direction_id ${serial} NOT NULL,
      direction ${dialect.enumeration("studydirection", ["NOT_SET", "MINIMIZE", "MAXIMIZE"])} NOT NULL,
      study_id INTEGER NOT NULL,
      objective INTEGER NOT NULL,
      PRIMARY KEY (study_direction_id),
      UNIQUE (study_id, objective),
      FOREIGN KEY(study_id) REFERENCES studies (study_id)
    )`,
    attributeTable(dialect, "study", "user"),
    attributeTable(dialect, "study", "system"),
    `CREATE TABLE IF NOT EXISTS trials (
      trial_id ${serial} NOT NULL,
      number INTEGER,
      study_id INTEGER,
      state ${dialect.enumeration("trialstate", TRIAL_STATES)} NOT NULL,
      datetime_start ${timestamp},
      datetime_complete ${timestamp},
      PRIMARY KEY (trial_id),
      FOREIGN KEY(study_id) REFERENCES studies (study_id)
    )`,
    "CREATE INDEX IF NOT EXISTS ix_trials_study_id ON trials (study_id)",
    attributeTable(dialect, "trial", "user"),
    attributeTable(dialect, "trial", "system"),
    `CREATE TABLE IF NOT EXISTS trial_params (
      param_id ${serial} NOT NULL,
      trial_id INTEGER,
      param_name VARCHAR(512),
      param_value ${double},
      distribution_json TEXT,
      PRIMARY KEY (param_id),
      UNIQUE (trial_id, param_name),
      FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
    )`,
    `CREATE TABLE IF NOT EXISTS trial_values (
      trial_value_id ${serial} NOT NULL,
      trial_id INTEGER NOT NULL,
      objective INTEGER NOT NULL,
      value ${double},
      value_type ${dialect.enumeration("trialvaluetype", VALUE_TYPES)} NOT NULL,
      PRIMARY KEY (trial_value_id),
      UNIQUE (trial_id, objective),
      FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
    )`,
    `CREATE TABLE IF NOT EXISTS trial_intermediate_values (
      trial_intermediate_value_id ${serial} NOT NULL,
      trial_id INTEGER NOT NULL,
      step INTEGER NOT NULL,
      intermediate_value ${double},
      intermediate_value_type ${dialect.enumeration("trialintermediatevaluetype", [...VALUE_TYPES, "NAN"])} NOT NULL,
      PRIMARY KEY (trial_intermediate_value_id),
      UNIQUE (trial_id, step),
      FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
    )`,
    `CREATE TABLE IF NOT EXISTS trial_heartbeats (
      trial_heartbeat_id ${serial} NOT NULL,
      trial_id INTEGER NOT NULL,
      heartbeat ${timestamp} NOT NULL,
      PRIMARY KEY (trial_heartbeat_id),
      UNIQUE (trial_id),
      FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
    )`,
    `CREATE TABLE IF NOT EXISTS alembic_version (
      version_num VARCHAR(32) NOT NULL,
      CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    )`,
  ];
}

/**
 * Makes the tables where there are none.
 * @throws FoveaError when there are tables of another version; they are left as they are
 */
export async function prepareSchema(database: Database): Promise<void> {
  if (await hasSchema(database, database)) return;
  await database.transaction(async (connection) => {
    for (const statement of database.dialect.preparations) await connection.query(statement);
    // Somebody else may have made them while we waited for our turn.
    if (await hasSchema(database, connection)) return;
    for (const statement of tables(database.dialect)) await connection.query(statement);
    await connection.query("INSERT INTO version_info VALUES (1, ?, ?)", [SCHEMA_VERSION, `fovea ${VERSION}`]);
    await connection.query("INSERT INTO alembic_version VALUES (?)", [REVISION]);
  });
}

/** @throws FoveaError when there are no tables, or tables of another version */
export async function expectSchema(database: Database): Promise<void> {
  if (await hasSchema(database, database)) return;
  throw new FoveaError(
    "unknown-entry",
    `${database.label}: there are no studies in this database; fovea tune run begins one`,
  );
}

async function hasSchema({ dialect, label }: Database, connection: Connection): Promise<boolean> {
  if ((await connection.query(dialect.hasTable("version_info"))).length === 0) return false;
  const [info] = await connection.query("SELECT schema_version, library_version FROM version_info");
  if (info === undefined) return false;
  const hasRevision = (await connection.query(dialect.hasTable("alembic_version"))).length > 0;
  const [revision] = hasRevision ? await connection.query("SELECT version_num FROM alembic_version") : [];
  if (info.schema_version === SCHEMA_VERSION && (revision?.version_num ?? REVISION) === REVISION) return true;
  throw new FoveaError(
    "unsupported-feature",
    `${label}: expected tables of Optuna's schema version ${SCHEMA_VERSION} (${REVISION}), found ${info.schema_version} (${revision?.version_num ?? "no revision"}) by ${info.library_version}; run "optuna storage upgrade" on it, or use another database`,
  );
}
