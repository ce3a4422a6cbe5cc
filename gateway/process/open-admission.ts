/** What operations pass before they run, as the settings have it. */
import { TrustedDocuments } from '../../schema/access/trusted-documents.ts';
import { WATCH_DOCUMENT } from '../commands/watch-notices.ts';
import { Admission } from '../limits/admission.ts';
import { Budgets } from '../limits/budgets.ts';
import { Meter } from '../limits/meter.ts';
import type { Closing } from './closing.ts';
import type { OpenedHub } from './open-hub.ts';

export function openAdmission(hub: OpenedHub, closing: Closing): Admission {
  const { config, services, schema, backing } = hub;
  const meter = new Meter(config.redisUrl);
  closing.add(() => {
    meter.close();
    return Promise.resolve();
  });
  return new Admission({
    schema,
    limits: config.limits.operation,
    departments: services.registry.all().map((source) => ({
      id: source.department.id,
      reads: source.reads,
      isRegister: source.listInstitutions !== undefined,
    })),
    budgets: new Budgets(config.limits.budgets, meter),
    rules: {
      documents: new TrustedDocuments(backing.connection),
      registeredOnly: config.access.mode === 'production',
      ownDocuments: [WATCH_DOCUMENT],
    },
  });
}
