import { Field, Float, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { AliasCandidateKindEnum, AliasDoubtEnum } from '../enums.ts';
import { Region } from '../institution/institution.type.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { connectionTypes } from '../relay/connection.ts';
import { CreditCodeScalar, DateTimeScalar } from '../scalars/scalars.ts';
import { AliasEvidence } from './alias-evidence.type.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('An institution whose number it may be.', '候选机构'),
})
export class CandidateInstitution {
  @Field(() => CreditCodeScalar, bilingual('Its credit code.', '统一社会信用代码'))
  readonly creditCode!: string;

  @Field(() => String, bilingual('Registered name.', '名称'))
  readonly name!: string;

  @Field(() => Region, { nullable: true, ...bilingual('Where it is registered.', '行政区划') })
  readonly region!: Region | null;

  @Field(() => AliasDoubtEnum, bilingual('Why a person must say.', '待判断的原因'))
  readonly why!: keyof typeof AliasDoubtEnum;

  @Field(() => Float, bilingual('0..1; the likelier one is the higher one.', '可能性'))
  readonly confidence!: number;

  @Field(() => [AliasEvidence], bilingual('The facts compared.', '匹配依据'))
  readonly evidence!: readonly AliasEvidence[];
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('A local number that waits for a person: see confirmAlias and rejectAlias.', '待人工确认的内部编号'),
})
export class AliasCandidate {
  @Field(() => Department, bilingual('Whose number.', '部门'))
  readonly department!: DepartmentDescriptor;

  @Field(() => String, bilingual('The number.', '内部编号'))
  readonly localId!: string;

  @Field(() => AliasCandidateKindEnum, bilingual('Why it waits.', '类别'))
  readonly kind!: keyof typeof AliasCandidateKindEnum;

  @Field(() => String, bilingual('The name in the department’s directory.', '部门目录中的名称'))
  readonly name!: string;

  @Field(() => Region, { nullable: true, ...bilingual('The place in the department’s directory.', '部门目录中的区划') })
  readonly region!: Region | null;

  @Field(() => [String], bilingual('CMA numbers in the department’s directory.', '部门目录中的资质认定证书编号'))
  readonly cmaNumbers!: readonly string[];

  @Field(() => CreditCodeScalar, {
    nullable: true,
    ...bilingual('The credit code in the department’s directory.', '部门目录中的信用代码'),
  })
  readonly creditCode!: string | null;

  @Field(
    () => [CandidateInstitution],
    bilingual(
      'Institutions that come into question, the likelier one first; suggestions only when UNMATCHED.',
      '候选机构',
    ),
  )
  readonly candidates!: readonly CandidateInstitution[];

  @Field(() => DateTimeScalar, bilingual('Since when it waits.', '待确认起始时间'))
  readonly since!: Date;
}

const connection = connectionTypes('AliasCandidate', () => AliasCandidate);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of numbers that wait.', '待确认编号列表') })
export class AliasCandidateConnection extends connection.ConnectionType {}
