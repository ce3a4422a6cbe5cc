/**
 * What the hub asks of the service. Only columns that are read are selected: personal data (legal representatives,
 * telephones, identity numbers) stays in the reply and never becomes a value.
 */
import { parse } from 'graphql';
import type { DocumentNode } from 'graphql';

export interface Operation {
  /** Field of the typed schema, the operationId of openapi.yaml. */
  readonly name: string;
  readonly document: DocumentNode;
}

const INSTITUTION = 'UNISCID CODEFLAG ENTNAME ORGKIND REGORG OPSTATE DOM UPDATETIME CMA { CERTNO VALIDTO }';
const CAPABILITY = 'OBJECT PARAM STANDARD LIMIT';
const QUALIFICATION = `CERTID UNISCID CERTTYPE CERTNO CERTSTATE CERTSTATE_CN ISSUEDATE VALIDTO ISSUEORG_CN EMERGFLAG
  VALIDFROMTIME VALIDTOTIME RECORDTIME SUPERSEDETIME UPDATETIME
  SITES { ADDR ITEMS { ${CAPABILITY} } } SIGNERS { NAME FIELDS }`;
const CERTIFICATE =
  'CERTID CERTKIND CERTNUMBER CERTSTATUS HOLDNAME HOLDUNISCID HOLDCODEFLAG ISSUNISCID ISSCODEFLAG FZRQ DQRQ';
const PENALTY = `ID CF_XDR_SHXYM CF_WSH CF_SY CF_YJ CF_JDRQ CF_GSRQ CF_GSJZQ
  CF_XDR_LB CF_WFXW CF_CFLB CF_NR CF_NR_FK CF_NR_WFFF CF_YXQ CF_CFJG CF_CFJGDM XGSJ
  CF_CFMC CF_AJMC CF_CFLB1 CF_CFLB2 CF_JG CF_XZJG CF_XDR_GSDJ CF_XDR_ZDM CF_ZT DFBM SJC`;
const LIST_ENTRY = `BUSEXCLIST ILLID UNISCID SPECAUSE SPECAUSE_CN SERILLREA SERILLREA_CN ABNTIME DECORG_CN DEDOCNUM
  REMDATE ISMOVE`;
const REPORT = `REPID UNISCID CODEFLAG JYJCBGBH BBH QFRQ JYJL JCJYLB QZR ZYZ DJSJ ITEMS { ${CAPABILITY} ADDR }`;

function batch(name: string, input: string, columns: string): Operation {
  const document = parse(
    `query ${name}($input: ${input}) { ${name}(input: $input) { code msg data { rows { ${columns} } } } }`,
  );
  return { name, document };
}

/** A page of a feed; rows are those of the read, with the columns of the collection beside them. */
function feed(name: string, columns: string): Operation {
  const document = parse(`
    query ${name}($since: String, $cursor: String, $limit: Int) {
      ${name}(since: $since, cursor: $cursor, limit: $limit) {
        code msg data { total nextCursor rows { TONG_TIME DEL_FLAG ${columns} } }
      }
    }`);
  return { name, document };
}

export const PING: Operation = { name: 'ping', document: parse('query ping { ping { code msg data { TIME } } }') };

export const LIST_INSTITUTIONS: Operation = {
  name: 'listInstitutions',
  document: parse(`
    query listInstitutions($cursor: String, $limit: Int, $text: String, $region: String, $kinds: [String],
                           $listed: String, $certState: String, $orderBy: String) {
      listInstitutions(cursor: $cursor, limit: $limit, text: $text, region: $region, kinds: $kinds,
                       listed: $listed, certState: $certState, orderBy: $orderBy) {
        code msg data { total nextCursor rows { ROWNO CURSOR ${INSTITUTION} } }
      }
    }`),
};

export const INSTITUTIONS_BY_CODE = batch('institutionsByCode', 'MarketCodeBatch_Input', INSTITUTION);
export const QUALIFICATIONS_BY_CODE = batch('qualificationsByCode', 'MarketCodeBatch_Input', QUALIFICATION);
export const CERTIFICATES_BY_NUMBER = batch('certificatesByNumber', 'MarketNumberBatch_Input', CERTIFICATE);
export const PENALTIES_BY_CODE = batch('penaltiesByCode', 'MarketCodeBatch_Input', PENALTY);
export const LIST_ENTRIES_BY_CODE = batch('listEntriesByCode', 'MarketCodeBatch_Input', LIST_ENTRY);
export const SEARCH_REPORTS = batch('searchReports', 'MarketReportSearch_Input', `CONDNO ${REPORT}`);
export const REPORTS_BY_NUMBER = batch('reportsByNumber', 'MarketNumberBatch_Input', REPORT);

export const INSTITUTION_CHANGES = feed('institutionChanges', INSTITUTION);
export const QUALIFICATION_CHANGES = feed('qualificationChanges', `CODEFLAG ${QUALIFICATION}`);
export const CERTIFICATE_CHANGES = feed('certificateChanges', CERTIFICATE);
export const PENALTY_CHANGES = feed('penaltyChanges', `CODEFLAG ${PENALTY}`);
export const LIST_ENTRY_CHANGES = feed('listEntryChanges', `CODEFLAG ${LIST_ENTRY}`);
export const REPORT_CHANGES = feed('reportChanges', REPORT);
