/** Loads, in place of what makes the hub safe, modules that do nothing; for the measured comparison alone. */
import type { ResolveHook } from 'node:module';

/** Compiled module, and what stands in for it in this folder. */
const STAND_INS: Readonly<Record<string, string>> = {
  '/dist/schema/signing/sm3.js': 'no-receipts.js',
  '/dist/sources/kit/stamp-draft.js': 'no-provenance.js',
  '/dist/schema/access/read-guard.js': 'no-guard.js',
  '/dist/schema/access/guard-schema.js': 'no-guard.js',
};

export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  const path = Object.keys(STAND_INS).find((each) => resolved.url.endsWith(each));
  const name = path === undefined ? undefined : STAND_INS[path];
  return name === undefined ? resolved : { ...resolved, url: new URL(name, import.meta.url).href };
};
