import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { CreditCode } from '../codes/credit-code.ts';
import type { Conflict } from '../conflict/conflict.type.ts';
import { findConflicts } from '../conflict/find-conflicts.ts';
import { contextOf, type HubContext } from '../context.ts';
import { isShownTo } from '../credit/shown-to.ts';
import type { Coverage } from '../coverage/coverage.type.ts';
import { bilingual } from '../description.ts';
import { QualificationSchemeEnum } from '../enums.ts';
import { HubError } from '../errors.ts';
import type { Facility } from '../facility/facility.type.ts';
import { listEntryOf, type ListEntry } from '../list-entry/list-entry.type.ts';
import type { ProvenanceRecord, QualificationRecord, QualificationScheme } from '../records.ts';
import { qualificationsAt } from '../qualification/qualifications-at.ts';
import { regionOf, type Region } from '../region/region.ts';
import { CreditCodeScalar, DateTimeScalar } from '../scalars/scalars.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { aliasesOf } from './aliases.ts';
import { findInstitution } from './find-institution.ts';
import type { InstitutionNode } from './institution-node.ts';
import { Institution, type InstitutionAlias } from './institution.type.ts';

const NO_TERMS = {};

@Resolver(() => Institution)
export class InstitutionResolver {
  @Query(() => Institution, {
    nullable: true,
    ...bilingual(
      'The institution under this code; null when the register answered and does not know it.',
      '按统一社会信用代码查询机构',
    ),
  })
  institution(
    @Arg('creditCode', () => CreditCodeScalar, bilingual('Its code.', '统一社会信用代码')) creditCode: CreditCode,
    @Ctx() context: HubContext,
    @Arg('maxAgeSeconds', () => Int, {
      nullable: true,
      ...bilingual(
        'How old answers about it may be, in seconds; 0 = ask the departments now. Their own limits per facet when not given.',
        '可接受的数据时龄(秒)',
      ),
    })
    maxAgeSeconds?: number | null,
    @Arg('asOf', () => DateTimeScalar, {
      nullable: true,
      ...bilingual(
        'Everything of it as the hub knew it then, from the hub’s own copy; no department is asked. Not in the future, and not together with maxAgeSeconds.',
        '按该时点中枢所掌握的信息回答，只读副本，不向部门查询；不得晚于当前时间，不可与maxAgeSeconds同用',
      ),
    })
    asOf?: Date | null,
  ): Promise<InstitutionNode | null> {
    if (asOf === null || asOf === undefined) {
      context.loaders.acceptAge(creditCode, maxAgeSeconds);
      return findInstitution(creditCode, context);
    }
    if (maxAgeSeconds !== null && maxAgeSeconds !== undefined)
      throw new HubError('INPUT_INVALID', 'What was known at a time has no age: give "asOf" or "maxAgeSeconds".');
    if (asOf > context.clock.now()) throw new HubError('INPUT_INVALID', '"asOf" must not lie in the future.');
    return findInstitution(creditCode, context.knownAt(asOf));
  }

  @FieldResolver()
  region(@Root() { regionCode }: InstitutionNode): Region {
    return regionOf(regionCode);
  }

  @FieldResolver()
  aliases(@Root() institution: InstitutionNode, @Ctx() context: HubContext): Promise<readonly InstitutionAlias[]> {
    return aliasesOf(institution.creditCode, contextOf(institution, context));
  }

  @FieldResolver()
  async qualifications(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      ...bilingual('The time whose truth is asked for; when not given, now, or the asOf of the institution.', '时点'),
    })
    at?: Date | null,
    @Arg('scheme', () => QualificationSchemeEnum, { nullable: true, ...bilingual('Of this kind only.', '资质类别') })
    scheme?: QualificationScheme | null,
    @Arg('knownAt', () => DateTimeScalar, {
      nullable: true,
      ...bilingual('As it was known then: later corrections do not count.', '认知时点'),
    })
    knownAt?: Date | null,
  ): Promise<readonly QualificationRecord[]> {
    const { loaders, clock } = contextOf(institution, context);
    const answers = await loaders.facet('qualifications', institution.creditCode, NO_TERMS);
    const versions = answers.flatMap((answer) => answer.records);
    const now = clock.now();
    return qualificationsAt(versions, at ?? now, knownAt ?? now).filter((each) => !scheme || each.scheme === scheme);
  }

  @FieldResolver()
  async facilities(@Root() institution: InstitutionNode, @Ctx() context: HubContext): Promise<readonly Facility[]> {
    const { loaders } = contextOf(institution, context);
    return (await loaders.facet('facilities', institution.creditCode, NO_TERMS)).flatMap((answer) => answer.records);
  }

  @FieldResolver()
  async listEntries(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('activeOnly', () => Boolean, {
      defaultValue: true,
      nullable: true,
      ...bilingual('Leave out what was removed.', '仅有效记录'),
    })
    activeOnly: boolean | null,
  ): Promise<readonly ListEntry[]> {
    const { loaders, clock } = contextOf(institution, context);
    const today = calendarDateOf(clock.now());
    const records = (await loaders.facet('listEntries', institution.creditCode, NO_TERMS)).flatMap(
      (answer) => answer.records,
    );
    const repairs = records.length === 0 ? [] : await loaders.repairs.load(institution.creditCode);
    return records
      .map((record) => listEntryOf(record, today, repairs))
      .filter((entry) => entry.active || activeOnly === false)
      .filter((entry) => isShownTo(context, institution, entry, calendarDateOf(context.clock.now())))
      .sort((a, b) => (a.listedOn < b.listedOn ? 1 : -1));
  }

  @FieldResolver()
  async conflicts(@Root() institution: InstitutionNode, @Ctx() context: HubContext): Promise<readonly Conflict[]> {
    const answers = await contextOf(institution, context).loaders.institutions(institution.creditCode);
    return findConflicts(
      answers.flatMap(({ coverage, records }) =>
        records.map((record) => ({ department: coverage.department, record })),
      ),
    );
  }

  @FieldResolver()
  coverage(@Root() institution: InstitutionNode, @Ctx() context: HubContext): Promise<readonly Coverage[]> {
    return contextOf(institution, context).loaders.coverage.of(institution.creditCode);
  }

  @FieldResolver()
  async provenance(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
  ): Promise<readonly ProvenanceRecord[]> {
    const { loaders } = contextOf(institution, context);
    return (await loaders.institutions(institution.creditCode)).flatMap(({ records }) =>
      records.map((record) => record.provenance),
    );
  }
}
