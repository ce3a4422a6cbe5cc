/** What the commands of the credit side are given. */
import type { Connection } from 'mongoose';
import type { DepartmentDescriptor } from '../../schema/ports.ts';
import type { Replica } from '../../schema/replica/replica.ts';

export interface CreditOptions {
  readonly model?: string | undefined;
  readonly out?: string | undefined;
}

export interface CreditCommandParts {
  readonly connection: Connection;
  readonly replica: Pick<Replica, 'models' | 'states'>;
  readonly departments: readonly DepartmentDescriptor[];
  readonly now: Date;
  readonly print: (line: string) => void;
}
