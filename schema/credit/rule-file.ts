/** Rules of this folder are data: a file is read once, and refused as a whole when anything in it is not understood. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root.ts';
import { parseCalendarDate } from '../time/calendar-date.ts';

export const DateText = z.string().transform(parseCalendarDate);
/** At least one piece of text; a row is meant when it holds any of them. */
export const Words = z.array(z.string().min(1)).nonempty();

/** @throws ZodError naming what is wrong */
export const parseRuleFile = <S extends z.ZodType>(shape: S, path: string): z.output<S> =>
  shape.parse(JSON.parse(readFileSync(path, 'utf8')));

/** @param name of a file beside this one */
export const readRuleFile = <S extends z.ZodType>(shape: S, name: string): z.output<S> =>
  parseRuleFile(shape, join(projectRoot, 'schema/credit', name));
