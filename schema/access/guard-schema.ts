/** Puts the guard of acts before every resolver that needs one, so that no resolver can forget it. */
import { defaultFieldResolver, isObjectType, type GraphQLSchema } from 'graphql';
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import { classifyFields, type ClassifiedField } from './classify.ts';
import { demandEver, type Action } from './policy.ts';

/** @throws HubError UNAUTHENTICATED or FORBIDDEN */
function demandAct({ caller }: HubContext, action: Action, { fieldClass }: ClassifiedField): void {
  demandEver(caller, action);
  const classes = caller.limits?.classes ?? null;
  if (classes === null || classes.includes(fieldClass)) return;
  throw new HubError('FORBIDDEN', `These credentials are limited to the classes ${classes.join(', ')}.`);
}

/**
 * Wraps the resolvers in place.
 * @throws Error for what is not classified: see {@link classifyFields}
 */
export function guardSchema(schema: GraphQLSchema): void {
  for (const classified of classifyFields(schema)) {
    const { typeName, fieldName, rule } = classified;
    const type = schema.getType(typeName);
    if (rule === null || !('action' in rule) || !isObjectType(type)) continue;
    const field = type.getFields()[fieldName];
    if (field === undefined) continue;
    const { action } = rule;
    const { subscribe, resolve = defaultFieldResolver } = field;
    if (subscribe !== undefined) {
      // What comes later is decided event by event.
      field.subscribe = (root, args, context: HubContext, info): unknown => {
        demandAct(context, action, classified);
        return subscribe(root, args, context, info);
      };
      continue;
    }
    field.resolve = (root, args, context: HubContext, info): unknown => {
      demandAct(context, action, classified);
      return resolve(root, args, context, info);
    };
  }
}
