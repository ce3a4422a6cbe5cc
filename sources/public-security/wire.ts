/**
 * Field dictionary of the inspection supervision system as it really sends it (wire-formats A.4), names in lower case.
 * Names, identity numbers and telephones of persons (frdb, frdbsfzh, frdblxdh, fzr*, rclxr*, syr, sjr*, dly*, ycy*,
 * wjy*) are not declared, so they end here.
 */
import { z } from 'zod';

/** A field without which the row means nothing. */
const required = z.string().trim().min(1, 'is empty');
/** A field that must be in the row but may be empty. */
const present = z.string().trim();
/** Some servers leave empty elements out. */
const optional = z.string().trim().default('');

/** 0 or 1 */
const flag = z
  .string()
  .trim()
  .pipe(z.enum(['0', '1']));

/** 18C01 检验机构备案信息 */
export const StationWire = z.object({
  jczbh: required,
  jczmc: required,
  zt: present,
  /** Number of the qualification certificate: normally the CMA number, sometimes several. */
  rdsbh: optional,
  rdyxqs: optional,
  rdyxqz: optional,
  /** 许可检验范围, comma list */
  xkjyfw: optional,
  dwdz: optional,
  fzjg: optional,
  glbm: optional,
  gxrq: optional,
});
export type StationWire = z.infer<typeof StationWire>;

/** What tells whose line a row of 18C02 is, and of when. */
export const LineKeyWire = z.object({
  jczbh: required,
  jcxxh: required,
  gxrq: optional,
});
export type LineKeyWire = z.infer<typeof LineKeyWire>;

/** 18C02 检测线备案信息, without its equipment blocks */
export const LineWire = LineKeyWire.extend({ jcxmc: optional });
export type LineWire = z.infer<typeof LineWire>;

/** Prefixes of the five equipment blocks of 18C02: brakes, headlamps, speedometer, side slip, weight. */
export const EQUIPMENT_BLOCKS = ['zdsb', 'dgsb', 'sdsb', 'chsb', 'czsb'] as const;
export type EquipmentBlock = (typeof EQUIPMENT_BLOCKS)[number];

/** One equipment block of a line; its fields are `<prefix>mc`, `<prefix>xh` ... on the wire. */
export const EquipmentWire = z.object({
  mc: optional,
  xh: optional,
  bh: optional,
  jdyxqz: optional,
});
export type EquipmentWire = z.infer<typeof EquipmentWire>;

/** 18Q92 (provincial): a row is a line, or one block of a line when `sbdm` names it. */
export const FacilityWire = LineKeyWire.extend({ sbdm: z.literal(['', ...EQUIPMENT_BLOCKS]) });

/** What every row of the change queries begins with (18Q91, 18Q92, 18Q93; provincial). */
export const ChangeWire = z.object({
  /** 更新时间 */
  gxsj: required,
  /** 记录编号 */
  jlbh: required,
  /** 删除标志: 0 在册, 1 已删除 */
  scbz: z
    .string()
    .trim()
    .pipe(z.enum(['0', '1'])),
  /** 后续标志: 1 when rows of the same answer come after this one */
  hxbz: flag,
});
export type ChangeWire = z.infer<typeof ChangeWire>;

/** 18W90 answer (provincial): the number under which the notice was received. */
export const ReceptionWire = z.object({ slbh: optional });

/** Where a row of 18Q94 stands among the answers to notices. */
export const AnswerPlaceWire = z.object({
  /** 反馈编号, rising */
  fkbh: required,
  hxbz: flag,
});
export type AnswerPlaceWire = z.infer<typeof AnswerPlaceWire>;

/** 18Q94 联合惩戒反馈 (provincial) */
export const AnswerWire = z.object({
  fkbh: required,
  sdbh: required,
  /** 反馈类型: 1 签收, 2 退回, 3 执行反馈, 4 解除确认 */
  fklx: required,
  csdm: optional,
  /** 执行结果: 1 已执行, 2 部分执行, 3 不适用, 4 无业务, 0 未执行 */
  zxjg: optional,
  zxsl: optional,
  fksm: optional,
  /** 处理岗位 */
  clgw: optional,
  clsj: optional,
});
export type AnswerWire = z.infer<typeof AnswerWire>;

/** What tells which pass of which inspection a row is. */
export const InspectionKeyWire = z.object({
  jylsh: required,
  jyjgbh: required,
  jycs: optional,
});
export type InspectionKeyWire = z.infer<typeof InspectionKeyWire>;

/** 18Q90 检验判定结果 (provincial) */
export const InspectionWire = InspectionKeyWire.extend({
  kssj: required,
  jssj: optional,
  /** 判定: 1 合格, 2 不合格, 0 未检 */
  jyjgpd: present,
  jcxdh: optional,
  jylb: optional,
  hpzl: optional,
  hphm: optional,
  clsbdh: optional,
});
export type InspectionWire = z.infer<typeof InspectionWire>;
