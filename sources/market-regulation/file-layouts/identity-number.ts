/** Identity card numbers (GB 11643-1999) that were typed into columns where none belongs. */
const SHAPE = /(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])/g;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';

/** Whether a text holds 18 characters that are an identity card number: its date and its check character are right. */
export function holdsIdentityNumber(text: string): boolean {
  if (text.length < 18) return false;
  return (text.normalize('NFKC').match(SHAPE) ?? []).some((number) => {
    const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
    return CHECKS[sum % 11] === number[17]?.toUpperCase();
  });
}
