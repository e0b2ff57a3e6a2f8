import { useMemo } from "react";
import { useWorkflows } from "@/api/workflow";
import { useSession } from "@/app/session";
import { type Approval, approvalsOf } from "./approvals";

/** What waits for a second person and may be decided by whoever is signed in. */
export function useApprovals(): readonly Approval[] {
  const workflows = useWorkflows();
  const { roles } = useSession();
  return useMemo(() => {
    const mine: readonly string[] = roles;
    return approvalsOf(workflows?.byKind.values() ?? []).filter((one) => one.roles.some((role) => mine.includes(role)));
  }, [workflows, roles]);
}
