/** Certificates for one suite, made by openssl as an authority would. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface MadeCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** File of the certificate. */
  readonly file: string;
}

export interface CertificateFolder {
  /** @param by null = signed by itself */
  make(name: string, by?: MadeCertificate | null): MadeCertificate;
  remove(): void;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function certificateFolder(): CertificateFolder {
  const folder = mkdtempSync(join(tmpdir(), 'hub-certificates-'));
  let count = 0;
  return {
    make(name, by = null) {
      count += 1;
      const [key, file] = [join(folder, `${count}.key`), join(folder, `${count}.pem`)];
      const own = ['-subj', `/O=示例/CN=${name}`, '-utf8', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
      const authority = by === null ? [] : ['-CA', by.file, '-CAkey', by.file.replace(/pem$/, 'key')];
      execFileSync('openssl', ['req', '-x509', ...EC, ...own, ...authority, '-keyout', key, '-out', file], {
        stdio: 'pipe',
      });
      return { cert: readFileSync(file), key: readFileSync(key), file };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
