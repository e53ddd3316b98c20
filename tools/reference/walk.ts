// From the sources to the model of the public interface, by TypeScript's own reading of them: package.json says the
// entries, the checker what they export. Internal exports that no entry passes on are not looked at.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as ast from "typescript/unstable/ast";
import { API, type Checker, type Project, type Symbol as Sym, SymbolFlags } from "typescript/unstable/sync";
import { type DocComment, NO_COMMENT, readComment } from "./comments.js";
import type { Entry, Item, Kind, Member, Parameter } from "./model.js";

/**
 * Reads the public interface of the package.
 * @param root The package's folder, with its package.json and tsconfig.json.
 * @returns The entries in the order of package.json, without those of workers.
 */
export function walk(root: string): readonly Entry[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Readonly<Record<string, string>>;
  };
  const sources = Object.entries(exports)
    .filter(([name]) => !name.startsWith("./workers/"))
    .map(([name, file]) => ({ name: `fovea${name.slice(1)}`, file: sourceOf(root, file) }));
  const config = writeConfig(
    root,
    sources.map(({ file }) => file),
  );
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`walk: TypeScript opened no project for ${config}`);
    return entriesOf(root, project, sources);
  } finally {
    api.close();
  }
}

const sourceOf = (root: string, compiled: string): string =>
  join(root, compiled.replace(/^\.\/dist\//, "").replace(/js$/, "ts"));

/** Writes a project of the entries alone: with the tests and the Studio, reading takes three times as long. */
function writeConfig(root: string, files: readonly string[]): string {
  const config = join(root, "dist/reference/tsconfig.json");
  mkdirSync(dirname(config), { recursive: true });
  const compilerOptions = { noEmit: true, noCheck: true, incremental: false, tsBuildInfoFile: null, rootDir: "../.." };
  writeFileSync(config, JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: [], files }));
  return config;
}

interface Source {
  readonly name: string;
  readonly file: string;
}

function entriesOf(root: string, project: Project, sources: readonly Source[]): readonly Entry[] {
  const { checker, program } = project;
  const homes = new Map<number, string>();
  return sources.map(({ name, file }) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (source === undefined || module === undefined) throw new Error(`walk: ${file} is no module`);
    const items: Item[] = [];
    const elsewhere = new Map<string, string>();
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const home = homes.get(symbol.id);
      if (home === undefined) {
        homes.set(symbol.id, name);
        items.push(itemOf(root, project, exported.name, symbol));
      } else if (home !== name) elsewhere.set(exported.name, home);
    }
    items.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { name, summary: headerOf(source.text), items, elsewhere };
  });
}

/** The comment that a file begins with. */
const headerOf = (text: string): string => (/^(?:\/\/.*\n)+/.exec(text)?.[0] ?? "").replace(/^\/\/ ?/gm, "").trim();

function itemOf(root: string, project: Project, name: string, symbol: Sym): Item {
  const declarations = symbol.declarations
    .map((handle) => handle.resolve(project))
    .filter((node) => node !== undefined);
  const declaration = declarations.find(ast.isClassDeclaration) ?? declarations[0];
  if (declaration === undefined) throw new Error(`walk: ${name} has no declaration`);
  const source = declaration.getSourceFile();
  const shape = overloaded(declarations) ?? shapeOf(declaration);
  const { checker } = project;
  return {
    name,
    kind: shape.kind,
    comment: ast.isSourceFile(declaration)
      ? { ...NO_COMMENT, text: headerOf(source.text) }
      : withConstructor(firstComment(declarations.map(commentOf)), declaration),
    file: relative(root, source.fileName),
    line: source.text.slice(0, declaration.getStart(source)).split("\n").length,
    signature: shape.signature,
    parameters: shape.parameters.map((node) => parameterOf(checker, node)),
    members: shape.members.flatMap((node) => memberOf(checker, node)),
    throws: shape.kind === "function" && /\bthrow new (?:FoveaError|UsageError)\b/.test(declaration.getText(source)),
  };
}

