// What waits for a second person: kind, states, and the acts that decide.
import type { Role } from "@/app/session";

export interface Approval {
  kind: string;
  states: readonly string[];
  approve: string;
  refuse: string;
  roles: readonly Role[];
  telling: readonly string[];
}

const DECIDERS: readonly Role[] = ["commander", "approver"];

export const APPROVALS: readonly Approval[] = [
  {
    kind: "stop",
    states: ["proposed"],
    approve: "approve",
    refuse: "refuse",
    roles: DECIDERS,
    telling: ["account", "amount_fen", "reachable_fen", "reason"],
  },
  {
    kind: "stop",
    states: ["releasing"],
    approve: "release_approve",
    refuse: "release_refuse",
    roles: DECIDERS,
    telling: ["account", "amount_fen", "release_reason"],
  },
  {
    kind: "freeze",
    states: ["proposed"],
    approve: "approve",
    refuse: "refuse",
    roles: DECIDERS,
    telling: ["account", "amount_fen", "case", "reason"],
  },
  {
    kind: "freeze",
    states: ["renewing"],
    approve: "renew_approve",
    refuse: "renew_refuse",
    roles: DECIDERS,
    telling: ["account", "amount_fen", "expires_at"],
  },
  {
    kind: "freeze",
    states: ["releasing", "unrelated"],
    approve: "release_approve",
    refuse: "release_refuse",
    roles: DECIDERS,
    telling: ["account", "amount_fen", "release_reason"],
  },
  {
    kind: "warning",
    states: ["closing"],
    approve: "approve_closing",
    refuse: "refuse_closing",
    roles: DECIDERS,
    telling: ["name", "closing", "averted_fen"],
  },
  {
    kind: "case",
    states: ["filing"],
    approve: "approve_filing",
    refuse: "refuse_filing",
    roles: DECIDERS,
    telling: ["title", "fraud_type"],
  },
  {
    kind: "case",
    states: ["closing"],
    approve: "approve_closing",
    refuse: "refuse_closing",
    roles: DECIDERS,
    telling: ["title", "closing"],
  },
  {
    kind: "return",
    states: ["submitted"],
    approve: "approve",
    refuse: "refuse",
    roles: DECIDERS,
    telling: ["freeze", "total_fen"],
  },
  {
    kind: "appeal",
    states: ["received"],
    approve: "uphold",
    refuse: "reject",
    roles: DECIDERS,
    telling: ["measure", "order", "by"],
  },
  {
    kind: "objection",
    states: ["open"],
    approve: "uphold",
    refuse: "reject",
    roles: DECIDERS,
    telling: ["return", "by"],
  },
  {
    kind: "handover",
    states: ["proposed"],
    approve: "accept",
    refuse: "refuse",
    roles: ["commander"],
    telling: ["kind", "record", "to_unit"],
  },
  {
    kind: "dated",
    states: ["proposed"],
    approve: "approve",
    refuse: "refuse",
    roles: ["commander"],
    telling: ["name", "code", "value", "valid_from"],
  },
];
