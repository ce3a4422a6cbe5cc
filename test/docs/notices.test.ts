/** The guide to notices says what is true: its queries fit the graph, what it shows is what goes out, its samples verify it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse, validate } from 'graphql';
import ts from 'typescript';
import { z } from 'zod';
import { buildHubSchema } from '../../schema/build-schema.ts';
import type { Envelope } from '../../schema/delivery/ports.ts';
import { DELIVERY_STATES, FEEDBACK_RESULTS, NOTICE_STATES } from '../../schema/notice/notice.ts';
import { TIME_LIMITS } from '../../schema/notice/time-limits.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { generateKeyPair, readPrivateKey, signBytes } from '../../schema/signing/algorithms.ts';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import { parseKeyRing } from '../../schema/signing/public-key.ts';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../../schema/signing/signature.ts';
import type { AdapterCall } from '../../sources/kit/adapter.ts';
import type { WordDialect } from '../../sources/kit/notice-words.ts';
import * as police from '../../sources/public-security/codes.ts';
import { writeDocument } from '../../sources/public-security/envelope.ts';
import { createNotices } from '../../sources/public-security/notices.ts';
import type { PoliceService } from '../../sources/public-security/service.ts';
import * as transport from '../../sources/transport/codes.ts';
import { transportNotices } from '../../sources/transport/notices.ts';
import { testNotice } from '../support/test-notice.ts';

const guide = readFileSync(join(projectRoot, 'docs/notices.md'), 'utf8');

/** The code between `<!-- name -->` and `<!-- /name -->`. */
function block(name: string): string {
  const [, text] =
    new RegExp(`<!-- ${name} -->\n\n\`\`\`\\w+\n([\\s\\S]*?)\n\`\`\`\n\n<!-- /${name} -->`).exec(guide) ?? [];
  if (text === undefined) throw new Error(`the guide has no block ${name}`);
  return text;
}
/** Rows of all its tables that begin with code, cell by cell, without the marks of code. */
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map((cells) => cells.slice(1, -1));
/** Of the table with so many columns, what stands behind the first cell. */
const rowOf = (first: string, columns: number): string[] =>
  rows.find((cells) => cells[0] === first && cells.length === columns)?.slice(1) ?? [];

const Signed = z.object({
  signedText: z.string(),
  signature: z.object({ algorithm: z.enum(SIGNATURE_ALGORITHMS), keyId: z.string(), value: z.string() }),
});
type Signed = z.infer<typeof Signed>;
const Body = z.looseObject({
  ...Signed.shape,
  id: z.string(),
  type: z.string(),
  deliveryId: z.string(),
  recipient: z.string(),
  createdAt: z.string(),
});
const body = Body.parse(JSON.parse(block('webhook')));
const keys = parseKeyRing(block('keys')) ?? [];

