/** People who may sign in for trying, one of each role at least. All of them are invented. */
import type { Role } from '../../schema/access/caller.ts';

export interface SampleUser {
  /** Also the name to sign in with. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Exclude<Role, 'PUBLIC'>[];
  readonly department: string | null;
  readonly regions: readonly string[];
}

export const SAMPLE_USERS: readonly SampleUser[] = [
  {
    id: 'determiner',
    name: '示例甲 (市场监管, 认定)',
    roles: ['DETERMINER'],
    department: 'market-regulation',
    regions: ['52'],
  },
  { id: 'recipient', name: '示例乙 (生态环境, 实施)', roles: ['RECIPIENT'], department: 'ecology', regions: ['52'] },
  {
    id: 'enforcer',
    name: '示例丙 (公安, 联合执法)',
    roles: ['ENFORCER'],
    department: 'public-security',
    regions: ['52'],
  },
  {
    id: 'enforcer-guiyang',
    name: '示例丁 (交通运输, 贵阳, 联合执法)',
    roles: ['ENFORCER'],
    department: 'transport',
    regions: ['5201'],
  },
  { id: 'supervisor', name: '示例戊 (督办)', roles: ['SUPERVISOR'], department: null, regions: ['52'] },
  { id: 'auditor', name: '示例己 (审计)', roles: ['AUDITOR'], department: null, regions: ['52'] },
  { id: 'operator', name: '示例庚 (运维)', roles: ['OPERATOR'], department: null, regions: ['52'] },
];

export const findSampleUser = (id: string): SampleUser | null => SAMPLE_USERS.find((user) => user.id === id) ?? null;
