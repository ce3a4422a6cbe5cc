/** Qualifications of the subjects, version by version. */
import { AUTHORITIES } from '../authorities.ts';
import { capabilitiesOf, fieldsOf } from '../capabilities.ts';
import { day } from '../clock.ts';
import { history } from '../qualification-history.ts';
import type { Certificate } from '../qualification-history.ts';
import type { WorldKind, WorldQualification } from '../types.ts';
import { CERTIFICATES } from './keys.ts';
import { REPLACED_METHOD } from './replaced-method.ts';

/** The two items that the renewal of INST-G in 2024 left out. */
const DROPPED_AT_RENEWAL = ['农药残留', '蛋白质'];

const a = cma(CERTIFICATES.cmaOfA, 'VEHICLE_INSPECTION_BODY', '2023-03-15', '2029-03-14', '示例路1号', '示例某 示例签');
const bBefore = cma(
  '162405340202',
  'VEHICLE_INSPECTION_BODY',
  '2016-06-20',
  '2022-06-19',
  '示例路2号',
  '示例乙 示例授',
);
const b = cma(CERTIFICATES.cmaOfB, 'VEHICLE_INSPECTION_BODY', '2022-06-20', '2028-06-19', '示例路2号', '示例乙 示例授');
const cOfToday = cma(
  CERTIFICATES.cmaOfC,
  'ENV_MONITORING_BODY',
  '2022-08-08',
  '2028-08-07',
  '示例路3号',
  '示例丙 示例水',
);
const c: Certificate = { ...cOfToday, scope: [...cOfToday.scope, REPLACED_METHOD] };
const e = cma(
  CERTIFICATES.cmaOfE,
  'MEDICAL_DEVICE_INSPECTION_BODY',
  '2021-05-06',
  '2027-05-05',
  '示例路5号',
  '示例戊 示例医',
);
const f = cma(CERTIFICATES.cmaOfF, 'CARBON_TESTING_BODY', '2019-12-20', '2025-12-19', '示例路6号', '示例己 示例煤');
const gBefore = cma(
  CERTIFICATES.cmaOfGBefore,
  'FOOD_AGRI_TESTING_BODY',
  '2018-02-10',
  '2024-02-09',
  '示例路7号',
  '示例庚',
);
const g = cma(CERTIFICATES.cmaOfG, 'FOOD_AGRI_TESTING_BODY', '2024-02-10', '2030-02-09', '示例路7号', '示例庚 示例粮');
const h = cma(CERTIFICATES.cmaOfH, 'VEHICLE_INSPECTION_BODY', '2020-05-18', '2026-05-17', '示例路8号', '示例辛');

const HISTORIES: Readonly<Record<string, () => readonly WorldQualification[]>> = {
  'INST-A': () => history([{ certificate: a, status: 'VALID', from: a.issuedOn }]),
  // Renewed in 2022; under rectification since 2026-03-05.
  'INST-B': () =>
    history([
      { certificate: bBefore, status: 'VALID', from: bBefore.issuedOn, until: bBefore.validTo },
      { certificate: b, status: 'VALID', from: b.issuedOn, until: day('2026-03-04') },
      { certificate: b, status: 'RECTIFYING', from: day('2026-03-05') },
    ]),
  'INST-C': () => history([{ certificate: c, status: 'VALID', from: c.issuedOn }]),
  'INST-D': () => [
    ...history([{ certificate: approval(), status: 'VALID', from: day('2021-04-12') }]),
    ...designation(),
  ],
  // Masks were tested through the emergency channel for half a year.
  'INST-E': () =>
    history([
      { certificate: e, status: 'VALID', from: e.issuedOn, until: day('2022-12-19'), scope: e.scope.slice(2) },
      {
        certificate: e,
        status: 'VALID',
        from: day('2022-12-20'),
        until: day('2023-06-19'),
        emergencyChannel: true,
      },
      { certificate: e, status: 'VALID', from: day('2023-06-20'), scope: e.scope.slice(2) },
    ]),
  'INST-F': () =>
    history([
      { certificate: f, status: 'VALID', from: f.issuedOn, until: f.validTo },
      { certificate: f, status: 'EXPIRED', from: day('2025-12-20') },
    ]),
  // Renewed with a smaller scope, but entered with the old one; corrected two years later with effect from the renewal.
  'INST-G': () =>
    history([
      { certificate: gBefore, status: 'VALID', from: gBefore.issuedOn, until: gBefore.validTo },
      {
        certificate: g,
        status: 'VALID',
        from: g.issuedOn,
        recordedOn: day('2024-02-12'),
        supersededOn: day('2026-02-20'),
      },
      {
        certificate: g,
        status: 'VALID',
        from: g.issuedOn,
        recordedOn: day('2026-02-20'),
        scope: g.scope.filter(({ parameter }) => !DROPPED_AT_RENEWAL.includes(parameter)),
      },
    ]),
  'INST-H': () =>
    history([
      { certificate: h, status: 'VALID', from: h.issuedOn, until: day('2026-02-01') },
      { certificate: h, status: 'REVOKED', from: day('2026-02-02') },
    ]),
};

/** All versions of all qualifications of a subject, oldest first; none for the carrier. */
export function plantedQualifications(key: string): readonly WorldQualification[] {
  return HISTORIES[key]?.() ?? [];
}

function cma(
  number: string,
  kind: WorldKind,
  issuedOn: string,
  validTo: string,
  site: string,
  signatories: string,
): Certificate {
  return {
    scheme: 'CMA',
    number,
    issuedOn: day(issuedOn),
    validTo: day(validTo),
    issuer: AUTHORITIES['market-regulation'].name,
    scope: capabilitiesOf(kind, site),
    signatories: signatories.split(' ').map((name) => ({ name, fields: fieldsOf(kind) })),
  };
}

function approval(): Certificate {
  return {
    ...cma(CERTIFICATES.approvalOfD, 'CERTIFICATION_BODY', '2021-04-12', '2027-04-11', '示例路4号', '示例丁'),
    scheme: 'CERTIFICATION_APPROVAL',
  };
}

/** INST-D may also certify products that need CCC. */
function designation(): readonly WorldQualification[] {
  const certificate: Certificate = {
    ...approval(),
    scheme: 'CCC_DESIGNATION',
    number: 'CCC-ZD-93',
    scope: [
      {
        itemNumber: 'C0901',
        object: '强制性产品认证',
        parameter: '信息技术设备',
        standard: 'CNCA-C09-01:2023',
        restriction: null,
        site: '示例路4号',
      },
    ],
  };
  return history([{ certificate, status: 'VALID', from: day('2022-01-10') }]);
}
