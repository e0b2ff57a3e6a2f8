// What waits for a second person, out of the workflow tables: each act that somebody else than before must do with what was
// asked for. A new one of the desk is here without a line of code.
import type { Act, Workflow } from "@/api/workflow";

export interface Approval {
  kind: string;
  states: readonly string[];
  approve: string;
  /** The acts that say no to it. */
  refuse: readonly string[];
  roles: readonly string[];
  /** The field with who asked for it: the one who may not decide. */
  askedBy: string | null;
  /** Fields that one has to know to decide. */
  telling: readonly string[];
}

/** Four eyes too, but nobody asked for them: somebody else may do them with a record that stands as it is. */
const UNASKED = new Set([
  "report.close",
  "stop.recall",
  "card.unmark",
  "partner_link.resume",
  "arrest.confirm_role",
  "arrest.void",
  "seizure.give_back",
  "seizure.void",
  "place.pass",
  "rule_change.withdraw",
]);
/** Asked for by people who are no users: a second person decides by nature. */
const ASKED_FROM_OUTSIDE = new Set(["appeal.uphold"]);
const REFUSALS = /^(refuse|reject|keep|reopen|drop)(_|$)|_(refuse|reject)$/;

const TELLING: Readonly<Record<string, readonly string[]>> = {
  "stop.approve": ["account", "amount_fen", "reachable_fen", "reason"],
  "stop.release_approve": ["account", "amount_fen", "release_reason"],
  "freeze.approve": ["account", "amount_fen", "case", "reason"],
  "freeze.renew_approve": ["account", "amount_fen", "expires_at"],
  "freeze.release_approve": ["account", "amount_fen", "release_reason"],
  "inquiry.approve": ["account", "from_at", "to_at", "case", "purpose"],
  "warning.approve_closing": ["name", "closing", "averted_fen"],
  "case.approve_filing": ["title", "fraud_type"],
  "case.approve_closing": ["title", "closing"],
  "return.approve": ["freeze", "total_fen"],
  "appeal.uphold": ["measure", "order", "by"],
  "objection.uphold": ["return", "by"],
  "handover.accept": ["kind", "record", "to_unit"],
  "dated.approve": ["name", "code", "value", "valid_from"],
  "partner_link.approve": ["name", "channel", "partner"],
  "operation.approve": ["name", "from", "until", "commander"],
  "target.approve": ["name", "type", "operation"],
  "bulletin.approve": ["title", "from", "to"],
  "bulletin.issue": ["title", "from", "to"],
  "import.approve_withdrawal": ["name", "transfers", "reason"],
  "rule_change.approve": ["path", "why", "base_file_version", "effective_from"],
  "outlet_notice.approve": ["institution", "category", "due"],
  "outlet_notice.close": ["institution", "category", "due"],
  "punishment.approve": ["measure", "basis"],
  "punishment.repair_approve": ["measure", "repair_why"],
  "audience.approve": ["name"],
  "campaign.approve": ["title", "channel"],
};

/** Where it is on the page of approvals. */
export const anchorOf = (one: Approval) => `${one.kind}.${one.approve}`;

/** The most urgent first; all others in the order of the tables. */
const FIRST = ["stop", "freeze", "inquiry", "warning", "case", "return"];

export function approvalsOf(workflows: Iterable<Workflow>): Approval[] {
  const all = [...workflows].flatMap((workflow) =>
    workflow.acts.filter((act) => waits(workflow, act)).map((act) => approvalOf(workflow, act)),
  );
  const rank = (one: Approval) => (FIRST.indexOf(one.kind) + FIRST.length + 1) % (FIRST.length + 1);
  return all.sort((a, b) => rank(a) - rank(b));
}

function waits(workflow: Workflow, act: Act): boolean {
  const name = `${workflow.kind}.${act.name}`;
  if (workflow.collection === null || act.from.length === 0 || act.by_clock) return false;
  return ASKED_FROM_OUTSIDE.has(name) || (act.four_eyes && !REFUSALS.test(act.name) && !UNASKED.has(name));
}

function approvalOf(workflow: Workflow, act: Act): Approval {
  const fallback = workflow.fields.filter((field) => field.required && field.type !== "json" && field.name !== "state");
  return {
    kind: workflow.kind,
    states: act.from,
    approve: act.name,
    refuse: workflow.acts
      .filter((other) => REFUSALS.test(other.name) && other.from.some((state) => act.from.includes(state)))
      .map((other) => other.name),
    roles: act.roles.split(","),
    askedBy: act.other_than,
    telling: TELLING[`${workflow.kind}.${act.name}`] ?? fallback.slice(0, 4).map((field) => field.name),
  };
}
