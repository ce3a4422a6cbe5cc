/** Reads who imports whom from the sources themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../schema/project-root.ts';

export interface ImportEdge {
  /** Paths from the project's root, e.g. "schema/ports.ts". */
  readonly from: string;
  readonly to: string;
  /** False for `import type`, which vanishes at run time. */
  readonly runtime: boolean;
}

function moduleNamesIn(file: ts.SourceFile): { readonly name: string; readonly runtime: boolean }[] {
  const found: { name: string; runtime: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({
        name: node.moduleSpecifier.text,
        runtime: node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword,
      });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ name: node.moduleSpecifier.text, runtime: !node.isTypeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) found.push({ name: argument.text, runtime: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Every import between files of the given top-level folders. */
export function readImportGraph(folders: readonly string[]): readonly ImportEdge[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    )
    .flatMap((from) => {
      const source = readFileSync(join(projectRoot, from), 'utf8');
      return moduleNamesIn(ts.createSourceFile(from, source, ts.ScriptTarget.Latest))
        .filter(({ name }) => name.startsWith('.'))
        .map(({ name, runtime }) => ({ from, to: normalize(join(dirname(from), name)), runtime }));
    });
}

/** @returns the files of one circle of run-time imports, in order, or null when there is none */
export function findCycle(edges: readonly ImportEdge[]): readonly string[] | null {
  const next = new Map<string, string[]>();
  for (const { from, to, runtime } of edges) if (runtime) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): readonly string[] | null => {
    const seenAt = path.indexOf(file);
    if (seenAt >= 0) return [...path.slice(seenAt), file];
    if (done.has(file)) return null;
    for (const to of next.get(file) ?? []) {
      const cycle = walk(to, [...path, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