const firstComment = (comments: readonly DocComment[]): DocComment =>
  comments.find(({ text }) => text !== "") ?? comments[0] ?? NO_COMMENT;

/** The comment of a class together with what its constructor's says of parameters and errors. */
function withConstructor(comment: DocComment, declaration: ast.Node): DocComment {
  if (!ast.isClassDeclaration(declaration)) return comment;
  const maker = declaration.members.find(({ kind }) => kind === ast.SyntaxKind.Constructor);
  if (maker === undefined) return comment;
  const { parameters, errors, text } = commentOf(maker);
  return {
    ...comment,
    text: comment.text === "" ? text : comment.text,
    parameters: new Map([...parameters, ...comment.parameters]),
    errors: [...comment.errors, ...errors],
  };
}

interface Shape {
  readonly kind: Kind;
  readonly signature: string;
  readonly parameters: readonly ast.ParameterDeclaration[];
  readonly members: readonly ast.Node[];
}

const cut = (node: ast.Node, body: ast.Node | undefined): string => {
  const source = node.getSourceFile();
  const text = source.text.slice(node.getStart(source), body === undefined ? node.end : body.getStart(source));
  return text
    .replace(/^export (?:default )?/, "")
    .replace(/\s*=>\s*$/, "")
    .trim();
};

/** Kind, parameters and members of a declaration. */
function shapeOf(node: ast.Node): Shape {
  if (ast.isFunctionDeclaration(node))
    return { kind: "function", signature: cut(node, node.body), parameters: [...node.parameters], members: [] };
  if (ast.isVariableDeclaration(node)) {
    const value = node.initializer;
    if (value !== undefined && (ast.isArrowFunction(value) || ast.isFunctionExpression(value)))
      return {
        kind: "function",
        signature: `const ${cut(node, value.body)}`,
        parameters: [...value.parameters],
        members: [],
      };
    const signature = `const ${node.name.getText()}${node.type === undefined ? "" : `: ${node.type.getText()}`}`;
    return { kind: "constant", signature, parameters: [], members: [] };
  }
  if (ast.isClassDeclaration(node)) {
    const members = node.members.filter(isPublic);
    const maker = members.find((member) => member.kind === ast.SyntaxKind.Constructor) as
      | ast.ConstructorDeclaration
      | undefined;
    const rest = members.filter((member) => member !== maker);
    const head = cut(node, undefined).split("{\n")[0]!.trim();
    return { kind: "class", signature: head, parameters: [...(maker?.parameters ?? [])], members: rest };
  }
  if (ast.isInterfaceDeclaration(node)) {
    const head = cut(node, undefined).split("{")[0]!.trim();
    return { kind: "interface", signature: head, parameters: [], members: [...node.members] };
  }
  if (ast.isTypeAliasDeclaration(node))
    return { kind: "type", signature: cut(node, undefined), parameters: [], members: literalMembers(node.type) };
  // A file as a whole, passed on by `export * as`: its header is its comment.
  if (ast.isSourceFile(node)) return { kind: "constant", signature: "namespace", parameters: [], members: [] };
  return { kind: "constant", signature: node.getText(), parameters: [], members: [] };
}

/** The shape of a function with several signatures: all of these without that of the code, and each parameter once. */
function overloaded(declarations: readonly ast.Node[]): Shape | undefined {
  const heads = declarations.filter((node) => ast.isFunctionDeclaration(node) && node.body === undefined);
  if (heads.length < 2) return undefined;
  const shapes = heads.map(shapeOf);
  const parameters = new Map<string, ast.ParameterDeclaration>();
  for (const node of shapes.flatMap((shape) => shape.parameters))
    if (!parameters.has(node.name.getText())) parameters.set(node.name.getText(), node);
  return {
    ...shapes[0]!,
    signature: shapes.map(({ signature }) => signature).join("\n"),
    parameters: [...parameters.values()],
  };
}

