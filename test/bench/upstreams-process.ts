/** The reference upstreams in a process of their own, so that they compete with no server for its thread. */
import { discoverSources } from '../../sources/kit/registry.ts';
import { startReferenceUpstreams } from '../../sources/reference-upstreams.ts';

const running = await startReferenceUpstreams(await discoverSources(), Number(process.argv[2] ?? '300'));
process.send?.(running.report);
process.once('disconnect', () => process.exit(0));
