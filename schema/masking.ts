/** Personal data as it leaves the hub (design 7, domain reference 4.4). The only place that masks. */
import type { PersonalKind } from './access/class-rules.ts';

/** "张三丰" -> "张**" (at most two stars, so that the length tells nothing). */
export function maskPersonName(name: string): string {
  const [first] = name;
  return first === undefined ? '' : `${first}**`;
}

/** "13812340001" -> "138****0001". */
export function maskPhone(phone: string): string {
  return phone.length < 8 ? '***' : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** "贵A0T101" -> "贵A****1": province, office and the last character stay. */
export function maskPlate(plate: string): string {
  return plate.length < 4 ? '***' : `${plate.slice(0, 2)}${'*'.repeat(plate.length - 3)}${plate.slice(-1)}`;
}

/** Keeps the maker (first three) and the last two characters. */
export function maskVin(vin: string): string {
  return vin.length < 8 ? '***' : `${vin.slice(0, 3)}${'*'.repeat(vin.length - 5)}${vin.slice(-2)}`;
}

export const MASKS: Readonly<Record<PersonalKind, (value: string) => string>> = {
  PERSON_NAME: maskPersonName,
  SIGNATORY: maskPersonName,
  PHONE: maskPhone,
  PLATE: maskPlate,
  VIN: maskVin,
};
