/** Mesh's own log: it tells of every schema that it loads, which nobody needs to read; warnings and errors pass. */
import { DefaultLogger, LogLevel } from '@graphql-mesh/utils';

export default new DefaultLogger('mesh', LogLevel.warn);
