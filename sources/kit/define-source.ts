/** The descriptor that each department's folder exports by default. */
import type { z } from 'zod';
import type { DepartmentDescriptor } from '../../schema/ports.ts';
import type { World } from '../world/types.ts';
import type { SourceAdapter } from './adapter.ts';
import type { MaxAges } from './freshness.ts';
import type { FileLayout } from './file-layout.ts';
import type { SourceTransport } from './transport.ts';
import type { ReferenceUpstream } from './upstream/reference-upstream.ts';

export interface SourceSetup {
  readonly adapter: SourceAdapter;
  readonly transport: SourceTransport;
  /** Where calls go, for people; no credentials in it. */
  readonly address: string;
  /** Longest wait for one upstream call of a query. */
  readonly timeoutMs: number;
  /** Longest wait for the directory of local numbers, read in the background. */
  readonly directoryTimeoutMs: number;
  /** Calls in progress at the same time; more wait in line. */
  readonly concurrency: number;
  /** How old a replicated answer may be when a question does not say. */
  readonly maxAgeSeconds: MaxAges;
  close(): Promise<void>;
}

export interface SourceDefinition {
  readonly department: DepartmentDescriptor;
  /** Name of its source in Mesh (mesh.yaml). */
  readonly meshName: string;
  /** Raised with every change of wire.ts or map.ts; part of provenance. */
  readonly adapterVersion: string;
  /** Its slice of the environment; every key begins with the department's own prefix. */
  readonly config: z.ZodObject;
  /** The variable whose absence means: use the reference upstream. */
  readonly endpointVariable: string;
  /** Variables that the reference upstream provides when it stands in (endpoint and credentials). */
  readonly providedByUpstream: readonly string[];
  create(environment: Readonly<Record<string, string | undefined>>): SourceSetup;
  /** The department's export files by the name under which they are imported, e.g. "penalty". */
  readonly fileLayouts?: Readonly<Record<string, FileLayout>>;
  /** Starts the department's reference upstream on a free port of the loopback interface. */
  startUpstream(world: World, options: { readonly port?: number }): Promise<ReferenceUpstream>;
}

export interface TypedSourceDefinition<C extends z.ZodObject> extends Omit<SourceDefinition, 'create' | 'config'> {
  readonly config: C;
  create(config: z.infer<C>): SourceSetup;
}

/** Ties a folder's parts together; the configuration slice is parsed here, so that `create` gets typed values. */
export function defineSource<C extends z.ZodObject>(definition: TypedSourceDefinition<C>): SourceDefinition {
  return { ...definition, create: (environment) => definition.create(definition.config.parse(environment)) };
}
