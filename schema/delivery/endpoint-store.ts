/** Reads and writes endpoints: whole, with a revision, so that of two writers the second one decides anew. */
import type { Connection } from 'mongoose';
import { untilWritten } from '../contested.ts';
import { isDuplicateKey } from '../duplicate-key.ts';
import { HubError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { endpointModel, type EndpointModel } from './endpoint.model.ts';

export class EndpointStore {
  readonly #model: EndpointModel;

  constructor(connection: Connection) {
    this.#model = endpointModel(connection);
  }

  /** Makes the index; safe to run in every process at its start. */
  async open(): Promise<void> {
    await this.#model.createIndexes();
  }

  async findOf(departmentId: string): Promise<Endpoint | null> {
    return await this.#model.findOne({ departmentId }).lean<Endpoint>();
  }

  /** @throws HubError INPUT_INVALID when there is none */
  async get(endpointId: string): Promise<Endpoint> {
    const endpoint = await this.#model.findById(endpointId).lean<Endpoint>();
    if (endpoint !== null) return endpoint;
    throw new HubError('INPUT_INVALID', 'There is no endpoint with this id.');
  }

  /** All of them, by department. */
  async all(): Promise<readonly Endpoint[]> {
    return await this.#model.find().sort({ departmentId: 1 }).lean<Endpoint[]>();
  }

  /** @returns false when the department has one */
  async insert(endpoint: Endpoint): Promise<boolean> {
    try {
      await this.#model.collection.insertOne({ ...endpoint } as never);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /**
   * Writes what `next` makes of the endpoint as it now is; when another writer was faster, of what that one wrote. What
   * stays the same object is not written.
   * @returns the endpoint, and whether this call has written it
   * @throws HubError INPUT_INVALID when there is no such endpoint, CONFLICT when too many change it
   */
  async change(
    endpointId: string,
    next: (endpoint: Endpoint) => Endpoint,
  ): Promise<{ readonly endpoint: Endpoint; readonly isChanged: boolean }> {
    const attempt = async () => {
      const before = await this.get(endpointId);
      const changed = next(before);
      if (changed === before) return { endpoint: before, isChanged: false };
      const endpoint = { ...changed, revision: before.revision + 1 };
      const filter = { _id: endpointId, revision: before.revision };
      const { matchedCount } = await this.#model.collection.replaceOne(filter as never, { ...endpoint });
      return matchedCount === 1 ? { endpoint, isChanged: true } : null;
    };
    return await untilWritten(
      attempt,
      () => new HubError('CONFLICT', 'The endpoint is being changed by too many at once; try again.'),
    );
  }
}
