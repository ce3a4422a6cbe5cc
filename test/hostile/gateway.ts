/** The whole hub behind its front door, to be attacked: real graph, real departments, the usual limits. */
import { connect } from 'node:net';
import { z } from 'zod';
import { Admission } from '../../gateway/limits/admission.ts';
import { limitSettings, LIMIT_VARIABLES } from '../../gateway/limits/limit-settings.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { createHubContext } from '../../schema/context.ts';
import { startTestServer, type TestServer } from '../gateway/support/test-server.ts';
import { codeOf } from '../hub/support.ts';
import type { HubUnderTest } from '../support/hub.ts';

export interface AttackedGateway {
  readonly server: TestServer;
  /** Calls that departments have got so far. */
  calls(): number;
  /** Bytes as they are, to its port; what it says until it ends the connection. */
  raw(bytes: string | Buffer): Promise<string>;
  close(): Promise<void>;
}

export const HONEST_CODE = codeOf('INST-A');
export const HONEST_QUERY = `{ institution(creditCode: "${HONEST_CODE}") { creditCode } me { subject } }`;

export async function openGateway(hub: HubUnderTest): Promise<AttackedGateway> {
  const schema = await buildHubSchema();
  const admission = new Admission({
    schema,
    limits: limitSettings(z.object(LIMIT_VARIABLES).parse({})).operation,
    departments: hub.services.registry.all().map((source) => ({
      id: source.department.id,
      reads: source.reads,
      isRegister: source.listInstitutions !== undefined,
    })),
    budgets: null,
    rules: { documents: null, registeredOnly: false, ownDocuments: [] },
  });
  const server = await startTestServer({
    schema,
    admission,
    bodyLimitBytes: 1_048_576,
    readTimeoutMs: 15_000,
    contextFor: (scope, caller) => createHubContext(hub.services, scope, caller),
  });
  const port = Number(new URL(server.origin).port);
  return {
    server,
    calls: () =>
      Object.values(hub.calls())
        .flatMap((operations) => Object.values(operations))
        .reduce((sum, each) => sum + each, 0),
    raw: (bytes) =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        let text = '';
        socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
        socket.on('close', () => resolve(text));
        socket.on('error', (error) => (text === '' ? reject(error) : resolve(text)));
      }),
    close: () => server.close(),
  };
}
