// The storage contract, run on PostgreSQL, where it is installed.
import { after, test } from "node:test";
import { storageContract } from "../../src/testing/index.js";
import { openStorage } from "../../src/tune/index.js";
import { noPostgres, startPostgres } from "../tune/postgres-server.js";
import { runCases } from "./run-cases.js";

if (noPostgres !== undefined) test("postgresql", { skip: noPostgres });
else {
  const server = await startPostgres();
  after(() => server.remove());
  let databases = 0;
  const make = async () => {
    const url = server.database(`contract${databases++}`);
    return { open: () => openStorage(url), remove: async () => {} };
  };
  runCases("postgresql", storageContract(make));
}
