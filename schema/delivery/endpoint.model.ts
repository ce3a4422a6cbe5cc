/** How endpoints lie in MongoDB: one document per department, written whole. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Endpoint } from './endpoint.ts';

const endpointSchema = new Schema(
  { _id: String },
  {
    collection: 'endpoints',
    strict: false,
    versionKey: false,
    id: false,
    minimize: false,
    autoIndex: false,
    autoCreate: false,
  },
);

endpointSchema.index({ departmentId: 1 }, { unique: true });

export type EndpointModel = Model<Endpoint>;

/** The model on this connection; made once per connection. */
export function endpointModel(connection: Connection): EndpointModel {
  return (connection.models['Endpoint'] ?? connection.model('Endpoint', endpointSchema)) as EndpointModel;
}
