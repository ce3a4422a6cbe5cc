/** How each department must be asked for an institution: under its credit code or under matched local numbers. */
import type { CreditCode } from './codes/credit-code.ts';
import type { DepartmentAnswer } from './department-answer.ts';
import type { HubServices } from './context.ts';
import type { HubErrorCode } from './errors.ts';
import { unknownSubject, type SubjectFacts } from './identity/subject-facts.ts';
import type { CallScope, DepartmentSource, SubjectReference } from './ports.ts';
import type { InstitutionRecord } from './records.ts';

export type AskableSubject =
  | {
      readonly askable: true;
      readonly reference: SubjectReference;
      /** Why the answer may be incomplete, or null. */
      readonly reservation: string | null;
    }
  /** The department's directory does not know the institution. */
  | { readonly askable: false; readonly asOf: Date; readonly reservation: string | null }
  /** Its numbers cannot be found out now. */
  | { readonly askable: 'unknown'; readonly code: string; readonly reason: string };

/** One department's description of one institution, batched per operation. */
export type InstitutionLookup = (
  departmentId: string,
  code: CreditCode,
) => Promise<DepartmentAnswer<InstitutionRecord>>;

function factsOf(answer: DepartmentAnswer<InstitutionRecord>, code: CreditCode): SubjectFacts | null {
  const [record] = answer.records;
  return record === undefined
    ? null
    : { creditCode: code, name: record.name, regionCode: record.regionCode, cmaNumbers: record.cmaNumbers };
}

export class SubjectReferences {
  readonly #services: HubServices;
  readonly #scope: CallScope;
  readonly #lookup: InstitutionLookup;
  readonly #maxAgeOf: (code: CreditCode) => number | null;

  /** @param maxAgeOf how old answers about an institution may be, in seconds; null = the departments' own defaults */
  constructor(
    services: HubServices,
    scope: CallScope,
    lookup: InstitutionLookup,
    maxAgeOf: (code: CreditCode) => number | null = () => null,
  ) {
    this.#services = services;
    this.#scope = scope;
    this.#lookup = lookup;
    this.#maxAgeOf = maxAgeOf;
  }

  #reference(creditCode: CreditCode, localIds: readonly string[]): SubjectReference {
    const maxAgeSeconds = this.#maxAgeOf(creditCode);
    return { creditCode, localIds, ...(maxAgeSeconds !== null && { maxAgeSeconds }) };
  }

  /**
   * What the institution is matched by: the registry's word now, else as it was last seen, else what another
   * department that holds the credit code says.
   */
  async factsOf(code: CreditCode): Promise<SubjectFacts | null> {
    const { registry, identity } = this.#services;
    const keyedByCode = registry.all().filter((source) => source.department.keyedBy === 'CREDIT_CODE');
    const register = keyedByCode.find((source) => source.listInstitutions !== undefined);
    const fromRegister = register && factsOf(await this.#lookup(register.department.id, code), code);
    const known = fromRegister ?? identity.subjects.factsOf(code);
    if (known !== undefined) return known;
    for (const source of keyedByCode.filter((each) => each !== register)) {
      const facts = factsOf(await this.#lookup(source.department.id, code), code);
      if (facts !== null) return facts;
    }
    return null;
  }

  /** @param askWithoutNumbers the read also finds institutions by their credit code */
  async of(source: DepartmentSource, code: CreditCode, askWithoutNumbers: boolean): Promise<AskableSubject> {
    const { department } = source;
    if (department.keyedBy === 'CREDIT_CODE') {
      return { askable: true, reference: this.#reference(code, []), reservation: null };
    }
    const facts = await this.factsOf(code);
    const answer = await this.#services.identity.stationsOf(source, facts ?? unknownSubject(code), this.#scope);
    const unknown = (error: { readonly code: HubErrorCode; readonly message: string }): AskableSubject =>
      askWithoutNumbers
        ? {
            askable: true,
            reference: this.#reference(code, []),
            reservation: `${error.code}: ${error.message}`,
          }
        : { askable: 'unknown', code: error.code, reason: error.message };
    if (!answer.known) return unknown(answer.error);
    const { matches, uncertain } = answer.stations;
    if (facts === null && matches.length === 0) {
      const message = `The institution's name is not known now, so ${department.name} cannot be asked for it.`;
      return unknown({ code: 'SOURCE_UNAVAILABLE', message });
    }
    const reservation =
      uncertain.length === 0
        ? null
        : `IDENTITY_UNCERTAIN: ${uncertain.length} entries of ${department.name} may be this institution; a person must say which.`;
    if (matches.length === 0 && !askWithoutNumbers) return { askable: false, asOf: answer.asOf, reservation };
    const localIds = matches.map((match) => match.entry.localId);
    return { askable: true, reference: this.#reference(code, localIds), reservation };
  }
}
