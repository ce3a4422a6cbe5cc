import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { Admission } from './admission.ts';
import { LIMIT_VARIABLES, limitSettings } from './limit-settings.ts';

/** The limits as they are when nothing is set; any document, and nobody is counted. */
export const evaluationAdmission = (schema: GraphQLSchema): Admission =>
  new Admission({
    schema,
    limits: limitSettings(z.object(LIMIT_VARIABLES).parse({})).operation,
    departments: [],
    budgets: null,
    rules: { documents: null, registeredOnly: false, ownDocuments: [] },
  });
