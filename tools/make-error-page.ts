// Writes docs/errors.md from the table of error codes.
//
//   npm run build && node dist/tools/make-error-page.js
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ERROR_CODE_GROUPS, type ErrorCodeFacts } from "../src/core/error-codes/index.js";

const HEAD = `# Errors by their code

Every error of Fovea is a \`FoveaError\` with one sentence in \`message\` (the thing, the rule, the fix) and a \`code\` for the kind
of fault. The wording of messages may change with a new version. Codes stay the same, so programs should use them:

\`\`\`ts
import { FoveaError, loadModel } from "fovea";

try {
  await loadModel("model.keras");
} catch (error) {
  if (!(error instanceof FoveaError)) throw error; // a mistake in Fovea or in this program
  if (error.code === "not-found") console.error("train a model first");
  else console.error(error.message);
}
\`\`\`

| place | form of the error |
|---|---|
| in TypeScript | \`error.code\`; \`ERROR_CODES\` of \`fovea/core\` has the table below |
| command line | one sentence on stderr; with \`--json\` also the line \`{"error": ..., "code": ...}\` on stdout; \`--debug\` adds the code and the stack |
| files of a batch that cannot be read | \`error\` and \`code\` beside the name of the file; the other files are processed |
| \`fovea serve\` | the body \`{"error": ..., "code": ...}\` with an HTTP status ([serving](serving.md)) |

The command line ends with exit status 2 for \`wrong-usage\` and with 1 for every other code. \`tools/make-error-page.ts\` writes
this page from the table in \`src/core/error-codes\`.
`;

const entry = (code: string, { meaning, cause, fix }: ErrorCodeFacts): string =>
  `### ${code}\n\n${meaning}\n\n- **Cause:** ${cause}\n- **Fix:** ${fix}\n`;

/** The page, as it is committed. */
export const errorPage = (): string =>
  [
    HEAD,
    ...Object.entries(ERROR_CODE_GROUPS).flatMap(([title, codes]) => [
      `## ${title}\n`,
      ...Object.entries(codes).map(([code, facts]) => entry(code, facts)),
    ]),
  ].join("\n");

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(new URL("../../docs/errors.md", import.meta.url), errorPage());
