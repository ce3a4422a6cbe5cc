import type { Notice } from '../notice.ts';
import { signedEnding, signedNotice } from '../signed-form.ts';
import type { CanonicalJson, SignatureRecord } from '../../signing/signature.ts';
import type { SignedText } from './evidence-form.ts';

type Signed = Pick<Notice, 'number' | 'subject' | 'determinerId' | 'version' | 'versions' | 'ending'>;

/** A part of a notice that its determining department has signed. */
export interface SignedPart extends SignedText {
  readonly text: CanonicalJson;
  readonly signedAt: Date;
  readonly signature: SignatureRecord;
}

/** Built from what the notice says: versions, oldest first, then its end. */
export function signedParts(notice: Signed): readonly SignedPart[] {
  const versions = notice.versions.map((each): SignedPart => ({
    part: 'VERSION',
    version: each.version,
    text: signedNotice(notice, each),
    signedAt: each.issuedAt,
    signature: each.signature,
  }));
  const { ending, version } = notice;
  if (ending === null) return versions;
  const end: SignedPart = {
    part: 'ENDING',
    version,
    text: signedEnding(notice, ending),
    signedAt: ending.at,
    signature: ending.signature,
  };
  return [...versions, end];
}

export const signedTexts = (notice: Signed): readonly SignedText[] =>
  signedParts(notice).map(({ part, version, text }) => ({ part, version, text }));
