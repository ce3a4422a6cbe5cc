import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../../schema/project-root.ts';
import { composeMesh } from '../../../sources/kit/compose-mesh.ts';

const SOURCES = join(projectRoot, 'sources');
const Composed = z.looseObject({ sources: z.array(z.looseObject({ name: z.string() })) });
const text = composeMesh();
const composed = Composed.parse(parse(text));
const folders = readdirSync(SOURCES)
  .filter((folder) => existsSync(join(SOURCES, folder, 'mesh.yaml')))
  .sort();

describe('the composed Mesh configuration', () => {
  it('holds the part of every department’s folder, unchanged and in alphabetical order of the folders', () => {
    expect(folders.length).toBeGreaterThan(1);
    expect(composed.sources).toEqual(
      folders.map((folder): unknown => parse(readFileSync(join(SOURCES, folder, 'mesh.yaml'), 'utf8'))),
    );
  });

  it('names every source once', () => {
    const names = composed.sources.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('calls departments through the hub’s own fetch and knows none of their real addresses', () => {
    expect(composed).toMatchObject({ customFetch: './dist/sources/kit/mesh-fetch.js' });
    const addresses = text.match(/https?:\/\/[^\s"']+/g) ?? [];
    expect(addresses.filter((address) => !new URL(address).hostname.endsWith('.invalid'))).toEqual([]);
  });

  it('says that it is composed, and comes out the same every time', () => {
    expect(text).toMatch(/^# Composed from sources\/\*\/mesh\.yaml/);
    expect(composeMesh()).toBe(text);
  });

  it('is what lies on disk', () => {
    expect(readFileSync(join(projectRoot, '.meshrc.yaml'), 'utf8')).toBe(text);
  });
});
