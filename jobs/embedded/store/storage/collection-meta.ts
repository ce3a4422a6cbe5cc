/** What is kept of a collection beside its documents: its number and its indexes, as JSON. */
import { z } from 'zod';
import { decode, encode } from '../bson/codec.ts';
import { CollectionIndex } from './collection-index.ts';

const Description = z.object({
  name: z.string(),
  key: z.array(z.tuple([z.string(), z.union([z.literal(1), z.literal(-1)])])),
  unique: z.boolean(),
  sparse: z.boolean(),
  /** BSON. */
  partialFilter: z.base64().nullable(),
  expireAfterSeconds: z.number().nullable(),
});
const CollectionMeta = z.object({
  id: z.number(),
  uuid: z.string(),
  indexes: z.array(
    z.object({
      id: z.number(),
      description: Description,
      traits: z.object({ multikey: z.array(z.string()), cut: z.boolean() }),
    }),
  ),
});

export interface DescribedCollection {
  readonly id: number;
  readonly uuid: string;
  readonly indexes: readonly CollectionIndex[];
}

export function writeMeta({ id, uuid, indexes }: DescribedCollection): Buffer {
  const meta: z.input<typeof CollectionMeta> = {
    id,
    uuid,
    indexes: indexes.map(({ id: indexId, description, traits }) => ({
      id: indexId,
      description: {
        ...description,
        key: description.key.map(([name, direction]) => [name, direction]),
        partialFilter: description.partialFilter === null ? null : encode(description.partialFilter).toString('base64'),
      },
      traits,
    })),
  };
  return Buffer.from(JSON.stringify(meta));
}

export function readMeta(bytes: Buffer): DescribedCollection {
  const { id, uuid, indexes } = CollectionMeta.parse(JSON.parse(bytes.toString('utf8')));
  return {
    id,
    uuid,
    indexes: indexes.map(({ id: indexId, description, traits }) => {
      const { partialFilter } = description;
      const filter = partialFilter === null ? null : decode(Buffer.from(partialFilter, 'base64'));
      return new CollectionIndex(indexId, { ...description, partialFilter: filter }, traits);
    }),
  };
}
