/* The message codes and fields of domain.md §3 as dated tables, so that a centre changes them when its banks do and no
 * code. Seen in public code of 2016–17, unsure as of today [U]; what is not in that source is ours [D] and says so.
 *
 *   bank_message   our message → "order code, feedback code"
 *   bank_field     <message or *>.<our field> → NAME type(bytes) [required] [our=theirs …]
 *                  NAME may have dots: an object within an object. Types: text, time (yyyyMMddHHmmss), amount (yuan
 * with two decimals), count. bank_result    result code → done, mismatch, failed, again (nobody knows), duplicate */
#include "desk/dated_defaults.h"

#define SEEN "message codes seen in public code of 2016–17 (domain.md §3) [U]"
#define OURS "our own design, where the public source says nothing [D]"
#define MESSAGE(code, value, law, en, zh)                                                                              \
    { "bank_message", code, value, "2016-03-18", law, en, zh }
#define PLACE(code, value, en, zh)                                                                                     \
    { "bank_field", code, value, "2016-03-18", SEEN, en, zh }
#define RESULT(code, value, law, en, zh)                                                                               \
    { "bank_result", code, value, "2016-03-18", law, en, zh }

const dated_default DATED_BANK[] = {
    MESSAGE("stop", "100101 100102", SEEN, "stop payment", "止付"),
    MESSAGE("stop_release", "100103 100104", SEEN, "release of a stop", "止付解除"),
    MESSAGE("stop_extend", "100105 100106", SEEN, "extension of a stop", "止付延期"),
    MESSAGE("freeze", "100201 100202", SEEN, "freeze", "冻结"),
    MESSAGE("freeze_release", "100203 100204", SEEN, "release of a freeze", "冻结解除"),
    MESSAGE("freeze_extend", "100205 100206", SEEN, "extension of a freeze", "冻结延期"),
    MESSAGE("detail", "100301 100302", SEEN, "transactions of an account", "交易明细查询"),
    MESSAGE("report_case", "100401 100402", SEEN, "a bank reports a case", "银行上报案件"),
    MESSAGE("report_opening", "100403 100402", SEEN, "suspicious opening of an account", "可疑开户"),
    MESSAGE("report_account", "100404 100402", SEEN, "account involved in a case", "涉案账户"),
    MESSAGE("report_event", "100405 100402", SEEN, "suspicious event", "可疑事件"),
    MESSAGE("status", "100901 100902", OURS, "what became of a serial number", "流水号状态查询"),

    RESULT("100000", "done", SEEN, "done", "成功"),
    RESULT("200001", "failed", SEEN, "format", "报文格式错误"),
    RESULT("200002", "again", SEEN, "time-out within the bank: asked for again", "处理超时"),
    RESULT("200003", "duplicate", SEEN, "the serial number is known already", "流水号重复"),
    RESULT("200004", "failed", SEEN, "authority", "权限不足"),
    RESULT("200005", "failed", SEEN, "limit", "超出限制"),
    RESULT("200006", "failed", SEEN, "limit", "超出限制"),
    RESULT("200007", "failed", SEEN, "closed", "账户已销户"),
    RESULT("200008", "failed", SEEN, "closed", "账户状态异常"),
    RESULT("200009", "failed", SEEN, "closed", "不予受理"),
    RESULT("200010", "mismatch", SEEN, "account not found: nothing is stopped", "账户不存在、信息不符"),

    PLACE("*.tx_code", "TxCode text(6) required", "message code", "交易编码"),
    PLACE("*.serial", "SerialNumber text(40) required", "serial number", "业务流水号"),
    PLACE("*.application_id", "ApplicationID text(40) required", "application", "业务申请编号"),
    PLACE("*.application_type", "ApplicationType text(2) required",
          "00 first submission, 02/03 reported by a bank, 04/05 paperwork afterwards", "业务申请类型"),
    PLACE("*.original_application", "OriginalApplicationID text(40)", "the application it goes on from",
          "原业务申请编号"),
    PLACE("*.case_number", "CaseNumber text(60)", "case", "案件编号"),
    PLACE("*.case_type", "CaseType text(60)", "type of case", "案件类型"),
    PLACE("*.urgency", "EmergencyLevel text(2) required normal=01 urgent=02", "01 normal, 02 urgent", "紧急程度"),
    PLACE("*.out_bank", "TransferOut.BankName text(200)", "bank that paid", "转出银行"),
    PLACE("*.out_name", "TransferOut.AccountName text(200)", "who paid", "转出户名"),
    PLACE("*.out_account", "TransferOut.AccountNumber text(64)", "account that paid", "转出账号"),
    PLACE("*.currency", "Currency text(3) required", "currency", "币种"),
    PLACE("*.amount_fen", "Amount amount(20)", "amount", "金额"),
    PLACE("*.transfer_at", "TransferTime time(14)", "when it was paid", "转账时间"),
    PLACE("*.transfer_id", "TransferSerialNumber text(200)", "the transfer's own number", "转账流水号"),
    PLACE("*.bank", "Target.BankID text(64) required", "bank of the account", "开户机构代码"),
    PLACE("*.account_type", "Target.AccountType text(2) person=01 company=02", "01 person, 02 company", "账户类型"),
    PLACE("*.holder", "Target.AccountName text(200)", "holder", "户名"),
    PLACE("*.account", "Target.AccountNumber text(64) required", "account", "账号"),
    PLACE("*.scope", "FreezeType text(2) amount=01 full=02", "01 an amount, 02 the whole account", "冻结方式"),
    PLACE("*.reason", "Reason text(4000) required", "reason", "事由"),
    PLACE("*.remark", "Remark text(4000)", "remark: the remedy of the holder", "备注（救济途径）"),
    PLACE("*.start_at", "StartTime time(14)", "start", "起始时间"),
    PLACE("*.expires_at", "ExpireTime time(14)", "expiry", "到期时间"),
    PLACE("*.applied_at", "ApplicationTime time(14) required", "application time", "申请时间"),
    PLACE("*.organisation", "ApplicationOrgName text(200)", "organisation", "申请机构"),
    PLACE("*.operator_name", "Operator.Name text(200)", "operator", "经办人"),
    PLACE("*.investigator_name", "Investigator.Name text(200)", "investigator", "协查人"),
    PLACE("detail.start_at", "QueryStartTime time(14) required", "transactions from", "明细起始时间"),
    PLACE("detail.expires_at", "QueryEndTime time(14) required", "to", "明细截止时间"),
    PLACE("status.application_id", "ApplicationID text(40)", "application", "业务申请编号"),
    PLACE("status.application_type", "ApplicationType text(2)", "type", "业务申请类型"),
    PLACE("status.urgency", "EmergencyLevel text(2) normal=01 urgent=02", "urgency", "紧急程度"),
    PLACE("status.currency", "Currency text(3)", "currency", "币种"),
    PLACE("status.bank", "Target.BankID text(64)", "bank", "开户机构代码"),
    PLACE("status.account", "Target.AccountNumber text(64)", "account", "账号"),
    PLACE("status.reason", "Reason text(4000)", "reason", "事由"),

    PLACE("feedback.tx_code", "TxCode text(6) required", "feedback code", "交易编码"),
    PLACE("feedback.serial", "SerialNumber text(40) required", "the order's serial number", "业务流水号"),
    PLACE("feedback.result_code", "Result text(6) required", "result", "执行结果"),
    PLACE("feedback.balance_fen", "AccountBalance amount(20)", "balance before it", "执行前余额"),
    PLACE("feedback.start_at", "StartTime time(14)", "took effect", "起始时间"),
    PLACE("feedback.expires_at", "ExpireTime time(14)", "expiry", "到期时间"),
    PLACE("feedback.cause", "FailureCause text(1000)", "technical cause", "失败原因"),
    PLACE("feedback.remark", "FeedbackRemark text(1000)", "business remark", "反馈说明"),
    PLACE("feedback.applied_fen", "AppliedAmount amount(20)", "amount applied for", "申请冻结金额"),
    PLACE("feedback.executed_fen", "ExecutedAmount amount(20)", "amount frozen", "实际冻结金额"),
    PLACE("feedback.prior_authority", "PriorAuthority text(200)", "who froze it before", "在先冻结机关"),
    PLACE("feedback.available_fen", "AvailableBalance amount(20)", "available balance", "可用余额"),
    PLACE("feedback.receipt", "ReceiptNumber text(100)", "the bank's own number", "银行回执号"),

    PLACE("feedback.transactions", "Transactions text(8)", "a list of transactions, of an inquiry (100302)",
          "交易明细列表"),
    PLACE("transaction.id", "TransactionSerialNumber text(100) required", "the transaction's own number", "交易流水号"),
    PLACE("transaction.at", "TransactionTime time(14) required", "when", "交易时间"),
    PLACE("transaction.direction", "Direction text(2) required in=01 out=02", "01 into the account, 02 out of it",
          "收付标志"),
    PLACE("transaction.amount_fen", "Amount amount(20) required", "amount", "交易金额"),
    PLACE("transaction.currency", "Currency text(3)", "currency; CNY where none is said", "币种"),
    PLACE("transaction.balance_fen", "Balance amount(20)", "balance after it", "交易后余额"),
    PLACE("transaction.counterparty", "Opponent.AccountNumber text(64)", "the other account; none: cash", "对方账号"),
    PLACE("report.tx_code", "TxCode text(6) required", "code of the report", "交易编码"),
    PLACE("report.serial", "SerialNumber text(40) required", "the bank's serial number", "业务流水号"),
    PLACE("report.account", "Target.AccountNumber text(64)", "account", "账号"),
    PLACE("report.holder", "Target.AccountName text(200)", "holder", "户名"),
    PLACE("report.reason", "Reason text(4000) required", "what the bank saw", "事由"),
    PLACE("report.victim_name", "Victim.Name text(200)", "victim", "受害人"),
    PLACE("report.victim_phone", "Victim.Phone text(40)", "phone of the victim", "受害人电话"),
    PLACE("report.victim_account", "TransferOut.AccountNumber text(64)", "account that paid", "转出账号"),
    PLACE("report.amount_fen", "Amount amount(20)", "amount", "金额"),
    PLACE("report.transfer_at", "TransferTime time(14)", "when it was paid", "转账时间"),
};
const size_t DATED_BANK_COUNT = sizeof DATED_BANK / sizeof *DATED_BANK;
