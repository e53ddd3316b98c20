// PostgreSQL, through postgres.js: connections that are lost are made anew by the library; what was under way then
// fails and is done again by the storage.
import type postgres from "postgres";
import { FoveaError } from "../../../core/errors.js";
import type { Connection, Database, Dialect, Row, SqlValue } from "./database.js";

/** Only who makes the tables needs it; any number will do. */
const SCHEMA_LOCK = 0x0f0ea;

const postgresql: Dialect = {
  serial: "SERIAL",
  double: "FLOAT(53)",
  timestamp: "TIMESTAMP WITHOUT TIME ZONE",
  enumeration: (name) => name,
  preparations: [`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK})`, ...enumerations()],
  forUpdate: "FOR UPDATE",
  secondsSince: (column) => `CAST(EXTRACT(EPOCH FROM CAST(CURRENT_TIMESTAMP AS TIMESTAMP) - ${column}) AS FLOAT)`,
  hasTable: (name) => `SELECT 1 AS found WHERE to_regclass('${name}') IS NOT NULL`,
};

function enumerations(): string[] {
  const types = {
    studydirection: "'NOT_SET', 'MINIMIZE', 'MAXIMIZE'",
    trialstate: "'RUNNING', 'COMPLETE', 'PRUNED', 'FAIL', 'WAITING'",
    trialvaluetype: "'FINITE', 'INF_POS', 'INF_NEG'",
    trialintermediatevaluetype: "'FINITE', 'INF_POS', 'INF_NEG', 'NAN'",
  };
  return Object.entries(types).map(
    ([name, words]) =>
      `DO $$ BEGIN CREATE TYPE ${name} AS ENUM (${words}); EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
  );
}

/** Codes of errors that pass: connections lost or refused, a server that starts or stops, deadlocks. */
const PASSING =
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENOENT|57P0|08|40001|40P01|53300)/;

/** @param url as libpq and SQLAlchemy have it: `postgresql://user:password@host:port/database` */
export async function openPostgres(url: string): Promise<Database> {
  const { default: connect } = await import("postgres");
  const standard = url.replace(/^postgres(ql)?(\+\w+)?:/i, "postgres:");
  if (!URL.canParse(standard))
    throw new FoveaError(
      "malformed-text",
      "storage: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE; the address cannot be read",
    );
  // Reading dates as text: they are kept without a time zone, and mean UTC.
  const sql = connect(standard, { max: 1, onnotice: () => {}, connect_timeout: 10, fetch_types: false });
  const address = new URL(standard);
  return new Postgres(sql, `postgresql://${address.host}${address.pathname}`);
}

class Postgres implements Database {
  readonly dialect = postgresql;
  readonly label: string;
  readonly #sql: postgres.Sql;

  constructor(sql: postgres.Sql, label: string) {
    this.#sql = sql;
    this.label = label;
  }

  query(sql: string, values: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return run(this.#sql, sql, values);
  }

  async transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const result = await this.#sql.begin(async (sql) => ({
      is: await work({ query: (text, values = []) => run(sql, text, values) }),
    }));
    return result.is as T;
  }

  isPassing(error: unknown): boolean {
    return PASSING.test(String((error as { code?: unknown } | null)?.code));
  }

  close(): Promise<void> {
    return this.#sql.end({ timeout: 1 });
  }
}

async function run(sql: postgres.ISql, text: string, values: readonly SqlValue[]): Promise<readonly Row[]> {
  let count = 0;
  const numbered = text.replace(/\?/g, () => `$${++count}`);
  return (await sql.unsafe(numbered, [...values])) as unknown as readonly Row[];
}
