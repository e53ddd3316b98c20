// Functions over 100 lines, found in syntax trees.
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Node, SourceFile } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The syntax trees of files, from a project that resolves no imports and checks no types. */
function syntaxTrees(files: readonly string[]): Map<string, SourceFile> {
  const project = join(root, "syntax-only.json").replaceAll("\\", "/");
  const paths = files.map((file) => file.replaceAll("\\", "/"));
  const options = { noLib: true, noResolve: true, types: [], jsx: "react-jsx", allowImportingTsExtensions: true };
  const config = JSON.stringify({ compilerOptions: options, files: paths });
  const readFile = (path: string): string | undefined => (path === project ? config : undefined);
  const api = new API({ cwd: root, fs: { readFile, fileExists: (path) => (path === project ? true : undefined) } });
  try {
    const program = api.updateSnapshot({ openProjects: [project] }).getProjects()[0]!.program;
    return new Map(files.map((file, i) => [file, program.getSourceFile(paths[i]!)!]));
  } finally {
    api.close();
  }
}

const FUNCTIONS = [
  ...[is.isFunctionDeclaration, is.isFunctionExpression, is.isArrowFunction, is.isMethodDeclaration],
  ...[is.isConstructorDeclaration, is.isGetAccessorDeclaration, is.isSetAccessorDeclaration],
];

/** Places of functions over 100 lines. Fails for fewer functions than `fewest` in all: then the syntax trees are wrong. */
export function longFunctions(files: readonly string[], fewest: number): string[] {
  const long: string[] = [];
  let functions = 0;
  for (const [file, tree] of syntaxTrees(files)) {
    const lineOf = (position: number): number => tree.text.slice(0, position).split("\n").length;
    const walk = (node: Node): void => {
      if (FUNCTIONS.some((isFunction) => isFunction(node))) {
        functions++;
        const lines = tree.text.slice(node.getStart(), node.end).split("\n").length;
        if (lines > 100) long.push(`${relative(root, file)}:${lineOf(node.getStart())}: ${lines} lines`);
      }
      node.forEachChild(walk);
    };
    walk(tree);
  }
  assert.ok(functions > fewest, `found ${functions} functions: the syntax trees are not what they were`);
  return long;
}
