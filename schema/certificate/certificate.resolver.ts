import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { failIfSilent } from '../department-answer.ts';
import { findInstitution } from '../institution/find-institution.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { statusOn } from '../qualification/status-on.ts';
import type { CertificateRecord } from '../records.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { Certificate } from './certificate.type.ts';

@Resolver(() => Certificate)
export class CertificateResolver {
  @Query(() => Certificate, {
    nullable: true,
    ...bilingual(
      'A certificate by its number; null when every department that keeps certificates knows none.',
      '按编号查询证书',
    ),
  })
  async certificate(
    @Arg('number', () => String, bilingual('Certificate number.', '证书编号')) number: string,
    @Ctx() { loaders, clock }: HubContext,
  ): Promise<CertificateRecord | null> {
    const answers = await loaders.certificates.load(number.normalize('NFKC').trim());
    const [certificate] = answers.flatMap((answer) => answer.records);
    if (certificate !== undefined) {
      return { ...certificate, status: statusOn(certificate, calendarDateOf(clock.now())) };
    }
    failIfSilent(answers);
    return null;
  }

  @FieldResolver()
  async issuer(@Root() { issuerCode }: CertificateRecord, @Ctx() context: HubContext): Promise<InstitutionNode | null> {
    return issuerCode === null ? null : await findInstitution(issuerCode, context);
  }
}
