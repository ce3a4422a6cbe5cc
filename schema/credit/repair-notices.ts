/** Notices about a decision follow its repair: REPAIR_PENDING while it is examined, then lifted, or back to where it was. */
import type { Caller } from '../access/caller.ts';
import { normaliseCaseNumber } from '../codes/case-number.ts';
import { HubError } from '../errors.ts';
import { currentVersion, type Notice, type NoticeState } from '../notice/notice.ts';
import type { NoticeService } from '../notice/notice-service.ts';
import type { CaseStore } from './case-store.ts';
import type { RepairCase } from './repair-case.ts';
import type { RepairTarget } from './repaired.ts';

const MAY_WAIT: readonly NoticeState[] = ['PUSHED', 'SIGNED', 'EXECUTING', 'FED_BACK', 'EFFECTIVE'];
/** Published, and not ended: what is lifted when that on which it rests has ended. */
export const STANDING_NOTICES: readonly NoticeState[] = ['PUBLISHED', 'RETURNED', 'REPAIR_PENDING', ...MAY_WAIT];

function isAbout(notice: Notice, target: RepairTarget): boolean {
  const { decisionNumber, listType, decidedOn } = currentVersion(notice).content;
  return target.kind === 'PENALTY'
    ? normaliseCaseNumber(decisionNumber) === normaliseCaseNumber(target.documentNumber)
    : listType === target.listType && decidedOn <= target.listedOn;
}

async function follow(service: NoticeService, speaker: Caller, notice: Notice, repair: RepairCase): Promise<void> {
  const reason = repair.reason ?? repair.statement;
  switch (repair.state) {
    case 'APPLIED':
      return;
    case 'ACCEPTED':
      if (MAY_WAIT.includes(notice.state))
        await service.advanceWithReason(speaker, notice._id, 'requestRepair', reason);
      return;
    case 'REJECTED':
      if (notice.state === 'REPAIR_PENDING')
        await service.advanceWithReason(speaker, notice._id, 'refuseRepair', reason);
      return;
    case 'APPROVED':
    case 'SYNCHRONISED':
      if (STANDING_NOTICES.includes(notice.state)) await service.lift(speaker, notice._id, reason);
  }
}

/**
 * Carries the present state of a repair through to the notices of the determining department. May run twice, and in
 * several processes: what has followed follows no further.
 */
export async function carryThrough(
  service: NoticeService,
  store: CaseStore<RepairCase>,
  repair: RepairCase,
): Promise<RepairCase> {
  if (!repair.noticesPending) return repair;
  const notices = await service.store.model
    .find({
      'subject.creditCode': repair.creditCode,
      determinerId: repair.determinerId,
      state: { $in: STANDING_NOTICES },
    })
    .lean<Notice[]>();
  // The department's own decision on the repair is its word on the notice.
  const speaker: Caller = {
    subject: repair.decidedBy ?? repair.appliedBy,
    departmentId: repair.determinerId,
    roles: ['DETERMINER'],
    regions: [],
    credentialId: repair._id,
  };
  for (const notice of notices) {
    if (!isAbout(notice, repair.target)) continue;
    try {
      await follow(service, speaker, notice, repair);
    } catch (error) {
      // Somebody else has moved the notice on meanwhile; its state is looked at again with the next run.
      if (!(error instanceof HubError) || error.code !== 'NOTICE_STATE') throw error;
      return repair;
    }
  }
  return await store.update(repair._id, (current) =>
    current.state === repair.state && current.noticesPending ? { ...current, noticesPending: false } : current,
  );
}

/** What a killed process has left. @returns what failed */
export const carryAllThrough = (service: NoticeService, store: CaseStore<RepairCase>): Promise<readonly unknown[]> =>
  store.forEachPending(async (repair) => {
    await carryThrough(service, store, repair);
  });
