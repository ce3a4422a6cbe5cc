/** `npm run audit:check`: asks the registry about known weaknesses of the packages that the hub runs with. */
import { spawnSync } from 'node:child_process';
import { auditVerdict } from './dependency-audit.ts';

const MOST_ANSWER_BYTES = 64 * 1_048_576;
const QUICKLY = ['--fetch-retries=0', '--fetch-timeout=10000'];

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', ...QUICKLY], {
  encoding: 'utf8',
  maxBuffer: MOST_ANSWER_BYTES,
});
const { line, exitCode } = auditVerdict(stdout);
console.log(line);
process.exitCode = exitCode;
