import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { demandEver, may } from '../access/policy.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { recognitionNode, type RecognitionNode } from '../recognition/nodes.ts';
import { recognitionsOf } from '../recognition/recognition.resolver.ts';
import { RecognitionType } from '../recognition/recognition.type.ts';
import { Report } from './report.type.ts';

@Resolver(() => Report)
export class ReportResolver {
  @FieldResolver()
  signatory(@Root() { signatory, institution }: Report, @Ctx() { access }: HubContext): string | null {
    return access.shown('SIGNATORY', signatory, institution);
  }

  @FieldResolver(
    () => [RecognitionType],
    bilingual('Recognitions of it that the caller may see, oldest first.', '互认记录'),
  )
  async recognitions(@Root() report: Report, @Ctx() context: HubContext): Promise<readonly RecognitionNode[]> {
    recognitionsOf(context);
    const { caller, loaders } = context;
    demandEver(caller, 'recognition:read');
    const all = await loaders.recognitionsOfReports.load({
      creditCode: report.institution.creditCode,
      number: report.number,
    });
    return all
      .filter(({ requesterId, targetIds, institution: { regionCode } }) =>
        may(caller, 'recognition:read', { departmentIds: [requesterId, ...targetIds], regionCode }),
      )
      .map(recognitionNode);
  }
}