describe('its GraphQL', () => {
  const operations = [...guide.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  it.each(operations)('fits the graph: operation %#', async (text) => {
    expect(validate(await buildHubSchema(), parse(text))).toEqual([]);
  });

  it('answers with every word that a recipient has', () => {
    for (const word of ['SIGNED', 'RETURNED', 'FED_BACK', 'LIFT_CONFIRMED']) {
      const [, mutation = ''] = rowOf(word, 5);
      expect(operations.some((text) => text.includes(` ${mutation}(`))).toBe(true);
    }
  });
});

describe('its states', () => {
  it('are those of a notice and of a delivery, in the picture and in words', () => {
    const [, picture = ''] = /```mermaid\n([\s\S]*?)```/.exec(guide) ?? [];
    expect(new Set(picture.match(/\b[A-Z][A-Z_]{3,}\b/g))).toEqual(new Set(NOTICE_STATES));
    for (const state of NOTICE_STATES) expect(rowOf(state, 3)).toHaveLength(2);
    const [, deliveries = ''] = /\*\*delivery\*\* \(送达\)([\s\S]*?)\n\n/.exec(guide) ?? [];
    for (const state of DELIVERY_STATES) expect(deliveries).toContain(`\`${state}\``);
  });

  it('have the limits that the clock keeps', () => {
    const limitOf = (what: string): string =>
      new RegExp(`^\\| ${what}[^|]*\\| *([^|]*?) *\\|`, 'm').exec(guide)?.[1] ?? '';
    expect(limitOf('sign for')).toBe(`${TIME_LIMITS.signWorkingDays} working days`);
    expect(limitOf('first feedback')).toBe(`${TIME_LIMITS.feedbackWorkingDays} working days`);
    expect(limitOf('further feedback')).toBe(`${TIME_LIMITS.feedbackEveryMonths} months`);
    expect(limitOf('confirm that it is lifted')).toBe(`${TIME_LIMITS.liftWorkingDays} working days`);
    expect(limitOf('undo what was withdrawn')).toBe(`${TIME_LIMITS.undoWorkingDays} working day`);
    expect(limitOf('archive')).toBe(`${TIME_LIMITS.archiveDays} days`);
  });
});

describe('what it shows to arrive', () => {
  /** The same notice on its way to another department. */
  const envelopeTo = (departmentId: string): Envelope => {
    const own = (text: string): string => text.replace(/ecology/, departmentId);
    const fields = { ...body, id: own(body.id), deliveryId: own(body.deliveryId), recipient: departmentId };
    const envelope = { id: fields.id, type: body.type, body: canonicalJson(fields) };
    return { ...envelope, fields: { ...fields, createdAt: new Date(body.createdAt) } };
  };
  const base64 = Buffer.from(body.signedText).toString('base64');
  const cutShort = (text: string): string => text.replaceAll(base64, `${base64.slice(0, 24)}...`);

  it('by webhook has the parts of a message, and holds a canonical text', () => {
    const sent = JSON.parse(testNotice('ecology').issued.body) as object;
    expect(Object.keys(JSON.parse(block('webhook')) as object)).toEqual(Object.keys(sent));
    expect(canonicalJson(JSON.parse(body.signedText))).toBe(body.signedText);
  });

  it('by exchange row has the columns that the hub writes', async () => {
    const written: Record<string, unknown>[] = [];
    const call: Pick<AdapterCall, 'execute'> = {
      execute: (_operation, variables) => {
        written.push(...z.object({ rows: z.array(z.record(z.string(), z.unknown())) }).parse(variables).rows);
        return Promise.resolve({ written: 1 });
      },
    };
    await transportNotices.deliver(envelopeTo('transport'), call as AdapterCall);
    const cells = block('exchange-row')
      .split('\n')
      .map((line) => line.split(/ += /));
    const shown: Record<string, string> = Object.fromEntries(cells.map(([column = '', value = '']) => [column, value]));
    expect(shown).toEqual({ ...written[0], QMYW: cutShort(base64), GXSJ: shown['GXSJ'] });
  });

  it('by SOAP is the document that the hub writes', async () => {
    let written = '';
    const service: PoliceService = {
      ask: () => Promise.resolve([]),
      write: (_call, jkid, documentRows) => {
        expect(jkid).toBe('18W90');
        written = writeDocument(documentRows.map((row) => ({ ...row, qmyw: cutShort(row['qmyw'] ?? '') })));
        return Promise.resolve([]);
      },
    };
    await createNotices(service).deliver(envelopeTo('public-security'), {} as AdapterCall);
    expect(block('soap')).toBe(written);
  });

  it('names the codes of each kind of message, word and result', () => {
    for (const type of ['notice.issued', 'notice.lifted', 'notice.withdrawn'] as const) {
      expect(rowOf(type, 5).slice(1, 3)).toEqual([transport.MESSAGE_CODES[type], police.MESSAGE_CODES[type]]);
    }
    const codesOf = (codes: WordDialect['kinds'] | WordDialect['results'], meaning: string): string =>
      Object.entries(codes).find(([, each]) => each === meaning)?.[0] ?? '';
    for (const kind of Object.values(transport.ANSWER_DIALECT.kinds)) {
      const codes = [transport, police].map(({ ANSWER_DIALECT }) => codesOf(ANSWER_DIALECT.kinds, kind));
      expect(rowOf(kind, 5).slice(2)).toEqual([`FKLX ${codes[0] ?? ''}`, `fklx ${codes[1] ?? ''}`]);
    }
    for (const result of FEEDBACK_RESULTS) {
      const codes = [transport, police].map(({ ANSWER_DIALECT }) => codesOf(ANSWER_DIALECT.results, result));
      expect(rowOf(result, 4).slice(1)).toEqual(codes);
    }
  });
});

describe('its samples', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-notice-guide-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Case {
    readonly message: Signed;
    readonly keys: readonly object[];
  }
  /** Really signed just now, by a key of its own. */
  const signedBy = (algorithm: SignatureAlgorithm, determiner = 'ecology'): Case => {
    const { publicKeyPem, privateKeyPem } = generateKeyPair(algorithm);
    const pair = readPrivateKey(algorithm, privateKeyPem);
    if (pair === null) throw new Error('the key cannot be read');
    const signedText = canonicalJson({ determiner, factsSummary: '设备𠮷号"未检定"' });
    const key = { keyId: 'k1', owner: 'ecology', algorithm, publicKeyPem, revokedAt: null };
    const signature = { algorithm, keyId: 'k1', value: signBytes(algorithm, pair, Buffer.from(signedText)) };
    return { message: { signedText, signature }, keys: [key] };
  };
  const changed = (
    { message, keys: known }: Case,
    over: Partial<Signed['signature']>,
    signedText = message.signedText,
  ) => ({
    message: { signedText, signature: { ...message.signature, ...over } },
    keys: known,
  });
  const shown: Case = { message: body, keys };
  const genuine: readonly Case[] = [shown, ...SIGNATURE_ALGORITHMS.map((algorithm) => signedBy(algorithm))];
  const forged: readonly Case[] = [
    ...genuine.map((each) => changed(each, {}, each.message.signedText.replace('"', ' "'))),
    ...genuine.map((each) =>
      changed(each, { value: signedBy(each.message.signature.algorithm).message.signature.value }),
    ),
    ...genuine.map((each) => changed(each, { keyId: 'unknown' })),
    ...genuine.map((each) => ({
      ...each,
      keys: each.keys.map((key) => ({ ...key, revokedAt: '2026-03-02T10:00:00+08:00' })),
    })),
    changed(shown, { value: '' }),
    changed(shown, { value: Buffer.from('300602010002 0100'.replace(' ', ''), 'hex').toString('base64') }),
    changed(shown, { algorithm: 'ED25519' }),
    // Signed well, by a department in another's name.
    ...SIGNATURE_ALGORITHMS.map((algorithm) => signedBy(algorithm, 'transport')),
  ];
  const saidIn = ({ message }: Case): unknown => JSON.parse(message.signedText);

  it('in TypeScript takes what is signed, and nothing else', async () => {
    const file = join(folder, 'read-signed.mjs');
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
    writeFileSync(file, ts.transpileModule(block('typescript'), { compilerOptions: options }).outputText);
    type ReadSigned = (message: Signed, known: readonly object[]) => unknown;
    const { readSigned } = z
      .object({ readSigned: z.custom<ReadSigned>((value) => typeof value === 'function') })
      .parse(await import(pathToFileURL(file).href));
    for (const each of genuine) expect(readSigned(each.message, each.keys)).toEqual(saidIn(each));
    for (const each of forged) expect(readSigned(each.message, each.keys)).toBeNull();
  });

  const python = (program: string, input = '') => spawnSync('python3', ['-c', program], { input, encoding: 'utf8' });
  const hasPython = python('import hashlib; hashlib.new("sm3"); import cryptography').status === 0;
  if (!hasPython) console.warn('No python3 with SM3 and the package cryptography: the sample in Python is not run.');
  if (hasPython) {
    it('in Python takes what is signed, and nothing else', () => {
      const program = `${block('python')}
import sys
print(json.dumps([read_signed(each["message"], each["keys"]) for each in json.load(sys.stdin)]))`;
      const { stdout, stderr } = python(program, JSON.stringify([...genuine, ...forged]));
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([...genuine.map(saidIn), ...forged.map(() => null)]);
    });
  }
});
