/**
 * Checks a trail record by record, in memory that does not grow with it: anchors first, then chain by chain. Stops at
 * the first thing that is wrong and names it.
 */
import { canonicalJson } from '../signing/canonical-json.ts';
import { examineSignature, HUB_OWNER, type PublicKey } from '../signing/public-key.ts';
import { AnchorForm, digestOfAnchor, signedAnchor, START_OF_ANCHORS, type Anchor } from './audit-anchor.ts';
import { AuditRecordForm, hashOf, startOfChain, type AuditRecord } from './audit-record.ts';

/** What is wrong, and with which record or anchor. */
export class AuditFault extends Error {
  override readonly name = 'AuditFault';
}

export interface ChainSpan {
  readonly chain: string;
  readonly first: number;
  readonly last: number;
}

/** What the trail, or a part of it, is said to consist of. */
export interface AuditExtent {
  /** Both null: the whole trail. */
  readonly from: string | null;
  readonly to: string | null;
  /** Numbers of the first and the newest anchor; none: last is less than first. */
  readonly anchors: { readonly first: number; readonly last: number };
  /** In order. */
  readonly chains: readonly ChainSpan[];
}

export interface AuditReport {
  readonly records: number;
  readonly chains: number;
  readonly anchors: number;
  /** Records that are newer than the last anchor of their chain: their end could have been cut off unseen. */
  readonly unanchored: number;
  /** Operations that were opened and not closed: under way, or their process was killed. */
  readonly unclosed: number;
  readonly warnings: readonly string[];
}

interface AnchoredHead {
  readonly sequence: number;
  readonly hash: string;
  readonly anchor: number;
}

export interface VerifierOptions {
  /** Public keys that are trusted. */
  readonly keys: readonly PublicKey[];
  /** Digests by number of anchors that were kept elsewhere. */
  readonly keptAnchors?: ReadonlyMap<number, string>;
}

const issueOf = (error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; message: string }[] }) => {
  const [issue] = error.issues;
  return issue === undefined ? 'unknown form' : `"${issue.path.map(String).join('.')}" ${issue.message}`;
};

export class AuditVerifier {
  readonly #extent: AuditExtent;
  readonly #options: VerifierOptions;
  readonly #spans: ReadonlyMap<string, ChainSpan>;
  readonly #heads = new Map<string, AnchoredHead>();
  readonly #warnings = new Set<string>();
  #nextAnchor: number;
  #previousAnchor: string | null;
  #chainIndex = 0;
  #next: { sequence: number; previous: string | null };
  readonly #open = new Set<string>();
  #records = 0;
  #unanchored = 0;
  #unclosed = 0;

  constructor(extent: AuditExtent, options: VerifierOptions) {
    this.#extent = extent;
    this.#options = options;
    this.#spans = new Map(extent.chains.map((span) => [span.chain, span]));
    this.#nextAnchor = extent.anchors.first;
    this.#previousAnchor = extent.anchors.first === 1 ? START_OF_ANCHORS : null;
    this.#next = this.#startOf(extent.chains[0]);
  }

