import { parseCreditCode } from '../../schema/codes/credit-code.ts';
import type { CreditCode } from '../../schema/codes/credit-code.ts';

export interface Authority {
  readonly name: string;
  readonly code: CreditCode;
}

/** The fictional departments of the domain reference (1.4). They issue, punish and list; they are no institutions. */
export const AUTHORITIES = {
  'market-regulation': { name: '示例省市场监管局', code: parseCreditCode('11520000MBYDM1015G') },
  ecology: { name: '示例省生态环境厅', code: parseCreditCode('11520000MBYDM1023B') },
  transport: { name: '示例省交通运输厅', code: parseCreditCode('11520000MBYDM10316') },
  'public-security': { name: '示例省公安厅交警总队', code: parseCreditCode('11520000MBYDM104XX') },
} as const satisfies Record<string, Authority>;
