const at = new Date('2026-03-02T08:00:00Z');

/** The same answer to the same question, in this process and in one that is killed. */
export const answerTo = ({ kind, text }) => ({
  kind,
  verdict: text.endsWith('7') ? 'NOT_FOUND' : 'AUTHENTIC',
  reason: text.endsWith('7') ? 'REGISTERED: on no register' : null,
  institutionCode: '91520115MAYDM00198',
  institutionName: '贵州示例甲机动车检测有限公司',
  institutionStatus: 'ACTIVE',
  issuedOn: '2026-03-02',
  conclusion: 'PASS',
  qualifications: { found: ['CMA 232405340017 VALID'], silent: [] },
  lists: { found: [], silent: text.endsWith('5') ? ['ecology'] : [] },
  penalties: null,
  provenance: { departmentId: 'market-regulation', recordId: `r-${text}`, fetchedAt: at, receipt: 'a'.repeat(64) },
  coverage: [
    { departmentId: 'market-regulation', facet: 'REPORTS', status: 'REPLICA', observedAt: at },
    { departmentId: 'ecology', facet: 'REPORTS', status: 'UNAVAILABLE', observedAt: null },
  ],
});
