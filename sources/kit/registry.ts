/** Finds the departments: every folder under sources/ with an index file is one. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { DepartmentSource, SourceRegistry } from '../../schema/ports.ts';
import type { SourceDefinition } from './define-source.ts';

const sourcesFolder = join(import.meta.dirname, '..');

const isDefinition = (value: unknown): value is SourceDefinition =>
  z.looseObject({ department: z.looseObject({ id: z.string() }), meshName: z.string() }).safeParse(value).success;

/**
 * Loads the descriptor of every department folder.
 * @returns in order of department code
 * @throws Error when a folder exports no descriptor, is named unlike its id, or two share an id or code
 */
export async function discoverSources(): Promise<readonly SourceDefinition[]> {
  const definitions: SourceDefinition[] = [];
  for (const folder of readdirSync(sourcesFolder).sort()) {
    const file = ['index.ts', 'index.js']
      .map((name) => join(sourcesFolder, folder, name))
      .find((name) => existsSync(name));
    if (file === undefined) continue;
    const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (!isDefinition(loaded.default))
      throw new Error(`sources/${folder}/index.ts has no descriptor as its default export`);
    if (loaded.default.department.id !== folder) {
      throw new Error(`sources/${folder} calls itself ${loaded.default.department.id}; folder and id must be equal`);
    }
    definitions.push(loaded.default);
  }
  definitions.sort((a, b) => a.department.code.localeCompare(b.department.code));
  for (const [index, { department }] of definitions.entries()) {
    if (definitions[index + 1]?.department.code === department.code) {
      throw new Error(`two departments share the code ${department.code}`);
    }
  }
  return definitions;
}

export function createRegistry(sources: readonly DepartmentSource[]): SourceRegistry {
  const byId = new Map(sources.map((source) => [source.department.id, source]));
  return { all: () => sources, find: (id) => byId.get(id) };
}
