const NOTHING = '0'.repeat(64);

export const sm3Hex = (): string => NOTHING;
