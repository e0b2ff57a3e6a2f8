import { expect, test } from "vitest";
import { indexWorkflows, type Workflow } from "@/api/workflow";
import { withWords } from "./said";

const stop = {
  kind: "stop",
  zh: "止付",
  acts: [{ name: "approve", zh: "批准止付" }],
  fields: [{ name: "proposed_by", zh: "提出人" }],
} as unknown as Workflow;
const workflows = indexWorkflows({ items: [stop], laws: [] });

test("codes in quotation marks get their words", () => {
  expect(withWords("双人复核：“stop.approve”须由“proposed_by”以外的人员办理", workflows)).toBe(
    "双人复核：“批准止付”须由“提出人”以外的人员办理",
  );
  expect(withWords("仅限“approver,commander”办理", workflows)).toBe("仅限“审批人、指挥员”办理");
  expect(withWords("“stop”处于“proposed”状态；当前可办理：“approve, nothing”", workflows)).toBe(
    "“止付”处于“待审批”状态；当前可办理：“批准止付、nothing”",
  );
  expect(withWords("“stop”处于“lapsed”状态", workflows)).toBe("“止付”处于“已到期”状态");
});

test("what is no code stays", () => {
  expect(withWords("没有账户“account:6228”的交易", workflows)).toBe("没有账户“account:6228”的交易");
  expect(withWords("没有列“金额”", workflows)).toBe("没有列“金额”");
});
