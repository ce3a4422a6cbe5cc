import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { CreditCodeScalar } from '../scalars/scalars.ts';
import { ReportVerification } from './verification.type.ts';
import { verifyReport } from './verify-report.ts';

@Resolver()
export class VerificationResolver {
  @Query(
    () => ReportVerification,
    bilingual('Open to the public: is this report genuine and was its issuer qualified?', '报告真伪核验'),
  )
  verifyReport(
    @Arg('number', () => String, bilingual('Number as printed on the report.', '报告编号')) number: string,
    @Ctx() context: HubContext,
    @Arg('issuer', () => CreditCodeScalar, {
      nullable: true,
      ...bilingual('Who the report says issued it.', '出具机构'),
    })
    issuer?: CreditCode | null,
  ): Promise<ReportVerification> {
    return verifyReport(number, issuer ?? null, context);
  }
}
