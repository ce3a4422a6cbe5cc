/** TLS of the hub's own front door, where no proxy ends it. */
import { readFile, stat } from 'node:fs/promises';
import type { ServerOptions as TlsOptions } from 'node:https';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string | null;
}

/** Those of Mozilla's "intermediate" guideline with forward secrecy and authenticated encryption; TLS 1.3 has its own. */
const CIPHERS = [
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
].join(':');

/** How often it is looked whether a certificate has been renewed. */
const LOOK_EVERY_MS = 30_000;

/** Client certificates are asked for, not demanded: whoever shows none comes with a token, or as the public. */
export const encrypted = (tls: TlsOptions): TlsOptions => ({
  ...tls,
  minVersion: 'TLSv1.2',
  ciphers: CIPHERS,
  honorCipherOrder: true,
  requestCert: true,
  rejectUnauthorized: false,
});

/** @throws the system's error for a file that cannot be read */
export async function readTlsFiles({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<TlsOptions> {
  const [cert, key, ca] = await Promise.all([
    readFile(certFile),
    readFile(keyFile),
    clientCaFile === null ? null : readFile(clientCaFile),
  ]);
  return { cert, key, ...(ca !== null && { ca }) };
}

/** When the newest of the files was changed; symbolic links, by which secrets are exchanged, are followed. */
async function changedAt({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<number> {
  const files = [certFile, keyFile, ...(clientCaFile === null ? [] : [clientCaFile])];
  return Math.max(...(await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))));
}

export interface RenewalOptions {
  readonly files: TlsFiles;
  /** Puts renewed files to use. @throws Error for a key that is not the certificate's */
  readonly renew: (tls: TlsOptions) => void;
  /** What was in use stays in use. */
  readonly onFailure: (error: unknown) => void;
  readonly everyMs?: number;
  /** Told after each look. */
  readonly onLook?: () => void;
}

/** Looks for renewed certificates. @returns stops the looking */
export function watchTlsFiles({
  files,
  renew,
  onFailure,
  onLook,
  everyMs = LOOK_EVERY_MS,
}: RenewalOptions): () => void {
  let seen: number | null = null;
  const look = async (): Promise<void> => {
    try {
      const newest = await changedAt(files);
      const isChanged = seen !== null && newest !== seen;
      seen = newest;
      if (isChanged) renew(await readTlsFiles(files));
    } catch (error) {
      onFailure(error);
    }
    onLook?.();
  };
  void look();
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
