/** The word lists of the data standard for publishing licences and penalties (wire formats D.1). */
const NATURAL_PERSON: ReadonlySet<string> = new Set(['自然人', '01']);
const ORGANISATIONS: ReadonlySet<string> = new Set([
  ...['法人及非法人组织', '法人', '非法人组织', '个体工商户'],
  ...['02', '03', '04'],
]);

/** 处罚类别: Administrative Penalty Act art. 9, and the words of the act before 2021 that old files still have. */
const PENALTY_CATEGORIES: ReadonlySet<string> = new Set([
  ...[
    '警告',
    '通报批评',
    '罚款',
    '没收违法所得',
    '没收非法财物',
    '没收违法所得、没收非法财物',
    '没收违法所得、非法财物',
  ],
  ...['暂扣许可证件', '降低资质等级', '吊销许可证件', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业'],
  ...['行政拘留', '其他'],
  ...['暂扣或者吊销许可证', '暂扣或者吊销执照', '暂扣或者吊销许可证、暂扣或者吊销执照'],
]);

/** 许可类别, words and codes. */
const LICENCE_KINDS: ReadonlySet<string> = new Set([
  ...['普通', '特许', '认可', '核准', '登记', '其他'],
  ...['01', '02', '03', '04', '05', '06'],
]);

export function isNaturalPerson(kindOfSubject: string | null): boolean {
  return kindOfSubject !== null && NATURAL_PERSON.has(kindOfSubject);
}

export function isKindOfOrganisation(kindOfSubject: string): boolean {
  return ORGANISATIONS.has(kindOfSubject);
}

/** @param text at least one category; several are joined by `;`, as the map takes them apart */
export function arePenaltyCategories(text: string): boolean {
  const categories = text.split(/[;；]/).map((category) => category.trim());
  const named = categories.filter((category) => category !== '');
  return named.length > 0 && named.every((category) => PENALTY_CATEGORIES.has(category));
}

export function isLicenceKind(kind: string): boolean {
  return LICENCE_KINDS.has(kind);
}
