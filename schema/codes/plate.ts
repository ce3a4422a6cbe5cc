/** What kind of number plate a number has the form of. OTHER: embassy, police, border, temporary and unknown forms. */
export type PlateKind = 'ORDINARY' | 'NEW_ENERGY_SMALL' | 'NEW_ENERGY_LARGE' | 'OTHER';

/** A number plate taken apart. A plate alone identifies no vehicle: join on plate and category, or on the VIN. */
export interface PlateReading {
  /** The leading character, e.g. 贵. */
  readonly province: string;
  /** Everything after it, upper case, without separators, with a closing 挂, 学 or 警. */
  readonly rest: string;
  readonly kind: PlateKind;
}

/** The plate colours that say which of the four main categories a plate belongs to. */
export type PlateColour = 'YELLOW' | 'BLUE' | 'YELLOW_GREEN' | 'GRADIENT_GREEN';

/** Names of the plate categories (号牌种类, hpzl). GA/T 16.7. */
export const PLATE_CATEGORY_NAMES: Readonly<Record<string, string>> = {
  '01': '大型汽车', // large vehicle
  '02': '小型汽车', // small vehicle
  '03': '使馆汽车',
  '04': '领馆汽车',
  '05': '境外汽车',
  '06': '外籍汽车',
  '07': '普通(两、三轮)摩托车',
  '08': '轻便摩托车',
  '09': '使馆摩托车',
  '10': '领馆摩托车',
  '11': '境外摩托车',
  '12': '外籍摩托车',
  '13': '低速车(农用运输车)',
  '14': '拖拉机',
  '15': '挂车', // trailer, plate ends in 挂
  '16': '教练汽车', // driving school, plate ends in 学
  '17': '教练摩托车',
  '18': '试验汽车',
  '19': '试验摩托车',
  '20': '临时入境汽车',
  '21': '临时入境摩托车',
  '22': '临时行驶车',
  '23': '警用汽车', // police, plate ends in 警
  '24': '警用摩托',
  '25': '原农机号牌',
  '26': '香港入出境车',
  '27': '澳门入出境车',
  '31': '武警号牌',
  '32': '军队号牌',
  '41': '无号牌',
  '42': '假号牌',
  '43': '挪用号牌',
  '51': '大型新能源汽车', // large new-energy vehicle
  '52': '小型新能源汽车', // small new-energy vehicle
  '99': '其他号牌',
};

/** One interface documents 51 and 52 the other way round; its adapter has to swap them before it comes here. */
const CATEGORY_OF_COLOUR = {
  YELLOW: '01',
  BLUE: '02',
  YELLOW_GREEN: '51',
  GRADIENT_GREEN: '52',
} as const satisfies Record<PlateColour, string>;

const COLOUR_OF_CATEGORY: ReadonlyMap<string, PlateColour> = new Map([
  [CATEGORY_OF_COLOUR.YELLOW, 'YELLOW'],
  [CATEGORY_OF_COLOUR.BLUE, 'BLUE'],
  [CATEGORY_OF_COLOUR.YELLOW_GREEN, 'YELLOW_GREEN'],
  [CATEGORY_OF_COLOUR.GRADIENT_GREEN, 'GRADIENT_GREEN'],
]);

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** GA 36; serials never use the letters I and O. */
const ORDINARY = /^[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警]$/;
const NEW_ENERGY_SMALL = /^[A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9][0-9]{4}$/;
const NEW_ENERGY_LARGE = /^[A-HJ-NP-Z][0-9]{5}[A-HJK]$/;
const PLAUSIBLE = /^(\p{Script=Han})([A-Z0-9]{4,8}\p{Script=Han}?)$/u;
/** Blanks, hyphens and the dot that plates show after the letter of the city. */
const SEPARATORS = /[\s\p{Dash_Punctuation}\p{Format}.·•∙⋅・]+/gu;

/**
 * Takes a number plate (号牌号码) apart.
 * @param text the whole plate with its province character; separators, case and full-width forms do not matter.
 * @returns null when the text does not begin with one Chinese character followed by a plausible number, for example
 *   because the province was left off (see `withProvince`).
 */
export function readPlate(text: string): PlateReading | null {
  const [, province = '', rest = ''] = PLAUSIBLE.exec(normalisePlate(text)) ?? [];
  return rest === '' ? null : { province, rest, kind: kindOf(province, rest) };
}

/**
 * The whole plate from a number as the police send it, without its province character. A number that already begins
 * with a Chinese character keeps it.
 * @param hphm the number as sent. The police also leave off a closing 挂, 学 or 警; that character is not put back,
 *   because only the plate category tells which one it was.
 * @param province the character of the province that sent it.
 */
export function withProvince(hphm: string, province = '贵'): string {
  const number = normalisePlate(hphm);
  return number === '' || /^\p{Script=Han}/u.test(number) ? number : province + number;
}

/**
 * The plate category (hpzl) a colour stands for. Some rarer categories share yellow and blue (trailers, motorcycles);
 * the answer is the one of cars and trucks.
 */
export function plateCategoryForColour(colour: PlateColour): '01' | '02' | '51' | '52' {
  return CATEGORY_OF_COLOUR[colour];
}

/** The colour of a plate category (hpzl), null for the categories whose colour does not tell them apart. */
export function colourForPlateCategory(hpzl: string): PlateColour | null {
  return COLOUR_OF_CATEGORY.get(hpzl) ?? null;
}

function normalisePlate(text: string): string {
  return text.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();
}

function kindOf(province: string, rest: string): PlateKind {
  if (!PROVINCES.includes(province)) return 'OTHER';
  if (ORDINARY.test(rest)) return 'ORDINARY';
  if (NEW_ENERGY_SMALL.test(rest)) return 'NEW_ENERGY_SMALL';
  return NEW_ENERGY_LARGE.test(rest) ? 'NEW_ENERGY_LARGE' : 'OTHER';
}
