-- 交通运输前置库: front-end exchange database of the transport department, contract of its tables.
-- Types are read as follows: DATETIME is a wall time of China, CHAR is blank-padded, CLOB is the engine's long text, texts
-- are GBK where the engine is MySQL. No table has a primary key: the department appends rows, and copies of a row are legal. The latest row of an
-- ID counts (GXSJ, then PCH); CZLX = D withdraws the ID.
--
-- Columns at the end of each table:
--   CZLX 操作类型 I insert, U update, D delete;  SJZT 数据状态 0 未取, 1 已取, 2 失败;  PCH 批次号 batch;
--   GXSJ 更新时间 time of the change (the watermark);  BZ 备注 remark.
--
-- The reader writes only where a comment says so: @reader-updates the column, @reader-inserts rows of the table.

CREATE TABLE QZ_JCJG /* 检测机构 */ (
  ID VARCHAR(32) /* 主键 */,
  TYSHXYDM CHAR(18) /* 统一社会信用代码 */,
  ZZJGDM CHAR(10) /* 组织机构代码 */,
  JCJGBH CHAR(16) /* 检测机构编号 */,
  JCJGMC VARCHAR(200) /* 检测机构名称 */,
  DZ VARCHAR(300) /* 地址 */,
  XZQHDM CHAR(6) /* 行政区划代码 */,
  FDDBR VARCHAR(50) /* 法定代表人 (P) */,
  LXDH VARCHAR(30) /* 联系电话 (P) */,
  ZZRDZSBH VARCHAR(100) /* 资质认定证书编号, 可有多个 */,
  ZZRDYXQZ VARCHAR(20) /* 资质认定有效期止 */,
  BABH VARCHAR(40) /* 备案编号 */,
  BAJG VARCHAR(200) /* 备案机关 */,
  BARQ VARCHAR(20) /* 备案日期 yyyyMMdd */,
  BAYXQZ VARCHAR(20) /* 备案有效期止 */,
  BAZT CHAR(2) /* 备案状态 1 正常 2 暂停 3 注销 4 撤销 5 过期 6 整改 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 @reader-updates */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_JCJG_DM ON QZ_JCJG (TYSHXYDM);
CREATE INDEX QZ_JCJG_ZZ ON QZ_JCJG (ZZJGDM);
CREATE INDEX QZ_JCJG_BH ON QZ_JCJG (JCJGBH);
CREATE INDEX QZ_JCJG_ID ON QZ_JCJG (ID, GXSJ);
CREATE INDEX QZ_JCJG_SJ ON QZ_JCJG (GXSJ, ID);
CREATE INDEX QZ_JCJG_ZT ON QZ_JCJG (SJZT, GXSJ, ID);

CREATE TABLE QZ_CLJC /* 车辆检测 */ (
  ID VARCHAR(32) /* 主键 */,
  TYSHXYDM CHAR(18) /* 统一社会信用代码 */,
  JCJGBH CHAR(16) /* 检测机构编号 */,
  JCJGMC VARCHAR(200) /* 检测机构名称 */,
  JCLSH VARCHAR(24) /* 检测流水号 */,
  BGBH CHAR(40) /* 报告编号 */,
  CPHM VARCHAR(12) /* 车牌号码 */,
  CPYS CHAR(2) /* 车牌颜色 1 蓝 2 黄 3 黑 4 白 5 绿 9 其他 */,
  VINHM CHAR(17) /* 车辆识别代号 */,
  DLYSZH CHAR(12) /* 道路运输证号 */,
  YHMC VARCHAR(200) /* 业户名称 (P) */,
  JCLB CHAR(2) /* 检测类别 */,
  JCXB CHAR(1) /* 检测线别 A-Z */,
  JCRQ DATETIME /* 检测日期 */,
  ZJCS INT /* 总检次数 */,
  LC DECIMAL(10,1) /* 里程 km */,
  JCJL CHAR(8) /* 检测结论 1 合格 2 不合格, 或文字 */,
  JSDJ CHAR(8) /* 技术等级 1 一级 2 二级, 或文字 */,
  YXQZ DATE /* 等级有效期止 */,
  QZR VARCHAR(50) /* 授权签字人 */,
  XZQHDM CHAR(6) /* 行政区划代码 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 @reader-updates */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_CLJC_DM ON QZ_CLJC (TYSHXYDM, JCRQ);
CREATE INDEX QZ_CLJC_BH ON QZ_CLJC (JCJGBH, JCRQ);
CREATE INDEX QZ_CLJC_BG ON QZ_CLJC (BGBH);
CREATE INDEX QZ_CLJC_ID ON QZ_CLJC (ID, GXSJ);
CREATE INDEX QZ_CLJC_SJ ON QZ_CLJC (GXSJ, ID);
CREATE INDEX QZ_CLJC_ZT ON QZ_CLJC (SJZT, GXSJ, ID);

CREATE TABLE QZ_CLJC_XM /* 车辆检测项目 */ (
  ID VARCHAR(32) /* 主键 */,
  JCID VARCHAR(32) /* 检测记录主键 QZ_CLJC.ID */,
  XMBH VARCHAR(16) /* 项目编号 */,
  XMMC VARCHAR(100) /* 项目名称 */,
  SCZ VARCHAR(50) /* 实测值 */,
  BZXZ VARCHAR(50) /* 标准限值 */,
  XMPD VARCHAR(4) /* 项目判定 ○ 合格 × 不合格 — 未检 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_CLJC_XM_JC ON QZ_CLJC_XM (JCID);

CREATE TABLE QZ_DLYSZ /* 道路运输证 */ (
  ID VARCHAR(32) /* 主键 */,
  DLYSZH CHAR(12) /* 道路运输证号 */,
  JYXKZH VARCHAR(20) /* 道路经营许可证号 */,
  CPHM VARCHAR(12) /* 车牌号码 */,
  CPYS CHAR(2) /* 车牌颜色 */,
  VINHM CHAR(17) /* 车辆识别代号 */,
  YHMC VARCHAR(200) /* 业户名称 (P) */,
  JSDJ CHAR(8) /* 车辆技术等级 */,
  BCNS CHAR(10) /* 本次年审 yyyyMM */,
  XCNS CHAR(10) /* 下次年审 yyyyMM */,
  YYZT CHAR(2) /* 营运状态 10 营运 21 停运 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_DLYSZ_BH ON QZ_DLYSZ (DLYSZH);

CREATE TABLE QZ_XZCF /* 行政处罚 */ (
  ID VARCHAR(32) /* 主键 */,
  JCJGBH CHAR(16) /* 检测机构编号 */,
  CF_XDR_MC VARCHAR(200) /* 行政相对人名称 */,
  CF_XDR_LB VARCHAR(100) /* 行政相对人类别 */,
  CF_XDR_SHXYM CHAR(18) /* 统一社会信用代码 */,
  CF_XDR_ZZJG CHAR(10) /* 组织机构代码 */,
  CF_FRDB VARCHAR(50) /* 法定代表人 (P) */,
  CF_XDR_ZJHM VARCHAR(64) /* 自然人证件号码 (P) */,
  CF_WSH VARCHAR(128) /* 行政处罚决定文书号 */,
  CF_WFXW VARCHAR(2000) /* 违法行为类型 */,
  CF_SY VARCHAR(4000) /* 违法事实 */,
  CF_YJ VARCHAR(2000) /* 处罚依据 */,
  CF_CFLB VARCHAR(200) /* 处罚类别, 分号分隔 */,
  CF_NR VARCHAR(4000) /* 处罚内容 */,
  CF_NR_FK DECIMAL(18,6) /* 罚款金额, 万元 */,
  CF_NR_WFFF DECIMAL(18,6) /* 没收金额, 万元 */,
  CF_JDRQ VARCHAR(20) /* 处罚决定日期 yyyy/MM/dd */,
  CF_GSRQ VARCHAR(20) /* 公示日期 */,
  CF_GSJZQ VARCHAR(20) /* 公示截止期 */,
  CF_CFJG VARCHAR(200) /* 处罚机关 */,
  CF_CFJGDM CHAR(18) /* 处罚机关统一社会信用代码 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 @reader-updates */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_XZCF_DM ON QZ_XZCF (CF_XDR_SHXYM);
CREATE INDEX QZ_XZCF_ZZ ON QZ_XZCF (CF_XDR_ZZJG);
CREATE INDEX QZ_XZCF_ID ON QZ_XZCF (ID, GXSJ);
CREATE INDEX QZ_XZCF_SJ ON QZ_XZCF (GXSJ, ID);
CREATE INDEX QZ_XZCF_ZT ON QZ_XZCF (SJZT, GXSJ, ID);

CREATE TABLE QZ_FK /* 反馈: what the reader reports back about rows @reader-inserts */ (
  ID VARCHAR(32) /* 主键 */,
  BMC VARCHAR(32) /* 表名 */,
  JLID VARCHAR(32) /* 记录主键 */,
  JLPCH VARCHAR(32) /* 记录批次号 */,
  FKJG CHAR(1) /* 反馈结果 1 接收 2 退回 */,
  CWZD VARCHAR(64) /* 错误字段 */,
  CWMS VARCHAR(500) /* 错误描述 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_FK_ID ON QZ_FK (ID);

-- Joint-punishment notices: the reader adds messages to QZ_LHCJ_TZ, the department answers in QZ_LHCJ_FK. Here the reader
-- is the one that provides, so SJZT of QZ_LHCJ_TZ is the department's.

CREATE TABLE QZ_LHCJ_TZ /* 联合惩戒通知: messages of the hub @reader-inserts */ (
  ID VARCHAR(128) /* 主键, 消息编号 */,
  XXLX CHAR(2) /* 消息类型 01 惩戒通知 02 解除 03 撤回 */,
  SDID VARCHAR(128) /* 送达编号, 反馈时原样填回 */,
  TZID VARCHAR(64) /* 通知主键 */,
  TZBH VARCHAR(32) /* 通知编号 */,
  BBH INT /* 版本号 */,
  RDDW VARCHAR(64) /* 认定单位 */,
  JSDW VARCHAR(64) /* 接收单位 */,
  SFBX CHAR(1) /* 是否必须办理 1 是 0 否 */,
  TYSHXYDM CHAR(18) /* 惩戒对象统一社会信用代码 */,
  ZTMC VARCHAR(200) /* 惩戒对象名称 */,
  CSDM VARCHAR(2000) /* 惩戒措施代码, 分号分隔 */,
  TZSJ DATETIME /* 通知时间 */,
  QSQX INT /* 签收期限, 工作日 */,
  FKQX INT /* 反馈期限, 工作日 */,
  JCQX INT /* 解除或撤回的确认期限, 工作日 */,
  QMYW CLOB /* 签名原文, UTF-8 的 Base64 */,
  QMSF VARCHAR(16) /* 签名算法 SM2_SM3 ED25519 */,
  MYBH VARCHAR(128) /* 密钥编号 */,
  QMZ CLOB /* 签名值, Base64 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_LHCJ_TZ_ID ON QZ_LHCJ_TZ (ID);
CREATE INDEX QZ_LHCJ_TZ_ZT ON QZ_LHCJ_TZ (SJZT, GXSJ);

CREATE TABLE QZ_LHCJ_FK /* 联合惩戒反馈: what the department answers */ (
  ID VARCHAR(32) /* 主键; 同一秒内按主键先后 */,
  SDID VARCHAR(128) /* 送达编号 */,
  FKLX CHAR(1) /* 反馈类型 1 签收 2 退回 3 执行反馈 4 解除确认 */,
  CSDM VARCHAR(64) /* 惩戒措施代码, 执行反馈时一行一项 */,
  JG CHAR(2) /* 执行结果 01 已执行 02 部分执行 03 不适用 04 无业务发生 05 未执行 */,
  SL INT /* 执行数量 */,
  SM VARCHAR(500) /* 退回理由, 或执行说明 */,
  CLR VARCHAR(50) /* 处理人, 岗位或工号 */,
  CLSJ VARCHAR(20) /* 处理时间 */,
  CZLX CHAR(1) /* 操作类型 */,
  SJZT CHAR(1) /* 数据状态 @reader-updates */,
  PCH VARCHAR(32) /* 批次号 */,
  GXSJ DATETIME /* 更新时间 */,
  BZ VARCHAR(500) /* 备注 */
);
CREATE INDEX QZ_LHCJ_FK_ID ON QZ_LHCJ_FK (ID, GXSJ);
CREATE INDEX QZ_LHCJ_FK_ZT ON QZ_LHCJ_FK (SJZT, GXSJ, ID);
