/** The queries that GraphiQL opens with; each is a tab. Tests run them against the graph. */

const INSTITUTION_A = '91520115MAYDM00198';

export const SAMPLE_QUERIES: readonly string[] = [
  `# One institution, joined from all departments. Press ▶.
# "coverage" says who answered: nothing on record and no answer never look alike. DENIED: what the public may not see;
# npm run hub -- identity token enforcer gives a token for "Headers": { "authorization": "Bearer ..." }.
# 一家机构,汇集各部门数据。"coverage" 说明谁已答复:"无记录"与"未答复"绝不混同。DENIED 为公众不可见的信息,
# 可用 npm run hub -- identity token enforcer 取得令牌,填入 "Headers"。
query JoinedInstitution($creditCode: CreditCode! = "${INSTITUTION_A}") {
  institution(creditCode: $creditCode) {
    creditCode
    name
    kinds
    status
    region { code name path }
    aliases { department { name } localId matchedBy confidence }
    qualifications { scheme number status validTo provenance { department { name } asOf } }
    facilities { kind name calibrationValidTo }
    inspections(first: 5) {
      totalCount
      edges {
        node {
          __typename
          startedAt
          result
          rawResult
          provenance { department { name } sourceRecordId receipt }
        }
      }
    }
    penalties(first: 5) {
      edges { node { documentNumber authority reason decidedOn severity fineFen } }
    }
    listEntries { listType reason listedOn active }
    conflicts { field chosen rule values { value provenance { department { name } } } }
    coverage { department { name } facet status asOf reason }
  }
}`,
  `# A page of institutions; "endCursor" continues it (after: ...). One call per department, whatever the page size.
# 机构列表;用 "endCursor" 翻页(after: ...)。每页对每个部门只调用一次。
query InstitutionPage($region: RegionCode = "5201", $first: Int! = 10, $after: Cursor) {
  institutions(filter: { region: $region }, orderBy: NAME, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges {
      node {
        creditCode
        name
        status
        qualifications(scheme: CMA) { number status validTo }
      }
    }
  }
}`,
  `# Is this report genuine, and was its issuer qualified on that day? Open to the public.
# 报告真伪核验:是否真实、出具机构当日是否具备资质。面向公众开放。
query VerifyReport($number: String! = "520115PF260326000000043", $issuer: CreditCode = "${INSTITUTION_A}") {
  verifyReport(number: $number, issuer: $issuer) {
    verdict
    checks { name passed evidence coverage { department { name } status } }
    report { number issuedOn conclusion institution { creditCode name } }
  }
}`,
  `# The departments, what they offer, and how they are doing right now.
# 各部门:提供哪些数据、当前运行状态。
query Departments {
  departments {
    id
    code
    name
    nameZh
    facets
    health { state circuit lastSuccessAt lastErrorCode }
  }
}`,
  `# May a decision rest on what is shown? False, with reasons, when a source is silent or its answer too old.
# 能否据此作出决定?来源未答复或数据过旧时为 false,并给出原因。
query DecisionSafety($creditCode: CreditCode! = "${INSTITUTION_A}", $maxAgeSeconds: Int! = 300) {
  institution(creditCode: $creditCode) {
    name
    decisionSafety(maxAgeSeconds: $maxAgeSeconds, facets: [QUALIFICATIONS, PENALTIES, LIST_ENTRIES]) {
      safe
      reasons { department { name } facet status asOf reason }
    }
  }
}`,
];
