/** The words of the command line. Here and not beside the commands, so that a wrong word costs no loading of the hub. */

const HOLDER = `--roles <role,...> --regions <prefix,...> [--department <department>] [--expires <instant>]
                [--actions <action,...>] [--classes <class,...>]`;

export const USAGE = `usage: npm run hub -- <command>

  sync <department> [--full]      bring a department's feeds in the replica up to date now
  doctor                          check environment, store, queue, clock, signing keys, notices, recognitions, departments
  import <file> --source <department> --layout <name> [--charset <name>] [--exported-at <instant>]
                                  read an export file into the replica (docs/import.md)
  screen <file> [--out <file>] [--format csv | json] [--kind report | institution] [--column <heading or number>]
                [--max-age <seconds>] [--charset <name>]
                                  look up a file of report numbers or credit codes (docs/screening.md)
  keys create <name> ${HOLDER}
  keys list
  keys rotate <id> [--overlap <7d>] [--expires <instant>]
  keys revoke <id>                API keys of department systems and staff (docs/access.md)
  certificates register <name> --certificate <file> [--by-subject] ${HOLDER}
  certificates list
  certificates revoke <id>        client certificates of department systems (docs/access.md)
  sessions revoke <token | session | user> <id> [--reason <text>]
                                  ends a token (jti), a login (sid), or all that a user (sub) was given so far
  sessions list                   what was ended
  identity users                  sample users who may sign in for trying the hub
  identity token <user>           signs one in and prints the token
  identity serve                  the identity provider alone, on HUB_IDENTITY_PORT; a hub of its own uses it with
                                  HUB_OIDC_ISSUER (never in production)
  documents register <file...>    .graphql files, or manifests of ids and texts (.json); production serves no others
  documents list
  documents remove <id...>        (docs/security.md)
  signing-keys create <department | hub> [--algorithm <sm2 | ed25519>]
  signing-keys list
  signing-keys revoke <key id>
  signing-keys export             keys by which departments and the hub sign (docs/evidence.md)
  notice export <number> [--out <file>]
                                  write the evidence pack of a notice
  notice verify <file> [--keys <file>]
                                  check an evidence pack, by itself (docs/evidence.md)
  credit explain <credit code>    the credit profile of an institution, with what it rests on (docs/credit.md)
  credit compare <edition> [--model <file>]
                                  what another edition of the model would change
  credit report --out <folder>    institutions by region and class, as CSV and as a picture
  credit publication --out <folder>
                                  penalties published in time, late or not at all, per department, as CSV
  audit verify <file> | --store [--keys <file>] [--anchors <file>]
                                  check the audit trail, with the hub running or not (docs/audit.md)
  audit export --out <file> [--from <instant>] [--to <instant>]
  audit subject <credit code | number | name> [--from <instant>] [--to <instant>] [--format <csv | json>]
                                  who looked at it, when and why
  audit anchors                   print the signed anchors, to be kept elsewhere
  backup <folder>                 copy store, audit trail and keys, with the hub running or not
  restore <folder>                put a backup into an empty HUB_DATA_DIR and check it (docs/operations.md)
  watch notices [--after <cursor>] [--subject <code>] [--recipient <department>] [--region <prefix>]
                [--url <address>] [--token <token>]
                                  follow what happens to notices; the token is HUB_TOKEN where it is not named
                                  (docs/notices-live.md)`;

export const HOLDER_OPTIONS = {
  roles: { type: 'string' },
  regions: { type: 'string' },
  department: { type: 'string' },
  expires: { type: 'string' },
  actions: { type: 'string' },
  classes: { type: 'string' },
} as const;

export const KEY_OPTIONS = { overlap: { type: 'string' } } as const;

export const CERTIFICATE_OPTIONS = {
  certificate: { type: 'string' },
  'by-subject': { type: 'boolean' },
} as const;

export const SESSION_OPTIONS = { reason: { type: 'string' } } as const;

export const SCREEN_OPTIONS = {
  format: { type: 'string' },
  kind: { type: 'string' },
  column: { type: 'string' },
  'max-age': { type: 'string' },
} as const;

export const WATCH_OPTIONS = {
  url: { type: 'string' },
  token: { type: 'string' },
  after: { type: 'string' },
  subject: { type: 'string' },
  recipient: { type: 'string' },
  region: { type: 'string' },
} as const;

export const OPTIONS = {
  full: { type: 'boolean', default: false },
  source: { type: 'string' },
  layout: { type: 'string' },
  charset: { type: 'string' },
  'exported-at': { type: 'string' },
  algorithm: { type: 'string' },
  out: { type: 'string' },
  keys: { type: 'string' },
  store: { type: 'boolean', default: false },
  anchors: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  model: { type: 'string' },
  ...HOLDER_OPTIONS,
  ...KEY_OPTIONS,
  ...CERTIFICATE_OPTIONS,
  ...SESSION_OPTIONS,
  ...SCREEN_OPTIONS,
  ...WATCH_OPTIONS,
} as const;