/** Properties that a type lists: of a literal, and of those that it joins. */
function literalMembers(type: ast.Node): readonly ast.Node[] {
  if (ast.isTypeLiteralNode(type)) return [...type.members];
  if (ast.isIntersectionTypeNode(type) || ast.isUnionTypeNode(type)) return type.types.flatMap(literalMembers);
  return [];
}

const HIDDEN: readonly ast.SyntaxKind[] = [
  ast.SyntaxKind.PrivateKeyword,
  ast.SyntaxKind.ProtectedKeyword,
  ast.SyntaxKind.OverrideKeyword,
];

function isPublic(member: ast.Node): boolean {
  const { name, modifiers } = member as { name?: ast.Node; modifiers?: readonly ast.Node[] };
  if (name?.kind === ast.SyntaxKind.PrivateIdentifier) return false;
  return !(modifiers ?? []).some(({ kind }) => HIDDEN.includes(kind));
}

function parameterOf(checker: Checker, node: ast.ParameterDeclaration): Parameter {
  const symbol = node.type && checker.getTypeFromTypeNode(node.type)?.getSymbol();
  const known = symbol !== undefined && (symbol.flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias)) !== 0;
  return {
    name: node.name.getText(),
    type: node.type?.getText() ?? typeOfValue(node.initializer?.getText()),
    optional: node.questionToken !== undefined || node.initializer !== undefined,
    value: node.initializer?.getText(),
    options: known && /(?:Options|Settings|Wish|Parts)\b/.test(node.type?.getText() ?? "") ? symbol.name : undefined,
  };
}

/** The type of a parameter that has a default and no type in the code. */
function typeOfValue(value = ""): string {
  if (/^-?\d/.test(value)) return "number";
  if (/^(?:true|false)$/.test(value)) return "boolean";
  return /^["'`]/.test(value) ? "string" : "";
}

function memberOf(checker: Checker, node: ast.Node): Member[] {
  const { name, type, postfixToken, parameters } = node as {
    name?: ast.Node;
    type?: ast.Node;
    postfixToken?: ast.Node;
    parameters?: readonly ast.ParameterDeclaration[];
  };
  if (name === undefined) return [];
  const text = name.getText();
  if (node.kind === ast.SyntaxKind.SetAccessor) return [];
  const called = type !== undefined && ast.isFunctionTypeNode(type) ? type.parameters : (parameters ?? []);
  const comment = commentOf(node);
  const result = (type?.getText() ?? "").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
  const inputs = [...called].map((parameter) => parameter.getText()).join(", ");
  return [
    {
      name: text,
      comment,
      type: isMethod(node) ? `(${inputs}) => ${result}` : result,
      optional: postfixToken?.kind === ast.SyntaxKind.QuestionToken,
      inherited: comment.text === "" && isDocumentedAbove(checker, node, text),
      parameters: [...called].map((parameter) => parameterOf(checker, parameter)),
    },
  ];
}

const isMethod = ({ kind }: ast.Node): boolean =>
  kind === ast.SyntaxKind.MethodDeclaration || kind === ast.SyntaxKind.MethodSignature;

/** True where what the member's owner extends or implements has a comment on the member. */
function isDocumentedAbove(checker: Checker, node: ast.Node, name: string): boolean {
  const { heritageClauses } = node.parent as { heritageClauses?: readonly ast.HeritageClause[] };
  return (heritageClauses ?? [])
    .flatMap(({ types }) => [...types])
    .some((above) => {
      const type = checker.getTypeAtLocation(above);
      const property = type && checker.getPropertyOfType(type, name);
      return property !== undefined && checker.getDocumentationCommentOfSymbol(property) !== "";
    });
}

/** The doc comment next before a declaration. */
function commentOf(node: ast.Node): DocComment {
  const holder =
    node.kind === ast.SyntaxKind.VariableDeclaration && node.parent?.parent !== undefined ? node.parent.parent : node;
  const last = holder.jsDoc?.at(-1);
  return last === undefined ? NO_COMMENT : readComment(holder.getSourceFile().text.slice(last.pos, last.end));
}
