import { HubError } from '../errors.ts';

/** A certificate number of the qualification of inspection and testing bodies (资质认定, CMA): 12 digits. */
export type CmaNumber = string & { readonly __brand: 'CmaNumber' };

/** A code of one of the tables below with its Chinese name. */
export interface CmaCode {
  readonly code: string;
  readonly name: string;
}

/** What the digits of a certificate number say. */
export interface CmaNumberReading {
  readonly number: CmaNumber;
  /** Year of issue, four digits. */
  readonly year: number;
  /** Who issued the certificate. Not a GB/T 2260 code: Guizhou is 24. */
  readonly authority: CmaCode;
  /** A body that can test food is always classed 00, whatever else it does. */
  readonly field: CmaCode;
  readonly sector: { readonly code: string; readonly name: string | null };
}

/** Digits 3-4, issuing authority (发证机关). The index is the code. */
const AUTHORITIES = [
  '国家', // national
  ...['北京', '天津', '河北', '山西', '内蒙古', '辽宁', '吉林', '黑龙江', '上海', '江苏', '浙江'],
  ...['安徽', '福建', '江西', '山东', '河南', '湖北', '湖南', '广东', '广西', '海南', '重庆'],
  ...['四川', '贵州', '云南', '西藏', '陕西', '甘肃', '青海', '宁夏', '新疆'],
] as const;

/** Digits 5-6, professional field (专业领域类别). The index is the code. */
const FIELDS = [
  '食品', // 00 food
  '建筑工程', // 01 construction
  '建材', // 02 building materials
  '卫生计生', // 03 health
  '农林牧渔', // 04 agriculture, forestry, fishery
  '机动车安检', // 05 vehicle safety inspection
  '公安刑事技术', // 06 police forensics
  '司法鉴定', // 07 judicial appraisal
  '机械', // 08 machinery
  '电子信息', // 09 electronics
  '轻工', // 10 light industry
  '纺织服装', // 11 textiles
  '环境与环保', // 12 environment
  '水质', // 13 water
  '化工', // 14 chemicals
  '医疗器械', // 15 medical devices
  '采矿冶金', // 16 mining, metallurgy
  '能源', // 17 energy
  '医学', // 18 medicine
  '生物安全', // 19 biosafety
  '综合', // 20 general
  '其他', // 21 other
] as const;

/**
 * Digits 7-8, supervising sector (行业主管部门). The index is the code. The names are those of the coding rule of 2015;
 * many of these departments have been merged since, the codes stayed.
 */
const SECTORS = [
  ...['教育', '工业和信息化', '公安', '司法', '国土资源'], // 00 education, industry, police, justice, land
  ...['环境保护', '住房和城乡建设', '交通运输', '水利', '农业'], // 05 environment, construction, transport, water, agriculture
  ...['卫生计生', '质量技术监督', '检验检疫', '安全生产', '食品药品'], // 10 health, quality, quarantine, work safety, food and drugs
  ...['林业', '中国科学院', '粮食', '国防科工', '海洋'], // 15 forestry, Academy of Sciences, grain, defence industry, ocean
  ...['测绘', '铁路', '机械', '化工', '石油'], // 20 surveying, railway, machinery, chemicals, oil
  ...['电力', '轻工', '商贸', '建材', '供销'], // 25 power, light industry, trade, building materials, supply cooperatives
  ...['分析测试与冶金', '有色金属', '节能', '军队', '其他'], // 30 analysis and metallurgy, non-ferrous, energy saving, army, other
] as const;

/** Year 2, authority 00-31, field 00-21, sector 00-34, serial 4. */
const SHAPE = /^(\d{2})(0\d|[12]\d|3[01])([01]\d|2[01])([0-2]\d|3[0-4])(\d{4})$/;

/**
 * Reads a CMA certificate number.
 * @param text 12 digits; full-width digits and surrounding blanks are accepted.
 * @returns the number and what its digits mean, or null when the text is not such a number.
 * @remarks Coding rule of the CMA certificate number: year, issuing authority, field, sector, serial from 0001. The
 *   number alone proves nothing: compare year and authority with the register.
 */
export function readCmaNumber(text: string): CmaNumberReading | null {
  const number = text.normalize('NFKC').trim();
  const [, year = '', authority = '', field = '', sector = '', serial = ''] = SHAPE.exec(number) ?? [];
  if (serial === '' || serial === '0000') return null;
  return {
    number: branded(number),
    // The rule dates from 2015, so there is no other century to choose from.
    year: 2000 + Number(year),
    authority: { code: authority, name: nameIn(AUTHORITIES, authority) ?? authority },
    field: { code: field, name: nameIn(FIELDS, field) ?? field },
    sector: { code: sector, name: nameIn(SECTORS, sector) },
  };
}

/**
 * Reads a CMA certificate number where there must be one.
 * @param text 12 digits; full-width digits and surrounding blanks are accepted.
 * @throws HubError INPUT_INVALID; the message does not repeat the text.
 */
export function parseCmaNumber(text: string): CmaNumber {
  const reading = readCmaNumber(text);
  if (reading === null) {
    throw new HubError(
      'INPUT_INVALID',
      'A CMA certificate number has 12 digits: year, authority 00-31, field 00-21, sector 00-34, serial from 0001.',
    );
  }
  return reading.number;
}

/**
 * Takes apart a field that holds several certificate numbers joined by `、`, a comma, a semicolon or blanks.
 * @returns the well-formed numbers, each once, in order of appearance; and every other piece as it was written.
 */
export function splitCmaNumbers(text: string): { numbers: CmaNumber[]; unreadable: string[] } {
  const numbers = new Set<CmaNumber>();
  const unreadable: string[] = [];
  for (const piece of text.split(/[\s、､,\uff0c;\uff1b]+/u)) {
    const reading = readCmaNumber(piece);
    if (reading !== null) numbers.add(reading.number);
    else if (piece !== '') unreadable.push(piece);
  }
  return { numbers: [...numbers], unreadable };
}

function branded(number: string): CmaNumber {
  return number as CmaNumber;
}

function nameIn(table: readonly string[], code: string): string | null {
  return table[Number(code)] ?? null;
}
