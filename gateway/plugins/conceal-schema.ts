import type { GraphQLFormattedError } from 'graphql';

/** graphql-js names what the schema has in place of what it has not, at the end of the message. */
const SUGGESTION = / ?Did you mean [^]*$/;

type Format = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** Errors without what they tell about the schema. */
export const concealSchema =
  (format: Format): Format =>
  (formatted, error) => {
    const shown = format(formatted, error);
    return { ...shown, message: shown.message.replace(SUGGESTION, '') };
  };