  /** @throws AuditFault */
  takeAnchor(value: unknown): void {
    const name = `anchor ${this.#nextAnchor}`;
    if (this.#nextAnchor > this.#extent.anchors.last) throw new AuditFault(`${name} is one too many`);
    const parsed = AnchorForm.safeParse(value);
    if (!parsed.success) throw new AuditFault(`${name} has no valid form: ${issueOf(parsed.error)}`);
    const anchor = parsed.data;
    if (anchor.number !== this.#nextAnchor) {
      throw new AuditFault(`${name} is missing: anchor ${anchor.number} stands in its place`);
    }
    if (this.#previousAnchor !== null && anchor.previous !== this.#previousAnchor) {
      throw new AuditFault(`${name} does not follow the one before it`);
    }
    const { at: signedAt, signature } = anchor;
    const finding = examineSignature(
      signature,
      signedAnchor(anchor),
      { owner: HUB_OWNER, signedAt },
      this.#options.keys,
    );
    if (finding.fault !== null) throw new AuditFault(`the signature of ${name} does not hold: ${finding.fault}`);
    if (finding.warning !== null) this.#warnings.add(finding.warning);
    const digest = digestOfAnchor(anchor);
    const kept = this.#options.keptAnchors?.get(anchor.number);
    if (kept !== undefined && kept !== digest) throw new AuditFault(`${name} is not the one that was kept elsewhere`);
    this.#takeHeads(anchor);
    this.#previousAnchor = digest;
    this.#nextAnchor += 1;
  }

  /** @throws AuditFault */
  takeRecord(value: unknown): void {
    this.#endAnchors();
    const span = this.#extent.chains[this.#chainIndex];
    if (span === undefined) throw new AuditFault(`after record ${this.#records} there is one too many`);
    const name = `record ${this.#next.sequence} of chain ${span.chain}`;
    const parsed = AuditRecordForm.safeParse(value);
    if (!parsed.success) throw new AuditFault(`${name} has no valid form: ${issueOf(parsed.error)}`);
    const record = parsed.data;
    if (record.chain !== span.chain || record.sequence !== this.#next.sequence) {
      throw new AuditFault(`${name} is missing: record ${record.sequence} of ${record.chain} stands in its place`);
    }
    if (this.#next.previous !== null && record.previous !== this.#next.previous) {
      throw new AuditFault(`${name} does not follow the one before it`);
    }
    const { hash, ...hashed } = record;
    if (hashOf(hashed) !== hash) throw new AuditFault(`${name} was changed: its hash is not its own`);
    const head = this.#heads.get(span.chain);
    if (head?.sequence === record.sequence && head.hash !== hash) {
      throw new AuditFault(`${name} is not the one that anchor ${head.anchor} has signed`);
    }
    if (record.sequence > (head?.sequence ?? 0)) this.#unanchored += 1;
    this.#noteOperation(record);
    this.#records += 1;
    this.#next = { sequence: record.sequence + 1, previous: hash };
    if (record.sequence === span.last) this.#endChain();
  }

  /** @throws AuditFault when something is missing at the end */
  end(): AuditReport {
    this.#endAnchors();
    const span = this.#extent.chains[this.#chainIndex];
    if (span !== undefined) throw new AuditFault(`record ${this.#next.sequence} of chain ${span.chain} is missing`);
    const newest = Math.max(0, ...(this.#options.keptAnchors?.keys() ?? []));
    if (this.#extent.to === null && newest >= this.#nextAnchor) {
      throw new AuditFault(`anchor ${this.#nextAnchor} is missing, and anchor ${newest} was kept elsewhere`);
    }
    return {
      records: this.#records,
      chains: this.#extent.chains.length,
      anchors: Math.max(0, this.#nextAnchor - this.#extent.anchors.first),
      unanchored: this.#unanchored,
      unclosed: this.#unclosed,
      warnings: [...this.#warnings],
    };
  }

  #startOf(span: ChainSpan | undefined): { sequence: number; previous: string | null } {
    const sequence = span?.first ?? 1;
    // What comes before the first record of a part is not there to be compared.
    return { sequence, previous: sequence === 1 ? startOfChain(span?.chain ?? '') : null };
  }

  #takeHeads({ number, heads }: Anchor): void {
    const isWhole = this.#extent.from === null && this.#extent.to === null;
    for (const { chain, sequence, hash } of heads) {
      const span = this.#spans.get(chain);
      const before = this.#heads.get(chain);
      if (span === undefined) {
        if (isWhole) throw new AuditFault(`chain ${chain} is missing, of which anchor ${number} has seen ${sequence}`);
        continue;
      }
      if (sequence > span.last) {
        if (this.#extent.to !== null) continue;
        throw new AuditFault(
          `record ${span.last + 1} of chain ${chain} is missing: anchor ${number} has seen ${sequence}`,
        );
      }
      if (before !== undefined && sequence < before.sequence) {
        throw new AuditFault(`anchor ${number} has seen less of chain ${chain} than anchor ${before.anchor}`);
      }
      if (sequence >= span.first) this.#heads.set(chain, { sequence, hash, anchor: number });
    }
  }

  #endAnchors(): void {
    if (this.#nextAnchor > this.#extent.anchors.last) return;
    throw new AuditFault(`anchor ${this.#nextAnchor} is missing`);
  }

  #noteOperation({ kind, operationId }: AuditRecord): void {
    if (kind === 'OPENED') this.#open.add(operationId);
    if (kind === 'CLOSED') this.#open.delete(operationId);
  }

  #endChain(): void {
    this.#unclosed += this.#open.size;
    this.#open.clear();
    this.#chainIndex += 1;
    this.#next = this.#startOf(this.#extent.chains[this.#chainIndex]);
  }
}

/** Digests by number, for {@link VerifierOptions.keptAnchors}. @throws AuditFault for a line that is no anchor */
export function keptAnchorsOf(text: string): ReadonlyMap<number, string> {
  const kept = new Map<number, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      const anchor = AnchorForm.parse(JSON.parse(line));
      if (canonicalJson(anchor) !== line) throw new Error('not canonical');
      kept.set(anchor.number, digestOfAnchor(anchor));
    } catch {
      throw new AuditFault(`line ${index + 1} of the kept anchors is no anchor as the hub prints it`);
    }
  }
  return kept;
}
