/** `hub certificates register | list | revoke`: client certificates by which department systems are known. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Connection } from 'mongoose';
import { ClientCertificates, type CertificateMatch } from '../../schema/access/client-certificates.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { describeCertificate } from '../auth/client-certificate.ts';
import { alignColumns } from '../start-table.ts';
import { holderCells, holderFrom, type HolderOptions } from './holder-options.ts';
import { UsageError } from './usage-error.ts';

export interface CertificateOptions extends HolderOptions {
  readonly certificate?: string | undefined;
  readonly 'by-subject'?: boolean | undefined;
}

async function read(file: string | undefined): Promise<X509Certificate> {
  if (file === undefined) throw new UsageError('--certificate is the file of the certificate (PEM or DER).');
  try {
    return new X509Certificate(await readFile(file));
  } catch {
    throw new UsageError(`${file} is no file of a certificate.`);
  }
}

const oneLine = (name: string): string => name.replaceAll('\n', ', ');

/**
 * @param known the departments' ids
 * @returns lines for the terminal
 * @throws UsageError for wrong words, HubError for a wrong division or instant
 */
export async function certificatesCommand(
  connection: Connection,
  [verb, word]: readonly string[],
  options: CertificateOptions,
  known: readonly string[],
  now: () => Date = () => new Date(),
): Promise<readonly string[]> {
  const certificates = new ClientCertificates(connection, now);
  switch (verb) {
    case 'register': {
      const holder = holderFrom('certificate', word, options, known);
      const { fingerprint, subjectName, issuerName } = describeCertificate(await read(options.certificate), true);
      const match: CertificateMatch = options['by-subject'] === true ? 'SUBJECT' : 'FINGERPRINT';
      if (match === 'SUBJECT' && subjectName === '') throw new UsageError('The certificate names no subject.');
      const id = await certificates.register({ ...holder, match, fingerprint, subjectName, issuerName });
      const what = match === 'SUBJECT' ? `every certificate of ${oneLine(subjectName)}` : `fingerprint ${fingerprint}`;
      return [`Registered as ${id} for ${word ?? ''}: ${what}.`];
    }
    case 'list': {
      const rows = (await certificates.list()).map((each) => [
        each._id,
        ...holderCells(each, now()),
        each.lastUsedAt === null ? 'never used' : `used ${formatInstant(each.lastUsedAt)}`,
        each.match === 'SUBJECT' ? oneLine(each.subjectName) : each.fingerprint,
      ]);
      return rows.length === 0 ? ['No certificates.'] : alignColumns(rows);
    }
    case 'revoke': {
      const isRevoked = word !== undefined && (await certificates.revoke(word));
      if (!isRevoked) throw new UsageError(`There is no valid registration ${word ?? ''}.`);
      return [`Registration ${word} is revoked.`];
    }
    default:
      throw new UsageError('Say what to do with certificates: register, list or revoke.');
  }
}
