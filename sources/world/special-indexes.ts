/**
 * Generated institutions with a part to play that the dice would not reliably give them. The subjects of the domain
 * reference take the indexes 0 to 8, so the first generated institution has index 9.
 */
export const FIRST_GENERATED_INDEX = 9;

export const SPECIAL_INDEXES = {
  /** Its credit code fails the check of position 18 although it was really issued: the "registry confirmed" case. */
  registryConfirmed: 9,
  /** Two different institutions with one name in different regions. */
  sameNameOtherRegion: [10, 11],
  /**
   * Two different institutions with one name in one region; transport holds no credit code of either, and ecology no
   * certificate number: whose its two stations are only a person can say.
   */
  sameNameSameRegion: [12, 13],
} as const;

/** What two institutions of one name share. */
export interface SharedIdentity {
  /** Name without brackets, as registered. */
  readonly name: string;
  /** Index whose place in the order of regions counts. */
  readonly regionOf: number;
}

const [OTHER_REGION_A, OTHER_REGION_B] = SPECIAL_INDEXES.sameNameOtherRegion;
const [SAME_REGION_A, SAME_REGION_B] = SPECIAL_INDEXES.sameNameSameRegion;

const SHARED_IDENTITIES: Readonly<Record<number, SharedIdentity>> = {
  [OTHER_REGION_A]: { name: '贵州示例同名机动车检测有限公司', regionOf: OTHER_REGION_A },
  [OTHER_REGION_B]: { name: '贵州示例同名机动车检测有限公司', regionOf: OTHER_REGION_B },
  [SAME_REGION_A]: { name: '贵州示例重名机动车检测有限公司', regionOf: SAME_REGION_A },
  [SAME_REGION_B]: { name: '贵州示例重名机动车检测有限公司', regionOf: SAME_REGION_A },
};

/** The identity an institution shares with another one, null for all others. */
export function sharedIdentity(index: number): SharedIdentity | null {
  return SHARED_IDENTITIES[index] ?? null;
}

/** The special ones are vehicle inspection bodies in good standing, known to all departments. */
export function isSpecial(index: number): boolean {
  return index === SPECIAL_INDEXES.registryConfirmed || sharedIdentity(index) !== null;
}
