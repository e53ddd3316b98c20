// The storage contract, run on PostgreSQL, where it is installed.
import { after, test } from "node:test";
import { openStorage } from "../../src/tune/index.js";
import { noPostgres, startPostgres } from "../tune/postgres-server.js";
import { storageSuite } from "./storage.js";

if (noPostgres !== undefined) test("postgresql", { skip: noPostgres });
else {
  const server = await startPostgres();
  after(() => server.remove());
  let databases = 0;
  storageSuite("postgresql", async () => {
    const url = server.database(`contract${databases++}`);
    return { open: () => openStorage(url), remove: async () => {} };
  });
}
