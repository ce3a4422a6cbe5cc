/** Failures of a start, in words for whoever can mend them. */
import { ConfigurationError, type HubConfig } from '../config.ts';

/** @returns one clear line for what an operator can mend; null for the rest */
export function explain(error: unknown, config: HubConfig | null): string | null {
  if (error instanceof ConfigurationError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (config === null) return null;
  const { host, port } = config;
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is already in use; set PORT to a free port (PORT=0 takes any).`;
  if (error instanceof Error && error.name === 'DataFolderTaken') return error.message;
  if (error instanceof Error && error.name === 'MongooseServerSelectionError')
    return 'MONGODB_URI: no MongoDB answers at this address.';
  if (code === 'EACCES') return `Port ${port} on ${host} may not be used by this user; set PORT to 1024 or above.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `HOST=${host} is no address of this machine.`;
  return null;
}
