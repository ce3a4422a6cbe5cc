import { Field, InputType } from 'type-graphql';
import { bilingual } from '../description.ts';
import {
  ProficiencyGradeEnum,
  RecognitionClueStateEnum,
  RecognitionKindEnum,
  RecognitionPurposeEnum,
  RecognitionStateEnum,
} from '../enums.ts';
import { CreditCodeScalar, DateScalar, DepartmentIdScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { RecognitionKind } from './evidence.ts';
import type { ClueState, ProficiencyGrade } from './finding.ts';
import type { RecognitionState } from './recognition.ts';
import type { Purpose } from './rules.ts';

@InputType(bilingual('A result that the caller’s department wants to rely on.', '申请采信'))
export class RecognitionInput {
  @Field(() => String, bilingual('The same key gives the same recognition, however often it is sent.', '幂等键'))
  readonly idempotencyKey!: string;

  @Field(() => RecognitionKindEnum, {
    defaultValue: 'REPORT',
    ...bilingual('A report or a certificate.', '报告或证书'),
  })
  readonly kind!: RecognitionKind;

  @Field(() => String, bilingual('Number as printed on it.', '报告或证书编号'))
  readonly number!: string;

  @Field(
    () => CreditCodeScalar,
    bilingual(
      'Who issued it, for numbers are unique within an institution only; of a certificate without an issuing body: its holder.',
      '出具机构代码',
    ),
  )
  readonly institution!: string;

  @Field(() => RecognitionPurposeEnum, bilingual('What it is to be relied on for.', '采信用途'))
  readonly purpose!: Purpose;

  @Field(() => String, {
    nullable: true,
    ...bilingual(
      'SM3 of the document in hand, hex. Without it, what is registered is recognised, whatever a document says.',
      '所持报告的SM3摘要',
    ),
  })
  readonly digest?: string | null;

  @Field(() => [DepartmentIdScalar], {
    defaultValue: [],
    ...bilingual('Departments that are to treat the result as their own; each is told.', '互认部门'),
  })
  readonly relyingDepartments!: string[];
}

@InputType(bilingual('Which recognitions.', '互认记录筛选'))
export class RecognitionFilter {
  @Field(() => [RecognitionStateEnum], { nullable: true, ...bilingual('In one of these states.', '状态') })
  readonly state?: RecognitionState[] | null;

  @Field(() => CreditCodeScalar, { nullable: true, ...bilingual('Of this institution’s results.', '机构') })
  readonly institution?: string | null;

  @Field(() => DepartmentIdScalar, { nullable: true, ...bilingual('Asked for by this department.', '申请部门') })
  readonly requester?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    ...bilingual('Only those that a person should look at, because something has happened since.', '仅待复核'),
  })
  readonly flaggedOnly?: boolean | null;
}

@InputType(bilingual('A clue that reports may be false.', '疑点线索'))
export class ReportClueInput {
  @Field(() => String, bilingual('The department’s own number of the clue; sent again, it replaces it.', '线索编号'))
  readonly number!: string;

  @Field(() => CreditCodeScalar, bilingual('Whose reports.', '机构代码'))
  readonly institution!: string;

  @Field(() => String, { nullable: true, ...bilingual('One report only.', '报告编号') })
  readonly reportNumber?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    ...bilingual('All its reports from this day on; earlier ones are only flagged for review.', '涉及报告的起始日期'),
  })
  readonly concernsFrom?: CalendarDate | null;

  @Field(() => RecognitionClueStateEnum, bilingual('What has become of it.', '线索状态'))
  readonly state!: ClueState;

  @Field(() => String, bilingual('What it is, in short; no personal data.', '说明'))
  readonly note!: string;
}

@InputType(bilingual('A result of proficiency testing.', '能力验证结果'))
export class ProficiencyResultInput {
  @Field(() => String, bilingual('The department’s own number of it; sent again, it replaces it.', '结果编号'))
  readonly number!: string;

  @Field(() => CreditCodeScalar, bilingual('Whose.', '机构代码'))
  readonly institution!: string;

  @Field(() => String, bilingual('Parameter that was tested.', '参数'))
  readonly parameter!: string;

  @Field(() => String, { nullable: true, ...bilingual('By one standard only.', '依据标准') })
  readonly standard?: string | null;

  @Field(() => ProficiencyGradeEnum, bilingual('How it came out.', '评价'))
  readonly grade!: ProficiencyGrade;

  @Field(() => DateScalar, bilingual('Day of the evaluation.', '评价日期'))
  readonly evaluatedOn!: CalendarDate;

  @Field(() => DateScalar, {
    nullable: true,
    ...bilingual('From this day on the item may be reported again.', '整改验证通过日期'),
  })
  readonly closedOn?: CalendarDate | null;

  @Field(() => String, bilingual('Programme and provider; no personal data.', '说明'))
  readonly note!: string;
}
