/**
 * The columns that the hub reads, as the department really fills them (wire-formats C, E.3; domain reference 6.3).
 * Columns of persons (FDDBR, LXDH, YHMC, CF_FRDB, CF_XDR_ZJHM) are neither declared nor selected.
 */
import { z } from 'zod';
import { readText } from './text.ts';

/** A column that may be NULL or blank: blanks are cut off, and nothing is the empty text. */
const column = z
  .string()
  .nullish()
  .transform((text, context) => {
    try {
      return readText(text ?? '');
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
      return z.NEVER;
    }
  });
/** A column without which the row means nothing. */
const required = column.pipe(z.string().min(1, 'is empty'));

/** What every row of a feed has, one that withdraws its ID included. */
export const ControlWire = z.object({ ID: required, CZLX: column, GXSJ: column });

/** QZ_JCJG 检测机构 */
export const StationWire = z.object({
  ID: required,
  TYSHXYDM: column,
  JCJGBH: column,
  JCJGMC: required,
  DZ: column,
  XZQHDM: column,
  ZZRDZSBH: column,
  ZZRDYXQZ: column,
  BABH: column,
  BAJG: column,
  BARQ: column,
  BAYXQZ: column,
  BAZT: column,
  GXSJ: column,
});
export type StationWire = z.infer<typeof StationWire>;

/** QZ_CLJC 车辆检测 */
export const TestWire = z.object({
  ID: required,
  TYSHXYDM: column,
  JCJGBH: column,
  BGBH: column,
  CPHM: column,
  VINHM: column,
  DLYSZH: column,
  JCXB: column,
  JCRQ: required,
  ZJCS: column,
  LC: column,
  JCJL: column,
  JSDJ: column,
  YXQZ: column,
  QZR: column,
  GXSJ: column,
});
export type TestWire = z.infer<typeof TestWire>;

/** QZ_XZCF 行政处罚; column set of 2021 */
export const PenaltyWire = z.object({
  ID: required,
  CF_XDR_LB: column,
  CF_WSH: required,
  CF_WFXW: column,
  CF_SY: column,
  CF_YJ: column,
  CF_CFLB: column,
  CF_NR_FK: column,
  CF_NR_WFFF: column,
  CF_JDRQ: required,
  CF_GSRQ: column,
  CF_GSJZQ: column,
  CF_CFJG: required,
  GXSJ: column,
});
export type PenaltyWire = z.infer<typeof PenaltyWire>;

/** QZ_LHCJ_FK 联合惩戒反馈 */
export const AnswerWire = z.object({
  ID: required,
  SDID: required,
  FKLX: required,
  CSDM: column,
  JG: column,
  SL: column,
  SM: column,
  CLR: column,
  CLSJ: column,
  PCH: column,
  GXSJ: column,
});
export type AnswerWire = z.infer<typeof AnswerWire>;

/** The rows of the feeds: with the columns under which a record is filed. */
export const StationChangeWire = StationWire.extend({ ZZJGDM: column, CZLX: column, PCH: column });
export type StationChangeWire = z.infer<typeof StationChangeWire>;

export const TestChangeWire = TestWire.extend({ CZLX: column, PCH: column });
export type TestChangeWire = z.infer<typeof TestChangeWire>;

export const PenaltyChangeWire = PenaltyWire.extend({
  JCJGBH: column,
  CF_XDR_SHXYM: column,
  CF_XDR_ZZJG: column,
  CZLX: column,
  PCH: column,
});
export type PenaltyChangeWire = z.infer<typeof PenaltyChangeWire>;
