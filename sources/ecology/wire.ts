/**
 * The records as the platform sends them, spelling kept (wire-formats B.2, B.4; domain reference 6.2). Every value is text:
 * numbers as digits, times as yyyyMMddHHmmss, on the columns of the province platform as yyyy-MM-dd HH:mm:ss, missing
 * values as empty text. Not declared, and so dropped: OperatorName, DriverName, LegalPerson, ContactPhone (personal
 * data), and what the hub has no use for.
 */
import { z } from 'zod';
import { MEASUREMENT_KEYS } from './measurements.ts';
import { list, maybe, required, text, unstableKeys } from './unstable-keys.ts';

/** What every row of a change feed has beside its record; a deleted one has only these and its number. */
export const ChangeWire = unstableKeys(
  z.object({
    /** 上传时间, on the platform's own clock. */
    Uptime: required,
    /** 删除标志: 0 held, 1 deleted. */
    DelFlag: z.enum(['0', '1'], {
      error: ({ input }) => (input === undefined ? 'is missing' : 'says neither held nor deleted'),
    }),
  }),
);

/** 检测机构 */
export const StationWire = unstableKeys(
  z.object({
    TsNo: required,
    StationName: required,
    /** Several as a comma list; see codes.ts. */
    StationType: text,
    /** 行政区划, GB/T 2260, sometimes of before a merger. */
    AreaCode: text,
    Address: maybe,
    Status: required,
    /** CMA certificate; several joined by any separator. */
    CMANo: text,
    CMAvaliddate: text,
    /** 统一社会信用代码; filled for monitoring bodies only. */
    tyshxydm: text,
    /** 备案日期 yyyyMMdd and 备案机关. */
    filingdate: text,
    filingorg: maybe,
    Optime: text,
  }),
);
export type StationWire = z.output<typeof StationWire>;

/** 检测线 */
export const LineWire = unstableKeys(z.object({ Id: required, TsNo: required, TestLineNo: required, linename: maybe }));
export type LineWire = z.output<typeof LineWire>;

/** 设备 */
export const DeviceWire = unstableKeys(
  z.object({
    Id: required,
    TsNo: required,
    TestLineNo: text,
    name: text,
    model: maybe,
    /** 1..8 */
    testdevicetype: required,
    /** 有效期止 yyyyMMdd */
    validdate: text,
  }),
);
export type DeviceWire = z.output<typeof DeviceWire>;

/** 排放检验: the header that all methods share, with the fields of the test's own method. */
export const EmissionTestWire = unstableKeys(
  z
    .object({
      Id: required,
      TsNo: required,
      InspectionReportNo: text,
      ReportDate: text,
      /** 检测依据 */
      TestStandard: maybe,
      License: text,
      /** 号牌种类, GA/T 16.7 */
      LicenseCode: text,
      VIN: text,
      FuelType: text,
      TestLineNo: text,
      TestTimes: maybe,
      TestType: required,
      /** 1, 0, 9 or empty */
      TestJudge: text,
      Teststime: required,
      Testetime: text,
      /** 检测完成时间, also the time of the last change. */
      DetectEndTime: text,
      Temperature: maybe,
      Humidity: maybe,
      Atpressure: maybe,
    })
    .catchall(text),
  MEASUREMENT_KEYS,
);
export type EmissionTestWire = z.output<typeof EmissionTestWire>;

const TaskItemWire = unstableKeys(z.object({ ItemName: required, ItemStandard: required, ItemJudge: text }));

/** 环境监测任务: one sample with its items. */
export const TaskWire = unstableKeys(
  z.object({
    Id: required,
    TsNo: required,
    SampleObject: text,
    Samplingtime: text,
    Teststime: required,
    Testetime: text,
    TestJudge: text,
    InspectionReportNo: text,
    ReportDate: text,
    Items: list(TaskItemWire),
  }),
);
export type TaskWire = z.output<typeof TaskWire>;

const SampleWire = unstableKeys(
  z.object({
    SampleSequence: required,
    Velocity: text,
    RPM: text,
    HC: text,
    CO: text,
    CO2: text,
    NO: text,
    O2: text,
    Lambda: text,
  }),
);

/** 过程数据 of one test, second by second. */
export const ProcessWire = unstableKeys(z.object({ Id: required, Samples: list(SampleWire) }));
export type ProcessWire = z.output<typeof ProcessWire>;

const ReportItemWire = unstableKeys(z.object({ ItemObject: required, ItemName: required, ItemStandard: required }));

/** 报告登记 of the province platform */
export const ReportWire = unstableKeys(
  z.object({
    Id: required,
    InspectionReportNo: required,
    TsNo: text,
    tyshxydm: text,
    /** 总判定: 1, 0 or null */
    VDCT: text,
    ReportDate: required,
    ReportVersion: maybe,
    Items: list(ReportItemWire),
  }),
);
export type ReportWire = z.output<typeof ReportWire>;

/** 行政处罚 */
export const PenaltyWire = unstableKeys(
  z.object({
    Id: required,
    TsNo: text,
    tyshxydm: text,
    /** 处罚决定书文号 */
    PunishNo: required,
    PunishOrg: required,
    /** Kinds of penalty, joined by semicolons of either width. */
    PunishType: text,
    IllegalAct: required,
    IllegalFact: maybe,
    PunishBasis: text,
    /** Yuan, as text. */
    FineAmount: text,
    ForfeitAmount: text,
    DecideDate: required,
    PublishDate: text,
    PublishEndDate: text,
  }),
);
export type PenaltyWire = z.output<typeof PenaltyWire>;
