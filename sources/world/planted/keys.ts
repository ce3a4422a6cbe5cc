/** Numbers by which planted cases are recognised. They are the same for every seed. */

export const REPORTS = {
  /** Genuine: qualified issuer, in scope, registered; the sample record of the domain reference. */
  authentic: '520115PF260302000000117',
  /** A genuine number of INST-A that INST-H has used again for a report of its own. */
  borrowed: '520115PF260302000000118',
  /** Nobody ever issued it, though its form is right and points to INST-A. */
  unknown: '520115PF260302000009999',
  /** Failed at ecology, registered as passed at market regulation. */
  registersDisagree: '520201PF260210000010901',
  /** Two rows of one version with different content. */
  duplicated: '520000YL251105000049001',
  outOfScope: '520303HJ260112000029001',
  /** Tested and reported on the day before the sample was taken. */
  beforeSampling: '520303HJ260114000029002',
  /** One sampler at two places ten minutes apart. */
  samplerAtTwoPlaces: ['520303HJ260121000029003', '520303HJ260121000029004'],
  /** One sampler 280 km away one hour later. */
  samplerTooFast: ['520303HJ260127000029005', '520303HJ260127000029006'],
  afterExpiry: '520502TP260115000059001',
  /** In scope as recorded then, out of scope since the correction of 2026-02-20. */
  outsideRenewedScope: '520602SP251118000069001',
  unauthorisedSignatory: '520602SP251209000069002',
  /** Genuine, of a sample that the client brought. */
  sentSample: '520602SP260210000069003',
  /** Genuine, of samples that the authority took; what recognition is shown on. */
  authoritySample: '520602SP260211000069004',
  /** By a standard that had been replaced, though the certificate still lists it. */
  obsoleteStandard: '520303HJ260116000029007',
  /** Found to be false by market regulation: two in a key area. */
  foundFalse: ['520402PF250819000070901', '520402PF250820000070902'],
  /** The report the carbon penalty is about. */
  carbonFalse: '520502TP250318000059002',
} as const;

export const DECISIONS = {
  oldWarning: '示市监处罚〔2023〕3号',
  firstEmission: '示环罚〔2024〕11号',
  secondEmission: '示环罚〔2026〕12号',
  monitoringGains: '示环罚〔2025〕23号',
  carbon: '示环罚〔2025〕53号',
  firstFalseReport: '示市监处罚〔2025〕71号',
  secondFalseReport: '示市监处罚〔2026〕72号',
  roadTest: '示交罚〔2025〕73号',
  carrier: '示交罚〔2025〕81号',
} as const;

export const LIST_ENTRIES = {
  certificationBodyRemoved: 'YC0000301',
  carbonActive: 'YC0000501',
  seriousActive: 'YZ0000701',
  carrierActive: 'YC0000801',
} as const;

export const CERTIFICATES = {
  cmaOfA: '232405340017',
  cmaOfB: '222405340202',
  cmaOfC: '222412050021',
  cmaOfE: '212415140003',
  cmaOfF: '192417340006',
  cmaOfGBefore: '182400340102',
  cmaOfG: '242400340102',
  cmaOfH: '202405340086',
  approvalOfD: 'CNCA-R-2021-004',
  valid: '10325Q0000391R0M',
  suspended: '10324E0000392R1S',
  revoked: '10323S0000393R0L',
  cccSuspended: '2024930901900131',
} as const;
