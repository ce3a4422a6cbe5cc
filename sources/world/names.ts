/** Names of generated institutions. Every one contains 示例 ("example"), so that nobody takes it for a real body. */
import type { LegalForm } from './codes.ts';
import { at } from './random.ts';
import type { Dice } from './random.ts';
import type { WorldKind } from './types.ts';

/** 150 characters that company names like; two of them make a word, and no two institutions share a word. */
export const WORD_CHARACTERS = Array.from(
  '安宝北昌辰诚驰川达德鼎东笃恩方丰峰福富冠光广国海浩和恒弘宏华' +
    '汇惠吉嘉坚建江锦劲京景靖久聚军俊开康科坤蓝乐力立联良林灵领隆' +
    '绿茂美铭明宁鹏平普齐启千谦庆泉仁荣瑞润森尚盛胜实世舒顺思泰腾' +
    '天通同途拓万威维伟文熙祥翔欣新信星兴秀旭轩学雅阳洋业一宜亿易' +
    '益银英盈永优友佑宇裕誉元圆源远悦云曜岚岭岳嵩帆彬忠成振捷敏晨',
);

const WORDS = WORD_CHARACTERS.length ** 2;
const STRIDE = 7919;

/** What a body of each kind calls itself, without its legal form; the old fashion is found in old files only. */
const BUSINESS: Readonly<Record<WorldKind, { readonly now: readonly string[]; readonly old: string }>> = {
  VEHICLE_INSPECTION_BODY: { now: ['机动车检测', '机动车检验', '车辆检测服务'], old: '机动车综合性能检测站' },
  ENV_MONITORING_BODY: { now: ['环境监测', '生态环境检测'], old: '环保监测站' },
  CERTIFICATION_BODY: { now: ['认证', '质量认证'], old: '认证咨询中心' },
  MEDICAL_DEVICE_INSPECTION_BODY: { now: ['医疗器械检验', '医疗器械检测'], old: '医疗设备检修所' },
  CARBON_TESTING_BODY: { now: ['碳排放检测', '低碳检测技术'], old: '煤质化验室' },
  CARBON_VERIFICATION_BODY: { now: ['碳核查技术', '低碳核查'], old: '节能咨询部' },
  FOOD_AGRI_TESTING_BODY: { now: ['食品检测', '农产品检测', '食品检验'], old: '食品化验所' },
  INSPECTION_TESTING_BODY: { now: ['检测技术', '工程检测', '计量检测'], old: '检测试验站' },
  OTHER: { now: ['技术咨询', '设备技术服务'], old: '技术服务部' },
};

/** The two forms a name has, and how a department may write it. */
export interface NameForms {
  /** As registered, with full-width brackets where it has brackets. */
  readonly registered: string;
  /** Before the last change of name. */
  readonly former: string;
}

/**
 * The name of a generated institution.
 * @param place short name of the prefecture, or of the province for special cases.
 */
export function nameOf(
  dice: Dice,
  index: number,
  what: { kind: WorldKind; form: LegalForm; place: string; seed: number },
): NameForms {
  const word = wordOf(what.seed, index);
  const { now, old } = BUSINESS[what.kind];
  const business = dice.pick(now);
  const former = `${what.place}示例${word}${old}`;
  if (what.form === '12') return { registered: `${what.place}示例${word}${business}中心`, former };
  if (what.form === '52') return { registered: `${what.place}示例${word}${business}研究院`, former };
  const bracketed = dice.chance(0.18);
  const registered = bracketed
    ? `示例${word}（${what.place}）${business}有限公司`
    : `${what.place}示例${word}${business}有限公司`;
  return { registered, former };
}

/** Brackets as western keyboards type them. */
export function withHalfWidthBrackets(name: string): string {
  return name.replace('（', '(').replace('）', ')');
}

export function withoutLegalForm(name: string): string {
  return name.replace(/有限公司$/, '');
}

/** A natural person: 示例 and one or two characters. */
export function personName(dice: Dice, length: 1 | 2): string {
  return `示例${Array.from({ length }, () => dice.pick(WORD_CHARACTERS)).join('')}`;
}

/** A word of two characters; different for each index. */
export function wordOf(seed: number, index: number): string {
  const value = (index * STRIDE + Math.abs(seed) * 31) % WORDS;
  const base = WORD_CHARACTERS.length;
  return at(WORD_CHARACTERS, Math.floor(value / base)) + at(WORD_CHARACTERS, value % base);
}
