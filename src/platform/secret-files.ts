// Files that nobody but their owner may read, such as private keys. They are never written over.
import { explained } from "./files.js";
import { nodeModule } from "./node.js";

/** Rights of a file that its owner alone reads and writes. */
const OWNER_ONLY = 0o600;

/**
 * Writes a new file that its owner alone may read (mode 0600; on Windows the folder's rights hold). Needs Node.
 * @throws FoveaError when something of that name is there, which stays as it is
 */
export async function writeSecretFile(path: string, content: string): Promise<void> {
  const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  await explained("write", path, async () => {
    const file = await fs.open(path, "wx", OWNER_ONLY);
    try {
      await file.writeFile(content);
      await file.sync();
    } catch (error) {
      await fs.rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  });
}
