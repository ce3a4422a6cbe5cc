/** The build takes each file as it is named and follows no import, so what a compiled file needs must be named too. */
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { projectRoot } from '../../schema/project-root.ts';
import { readImportGraph } from './import-graph.ts';

const CONFIGURATION = 'tsconfig.build.json';

it('compiles whatever a compiled file imports', () => {
  const { config } = ts.readConfigFile(CONFIGURATION, (file) => ts.sys.readFile(`${projectRoot}/${file}`)) as {
    config: unknown;
  };
  const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
  const compiled = new Set(fileNames.map((file) => file.slice(projectRoot.length).replace(/^\//, '')));
  const edges = readImportGraph(['schema', 'sources', 'jobs', 'gateway', 'test']);
  expect(compiled.size).toBeGreaterThan(300);
  const missing = edges.filter(({ from, to, runtime }) => runtime && compiled.has(from) && !compiled.has(to));
  expect(missing.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});
