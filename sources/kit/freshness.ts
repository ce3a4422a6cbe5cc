/** How old a replicated answer of a department may be when a question does not say: per facet, in seconds. */
import { z } from 'zod';
import type { MaxAges } from '../../schema/ports.ts';
import { FACETS, type Facet } from '../../schema/records.ts';

export type { MaxAges };

const DESCRIPTION =
  'How old a replicated answer may be when a query does not say, in seconds per facet; a facet that is not named is always asked live';
const ENTRY = /^([A-Z_]+)=(\d{1,7})$/;
const MESSAGE = `must be a list such as "PENALTIES=600,INSPECTIONS=300" of ${FACETS.join(', ')} with seconds`;
const isFacet = (name: string | undefined): name is Facet => FACETS.some((facet) => facet === name);

function parse(text: string): MaxAges | null {
  const ages: Partial<Record<Facet, number>> = {};
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [, facet, seconds] = ENTRY.exec(part.trim()) ?? [];
    if (!isFacet(facet)) return null;
    ages[facet] = Number(seconds);
  }
  return ages;
}

/** The setting for a department's config.ts. @param defaults e.g. "INSTITUTIONS=600,PENALTIES=600" */
export const maxAgeSetting = (defaults: string) =>
  z
    .string()
    .default(defaults)
    .describe(DESCRIPTION)
    .transform((text, context): MaxAges => {
      const ages = parse(text);
      if (ages !== null) return ages;
      context.addIssue({ code: 'custom', message: MESSAGE });
      return z.NEVER;
    })
    .describe(DESCRIPTION);
