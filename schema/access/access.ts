/** What the caller of one operation sees, in the form in which resolvers and loaders ask. */
import type { OperationTrace } from '../audit/operation-trace.ts';
import { HubError } from '../errors.ts';
import { MASKS } from '../masking.ts';
import type { PersonalKind } from './class-rules.ts';
import type { FieldClass } from './field-class.ts';
import { SEEN, seesUnmasked, sightOf, type Asker, type Place, type Refusal, type Sight } from './sight.ts';

export interface Access {
  sight(fieldClass: FieldClass, place?: Place): Sight;
  /** Personal data as this caller may see it; null stays null. */
  shown(kind: PersonalKind, value: string | null, place?: Pick<Place, 'regionCode'>): string | null;
}

/** @param trace where it is noted whose personal data was shown as it is; absent where nothing is put on record */
export const accessOf = (asker: Asker, trace?: OperationTrace): Access => ({
  sight: (fieldClass, place) => sightOf(asker, fieldClass, place),
  shown(kind, value, place) {
    if (value === null) return null;
    if (!seesUnmasked(asker, kind, place)) return MASKS[kind](value);
    trace?.touchPersonal(kind, value);
    return value;
  },
});

/** For what the hub works out itself, of which callers see the outcome only. */
export const OWN_ACCOUNT: Access = Object.freeze<Access>({ sight: () => SEEN, shown: (_, value) => value });

export const refusalError = ({ code, message }: Refusal): HubError => new HubError(code, message);
