/** How personal data looks in free text, for places that must not keep any: logs and the audit trail. */

/** Mobile numbers of the mainland. */
export const PHONE = /(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])/g;

/** Identity card numbers (GB 11643): region, birthday, sequence, check character. */
export const IDENTITY_NUMBER =
  /(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])/g;

/** Province, office, five or six characters (GA 36). */
export const PLATE = /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][0-9A-Za-z·*]{5,7}/g;

/** 17 characters without I, O and Q, among them letters and digits (GB 16735). */
export const VIN = /(?<![0-9A-Za-z])(?=[0-9]*[A-HJ-NPR-Z])(?=[A-Z]*[0-9])[A-HJ-NPR-Z0-9]{17}(?![0-9A-Za-z])/g;

export const holdsPersonalData = (text: string): boolean =>
  [PHONE, IDENTITY_NUMBER, PLATE, VIN].some((pattern) => text.search(pattern) >= 0);
