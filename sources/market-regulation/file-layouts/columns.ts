/**
 * Columns of the files in which licences (XK) and penalties (CF) are published, labels as in the official template and
 * in wire formats D.1. The two kinds of file share most of their columns under two prefixes.
 */
import type { FileColumn } from '../../kit/file-layout.ts';

type Use = FileColumn['use'];

export const column = (use: Use, name: string, ...labels: readonly string[]): FileColumn => ({ name, labels, use });

/** Columns of every version: where a row comes from, what somebody noted. */
export const commonColumns: readonly FileColumn[] = [
  column('OPTIONAL', 'ID'),
  column('IGNORED', 'XH', '序号'),
  column('IGNORED', 'BZ', '备注'),
];

/** The subject in the layout of 2018 and 2021. */
export function subjectColumns2021(prefix: 'CF' | 'XK'): readonly FileColumn[] {
  return [
    column('PERSONAL', `${prefix}_XDR_MC`, '行政相对人名称'),
    column('REQUIRED', `${prefix}_XDR_LB`, '行政相对人类别', `${prefix}_XDR_TYPE`),
    column(
      'REQUIRED',
      `${prefix}_XDR_SHXYM`,
      ...['行政相对人代码_1(统一社会信用代码)', '代码_1 统一社会信用代码', '统一社会信用代码'],
    ),
    column('IGNORED', `${prefix}_XDR_GSZC`, '行政相对人代码_2(工商注册号)', '代码_2 工商注册号', '工商注册号'),
    column('IGNORED', `${prefix}_XDR_ZZJG`, '行政相对人代码_3(组织机构代码)', '代码_3 组织机构代码', '组织机构代码'),
    column('IGNORED', `${prefix}_XDR_SWDJ`, '行政相对人代码_4(税务登记号)', '代码_4 税务登记号', '税务登记号'),
    column(
      'IGNORED',
      `${prefix}_XDR_SYDW`,
      ...['行政相对人代码_5(事业单位证书号)', '代码_5 事业单位证书号', '事业单位证书号'],
    ),
    column(
      'IGNORED',
      `${prefix}_XDR_SHZZ`,
      ...['行政相对人代码_6(社会组织登记证号)', '代码_6 社会组织登记证号', '社会组织登记证号'],
    ),
    column('PERSONAL', `${prefix}_FRDB`, '法定代表人', '法定代表人姓名'),
    column('PERSONAL', `${prefix}_FR_ZJLX`, '法定代表人证件类型'),
    column('PERSONAL', `${prefix}_FR_ZJHM`, '法定代表人证件号码', `${prefix}_FR_SFZH`, '法定代表人身份证号'),
    column('PERSONAL', `${prefix}_XDR_ZJLX`, '自然人证件类型', '证件类型'),
    column('PERSONAL', `${prefix}_XDR_ZJHM`, '自然人证件号码', '证件号码'),
  ];
}

/** The subject in the layout of 2015, which has no column for what kind of subject it is. */
export function subjectColumns2015(prefix: 'CF' | 'XK', nameColumn: string): readonly FileColumn[] {
  return [
    column('PERSONAL', nameColumn, '行政相对人名称'),
    column(
      'REQUIRED',
      `${prefix}_XDR_SHXYM`,
      ...['行政相对人代码_1(统一社会信用代码)', '代码_1 统一社会信用代码', '统一社会信用代码'],
    ),
    column('OPTIONAL', `${prefix}_XDR_ZDM`, '行政相对人代码_2(组织机构代码)', '组织机构代码'),
    column('OPTIONAL', `${prefix}_XDR_GSDJ`, '行政相对人代码_3(工商登记码)', '工商登记码'),
    column('IGNORED', `${prefix}_XDR_SWDJ`, '行政相对人代码_4(税务登记号)', '税务登记号'),
    column('PERSONAL', `${prefix}_XDR_SFZ`, '行政相对人代码_5(居民身份证号)', '居民身份证号', '身份证号'),
    column('PERSONAL', `${prefix}_FR`, '法定代表人姓名', '法定代表人'),
    column('OPTIONAL', 'SJC', '时间戳', '数据时间戳'),
    column('IGNORED', 'DFBM', '地方编码'),
  ];
}

export const timeColumns2021: readonly FileColumn[] = [
  column('OPTIONAL', 'XGSJ', '修改时间', '更新时间'),
  column('OPTIONAL', 'SJC', '时间戳', '数据时间戳'),
];
