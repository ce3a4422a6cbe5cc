/** Client certificates of department systems, each registered for a holder by its fingerprint or by its subject. */
import { randomBytes } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Caller } from './caller.ts';
import { callerFor, CREDENTIAL_FIELDS, CredentialStore, type Credential, type Holder } from './credential-store.ts';

/** A certificate whose private key the peer has shown to hold. */
export interface PresentedCertificate {
  /** SHA-256 of the certificate, 64 hex characters in lower case. */
  readonly fingerprint: string;
  /** One line, e.g. "C=CN,O=Example,CN=system". */
  readonly subjectName: string;
  readonly issuerName: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** An authority that the hub, or its proxy, trusts has signed it. */
  readonly isVouchedFor: boolean;
}

/** FINGERPRINT: this very certificate. SUBJECT: any of this subject and issuer that a trusted authority has signed. */
export type CertificateMatch = 'FINGERPRINT' | 'SUBJECT';

export interface ClientCertificate extends Credential {
  readonly match: CertificateMatch;
  readonly fingerprint: string;
  readonly subjectName: string;
  readonly issuerName: string;
}

export type NewClientCertificate = Holder &
  Pick<ClientCertificate, 'match' | 'fingerprint' | 'subjectName' | 'issuerName' | 'expiresAt'>;

const CREDENTIAL = 'certificate:';

const certificateSchema = new Schema<ClientCertificate>(
  {
    ...CREDENTIAL_FIELDS,
    match: { type: String, required: true },
    fingerprint: { type: String, required: true },
    subjectName: { type: String, required: true },
    issuerName: { type: String, required: true },
  },
  { collection: 'client_certificates', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

/** Why a certificate is not accepted, in words for its holder. */
export interface CertificateRefusal {
  readonly refusal: string;
}

export class ClientCertificates {
  readonly #model: Model<ClientCertificate>;
  readonly #now: () => Date;
  readonly #store: CredentialStore<ClientCertificate>;

  constructor(connection: Connection, now: () => Date = () => new Date()) {
    this.#model =
      connection.models['ClientCertificate'] ??
      connection.model<ClientCertificate>('ClientCertificate', certificateSchema);
    this.#now = now;
    this.#store = new CredentialStore(this.#model, now);
  }

  async register(certificate: NewClientCertificate): Promise<string> {
    const id = randomBytes(6).toString('base64url');
    await this.#model.create({ ...certificate, _id: id, createdAt: this.#now() });
    return id;
  }

  /** Newest first. */
  async list(): Promise<readonly ClientCertificate[]> {
    return await this.#model.find().sort({ createdAt: -1 }).lean<ClientCertificate[]>();
  }

  /** @returns false when there is no such registration, or it was revoked before */
  revoke(id: string): Promise<boolean> {
    return this.#store.revoke(id);
  }

  async callerOf(presented: PresentedCertificate): Promise<Caller | CertificateRefusal> {
    const { validFrom, validTo } = presented;
    const now = this.#now();
    if (now < validFrom) return { refusal: 'The client certificate is not valid yet.' };
    if (now > validTo) return { refusal: 'The client certificate has expired.' };
    const registered = await this.#find(presented);
    if (registered === null) return { refusal: 'The client certificate is not registered with this hub.' };
    if (!this.#store.holds(registered)) return { refusal: 'The registration of the client certificate has ended.' };
    this.#store.noteUse(registered);
    return { ...callerFor(registered, `${CREDENTIAL}${registered._id}`), validUntil: validTo };
  }

  /** @returns null where the credential is none of a certificate */
  stillHolds(credentialId: string): Promise<boolean> | null {
    return credentialId.startsWith(CREDENTIAL) ? this.#store.stillHolds(credentialId.slice(CREDENTIAL.length)) : null;
  }

  /** A certificate that is registered itself goes before one that is known by its subject. */
  async #find(presented: PresentedCertificate): Promise<ClientCertificate | null> {
    const { fingerprint, subjectName, issuerName, isVouchedFor } = presented;
    const ways: Partial<ClientCertificate>[] = [
      { match: 'FINGERPRINT', fingerprint },
      ...(isVouchedFor ? [{ match: 'SUBJECT' as const, subjectName, issuerName }] : []),
    ];
    return await this.#model
      .findOne({ revokedAt: null, $or: ways })
      .sort({ match: 1, createdAt: -1 })
      .lean<ClientCertificate>();
  }
}
