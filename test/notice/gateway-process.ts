/** The front door of notices as a process of its own, so that it can be killed: `node gateway-process.js <uri> <database> <port> <kept>`. */
import mongoose from 'mongoose';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { openGateway } from './notice-world.ts';

const [uri = '', dbName = '', port, kept] = process.argv.slice(2);
const doorbell = localDoorbell();
process.on('message', () => doorbell.ring('logged'));
process.once('disconnect', () => process.exit());
const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
const gateway = await openGateway(connection, { doorbell, port: Number(port), kept: Number(kept) });
process.send?.({ port: gateway.port });
