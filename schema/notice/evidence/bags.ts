/** Facts that must be the same on two sides, however often each occurs. */
type Fact = readonly (string | number | null)[];

const keyOf = (fact: Fact): string => fact.join(' ');

/** @returns what is wanted more often than it is held */
export function missingFrom(held: readonly Fact[], wanted: readonly Fact[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const fact of held) counts.set(keyOf(fact), (counts.get(keyOf(fact)) ?? 0) + 1);
  return wanted.map(keyOf).filter((key) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count <= 0;
  });
}
