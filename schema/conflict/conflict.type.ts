import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type { ProvenanceRecord } from '../records.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('What one department says.', '部门取值') })
export class ConflictValue {
  @Field(() => String, bilingual('The value in the hub’s form.', '取值'))
  readonly value!: string;

  @Field(() => Provenance, bilingual('Who says so, and since when.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}

@ObjectType('FieldConflict', {
  simpleResolvers: true,
  ...bilingual('A fact on which departments disagree.', '字段冲突'),
})
export class Conflict {
  @Field(() => String, bilingual('Name of the fact.', '字段'))
  readonly field!: string;

  @Field(() => [ConflictValue], bilingual('Every value, by department code.', '全部取值'))
  readonly values!: readonly ConflictValue[];

  @Field(() => String, bilingual('The value that the hub shows.', '采用值'))
  readonly chosen!: string;

  @Field(() => String, bilingual('Why that one.', '采用规则'))
  readonly rule!: string;
}
