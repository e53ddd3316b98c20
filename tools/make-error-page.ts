// Writes docs/errors.md from the table of error codes.
//
//   npm run build && node dist/tools/make-error-page.js
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ERROR_CODE_GROUPS, type ErrorCodeFacts } from "../src/core/error-codes/index.js";

const HEAD = `# Errors by their code

Every error that Fovea tells is a \`FoveaError\` with one sentence in \`message\` (the thing, the rule, the fix) and a \`code\`
that says which kind of fault it is. Sentences are reworded at times; codes stay, so that programs decide by them:

\`\`\`ts
import { FoveaError, loadModel } from "fovea";

try {
  await loadModel("model.keras");
} catch (error) {
  if (!(error instanceof FoveaError)) throw error; // a fault of Fovea's own
  if (error.code === "not-found") console.error("train a model first");
  else console.error(error.message);
}
\`\`\`

| where | how an error is told |
|---|---|
| in TypeScript | \`error.code\`; \`ERROR_CODES\` of \`fovea/core\` has the table below |
| command line | one sentence on stderr; with \`--json\` also the line \`{"error": ..., "code": ...}\` on stdout; \`--debug\` adds the code and the stack |
| files of a batch that cannot be read | \`error\` and \`code\` beside the file's name, the other files are done |
| \`fovea serve\` | the body \`{"error": ..., "code": ...}\` with a status of HTTP ([serving](serving.md)) |

The command line ends with exit status 2 for \`wrong-usage\` and with 1 for every other code. This page is made of the
table in \`src/core/error-codes\` by \`tools/make-error-page.ts\`.
`;

const entry = (code: string, { meaning, cause, fix }: ErrorCodeFacts): string =>
  `### ${code}\n\n${meaning}\n\n- **How it comes about:** ${cause}\n- **Fix:** ${fix}\n`;

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
