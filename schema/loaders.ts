/** The loaders of one operation. */
import DataLoader from 'dataloader';
import type { Access } from './access/access.ts';
import { createReadGuard } from './access/read-guard.ts';
import type { CreditCode } from './codes/credit-code.ts';
import type { HubServices } from './context.ts';
import type { Repaired } from './credit/repaired.ts';
import { CoverageLedger } from './coverage/coverage-ledger.ts';
import { unsupported, type DepartmentAnswer, type DepartmentAnswers } from './department-answer.ts';
import { createFacetLoader, type SubjectQuestion, type SubjectRead, type Terms } from './facet-loader.ts';
import { createNumberLoader } from './number-loader.ts';
import { createRecognitionLoader } from './recognition/recognition-loader.ts';
import type { CallScope, DepartmentSource, SourceReads } from './ports.ts';
import { regionOfRecord } from './institution/institution-node.ts';
import type { InstitutionRecord } from './records.ts';
import { checkMaxAge } from './replica/max-age.ts';
import { SubjectReferences } from './subject-references.ts';
import { calendarDateOf } from './time/calendar-date.ts';

const NO_TERMS = {};

export type Loaders = ReturnType<typeof createLoaders>;

export interface LoadersOptions {
  /** What the caller sees: decided before a department is asked. */
  readonly access: Access;
  /** The services are those of that time; null = now. */
  readonly asOf: Date | null;
  /** Now, also where the services are those of another time. */
  readonly now: () => Date;
}

export function createLoaders(services: HubServices, scope: CallScope, { access, asOf, now }: LoadersOptions) {
  const sources = services.registry.all();
  const coverage = new CoverageLedger();
  const { trace } = scope;

  /** Puts a question about an institution where its coverage is made up, and on record. */
  const noted = <T>(code: CreditCode, answers: Promise<DepartmentAnswers<T>>): Promise<DepartmentAnswers<T>> => {
    trace?.touch('institution', code);
    return coverage.note(code, answers);
  };

  const institutionsAt = new Map<string, DataLoader<CreditCode, DepartmentAnswer<InstitutionRecord>>>();
  const institutionAt = (departmentId: string, code: CreditCode): Promise<DepartmentAnswer<InstitutionRecord>> =>
    institutionLoaderOf(departmentId).load(code);
  /** The department that keeps the register of institutions. */
  const register: DepartmentSource | undefined = sources.find((source) => source.listInstitutions !== undefined);
  const regionOf = async (code: CreditCode): Promise<string | null> => {
    const [registered] = register === undefined ? [] : (await institutionAt(register.department.id, code)).records;
    if (registered !== undefined) return regionOfRecord(code, registered.regionCode);
    return services.identity.subjects.factsOf(code)?.regionCode ?? null;
  };
  const guard = createReadGuard({ access, registerId: register?.department.id, regionOf });
  const facetParts = { guard, today: () => calendarDateOf(now()), scope, asOf };

  const ages = new Map<string, number>();
  const references = new SubjectReferences(services, scope, institutionAt, (code) => ages.get(code) ?? null);

  const institutionLoaderOf = (departmentId: string): DataLoader<CreditCode, DepartmentAnswer<InstitutionRecord>> => {
    const existing = institutionsAt.get(departmentId);
    if (existing !== undefined) return existing;
    const source = services.registry.find(departmentId);
    const facet = createFacetLoader('institutions', {
      ...facetParts,
      sources: source === undefined ? [] : [source],
      references,
    });
    const loader = new DataLoader<CreditCode, DepartmentAnswer<InstitutionRecord>>(async (codes) => {
      const answers = await facet.loadMany(
        codes.map((creditCode) => ({ creditCode, terms: NO_TERMS, departmentIds: null })),
      );
      return answers.map((answer) => {
        if (answer instanceof Error) return answer;
        const [own] = answer;
        if (own === undefined) return new Error(`no department ${departmentId}`);
        for (const record of own.records) if (source?.listInstitutions) services.identity.subjects.remember(record);
        return own;
      });
    });
    institutionsAt.set(departmentId, loader);
    return loader;
  };

  const facets = new Map<SubjectRead, unknown>();
  const facetLoader = <K extends SubjectRead>(
    read: K,
  ): DataLoader<SubjectQuestion<K>, DepartmentAnswers<SourceReads[K]['record']>, string> => {
    const loader = facets.get(read) ?? createFacetLoader(read, { ...facetParts, sources, references });
    facets.set(read, loader);
    return loader as ReturnType<typeof createFacetLoader<K>>;
  };

  return {
    coverage,
    references,
    register,
    /**
     * How old answers about an institution may be in this operation. Asked for twice, the stricter one counts.
     * @throws HubError INPUT_INVALID for a negative age
     */
    acceptAge(code: CreditCode, maxAgeSeconds: number | null | undefined): void {
      const accepted = checkMaxAge(maxAgeSeconds);
      if (accepted !== null) ages.set(code, Math.min(accepted, ages.get(code) ?? accepted));
    },
    /** Whether the caller may have a department asked this of an institution. */
    async mayAsk(read: SubjectRead, { department }: DepartmentSource, code: CreditCode): Promise<boolean> {
      return typeof (await guard.of(read, department, code)) === 'string';
    },
    /** One department's description of an institution. */
    institutionAt,
    /** Puts a record that came with a list where {@link institutionAt} finds it, so that it is not asked for again. */
    primeInstitution(departmentId: string, code: CreditCode, answer: DepartmentAnswer<InstitutionRecord>): void {
      institutionLoaderOf(departmentId).prime(code, answer);
      trace?.touch('institution', code);
      trace?.received(answer.records.length);
      for (const record of answer.records) services.identity.subjects.remember(record);
    },
    /** Every department's description of an institution. */
    institutions(code: CreditCode): Promise<DepartmentAnswers<InstitutionRecord>> {
      return noted(code, Promise.all(sources.map((source) => institutionAt(source.department.id, code))));
    },
    /** The register's description only, or "unsupported" where no department keeps one. */
    async registration(code: CreditCode): Promise<DepartmentAnswer<InstitutionRecord>> {
      if (register !== undefined) {
        const [answer] = await noted(
          code,
          institutionAt(register.department.id, code).then((own) => [own]),
        );
        if (answer !== undefined) return answer;
      }
      const department = sources[0]?.department;
      if (department === undefined) throw new Error('the hub has no departments');
      return unsupported({ department, facet: 'INSTITUTIONS' });
    },
    /** One facet of one institution from every department (or those named). */
    facet<K extends SubjectRead>(
      read: K,
      creditCode: CreditCode,
      terms: Terms<K>,
      departmentIds: readonly string[] | null = null,
    ): Promise<DepartmentAnswers<SourceReads[K]['record']>> {
      return noted(creditCode, facetLoader(read).load({ creditCode, terms, departmentIds }));
    },
    recognitionsOfReports: createRecognitionLoader(services.recognitions),
    reportsByNumber: createNumberLoader('reportsByNumber', sources, scope, guard),
    /** What of an institution has been repaired; null while the hub's own store cannot be read. */
    repairs: new DataLoader<CreditCode, readonly Repaired[] | null>(async (codes) => {
      if (services.credit === null) return codes.map(() => []);
      return await services.credit.repairs.repairedOf(codes).catch(() => codes.map(() => null));
    }),
    certificates: createNumberLoader('certificates', sources, scope, guard),
    processSeries: new Map(
      sources.map((source) => [source.department.id, createNumberLoader('processSeries', [source], scope, guard)]),
    ),
  };
}
