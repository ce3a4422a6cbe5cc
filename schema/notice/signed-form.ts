/** What the determining department signs, to the byte. A recipient verifies the text that it is sent. */
import { canonicalJson } from '../signing/canonical-json.ts';
import type { CanonicalJson } from '../signing/signature.ts';
import type { Notice, NoticeEnding, NoticeVersion } from './notice.ts';

type Named = Pick<Notice, 'number' | 'subject' | 'determinerId'>;

/** One version of a notice. */
export function signedNotice(
  { number, subject, determinerId }: Named,
  { version, content, issuedAt }: Pick<NoticeVersion, 'version' | 'content' | 'issuedAt'>,
): CanonicalJson {
  return canonicalJson({
    form: 'joint-credit-hub/notice/1',
    number,
    version,
    determiner: determinerId,
    subject: { creditCode: subject.creditCode, name: subject.name },
    ...content,
    issuedAt,
  });
}

/** Its end. */
export function signedEnding(
  { number, subject, determinerId, version }: Named & Pick<Notice, 'version'>,
  { kind, reason, at }: Pick<NoticeEnding, 'kind' | 'reason' | 'at'>,
): CanonicalJson {
  return canonicalJson({
    form: 'joint-credit-hub/notice-end/1',
    number,
    version,
    determiner: determinerId,
    subject: { creditCode: subject.creditCode, name: subject.name },
    kind,
    reason,
    at,
  });
}
