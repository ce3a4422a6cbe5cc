/** Rows of the report register that belong to planted cases. */
import { day } from '../clock.ts';
import { capabilitiesOf } from '../capabilities.ts';
import type { ReportDraft } from '../reports.ts';
import type { WorldCapability, WorldKind } from '../types.ts';
import { REPORTS } from './keys.ts';
import { REPLACED_METHOD } from './replaced-method.ts';

interface Issuer {
  readonly kind: WorldKind;
  readonly site: string;
}

const B: Issuer = { kind: 'VEHICLE_INSPECTION_BODY', site: '示例路2号' };
const C: Issuer = { kind: 'ENV_MONITORING_BODY', site: '示例路3号' };
const E: Issuer = { kind: 'MEDICAL_DEVICE_INSPECTION_BODY', site: '示例路5号' };
const F: Issuer = { kind: 'CARBON_TESTING_BODY', site: '示例路6号' };
const G: Issuer = { kind: 'FOOD_AGRI_TESTING_BODY', site: '示例路7号' };
const H: Issuer = { kind: 'VEHICLE_INSPECTION_BODY', site: '示例路8号' };

/** A substance that INST-C never had in its scope. */
const DIOXINS: WorldCapability = {
  itemNumber: '9.1',
  object: '环境空气',
  parameter: '二噁英类',
  standard: 'HJ 77.2-2008',
  restriction: null,
  site: '示例路3号',
};

/**
 * The planted rows of a subject. A row replaces all rows with its number that follow from the subject's work.
 */
export function plantedReports(key: string): readonly ReportDraft[] {
  switch (key) {
    case 'INST-B':
      return [
        // Ecology holds the same number as failed.
        report(B, REPORTS.registersDisagree, '2026-02-10', '简易瞬态工况法', '示例乙'),
      ];
    case 'INST-C':
      return monitoringReports();
    case 'INST-E': {
      // F18: one number, one version, two contents.
      const first = report(E, REPORTS.duplicated, '2025-11-05', '漏电流', '示例戊');
      return [first, { ...first, conclusion: 'FAIL', issuedOn: day('2025-11-12'), signatory: '示例医' }];
    }
    case 'INST-F':
      return [
        report(F, REPORTS.carbonFalse, '2025-03-18', '元素碳含量', '示例己'),
        // F08 and F16: the certificate ended on 2025-12-19, and INST-F is on the abnormal list.
        report(F, REPORTS.afterExpiry, '2026-01-15', '低位发热量', '示例己'),
      ];
    case 'INST-G':
      return [
        // F07, as is known since the correction of 2026-02-20.
        report(G, REPORTS.outsideRenewedScope, '2025-11-18', '农药残留', '示例庚'),
        // F09
        report(G, REPORTS.unauthorisedSignatory, '2025-12-09', '水分', '示例未'),
        { ...report(G, REPORTS.sentSample, '2026-02-10', '黄曲霉毒素B1', '示例粮'), samplingKind: 'SENT_SAMPLE' },
        { ...report(G, REPORTS.authoritySample, '2026-02-11', '水分', '示例粮'), samplingKind: 'AUTHORITY_SAMPLING' },
      ];
    case 'INST-H':
      return [
        // F18 across institutions: the number belongs to INST-A.
        report(H, REPORTS.borrowed, '2026-03-03', '双怠速法', '示例辛'),
      ];
    default:
      return [];
  }
}

function monitoringReports(): ReportDraft[] {
  return [
    // F07
    { ...report(C, REPORTS.outOfScope, '2026-01-14', '氨氮', '示例丙'), parameters: [DIOXINS] },
    { ...report(C, REPORTS.obsoleteStandard, '2026-01-16', '氨氮', '示例水'), parameters: [REPLACED_METHOD] },
    // F17
    report(C, REPORTS.beforeSampling, '2026-01-14', '氨氮', '示例丙'),
  ];
}

function report(
  { kind, site }: Issuer,
  number: string,
  issuedOn: string,
  parameter: string,
  signatory: string,
): ReportDraft {
  const parameters = capabilitiesOf(kind, site).filter((item) => item.parameter === parameter);
  const samplingKind = kind === 'VEHICLE_INSPECTION_BODY' ? 'WHOLE_OBJECT' : 'BODY_SAMPLING';
  return { number, issuedOn: day(issuedOn), conclusion: 'PASS', parameters, signatory, samplingKind };
}
