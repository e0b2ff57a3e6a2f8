// Who is signed in. Everything below SessionProvider has somebody; without anybody the sign-in page is shown in its place, at
// the same address, so that one goes on where one was. A session that ends while somebody works is signed in again over the
// page, which keeps what was typed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { call, onSignedOut } from "@/api/client";
import { useSignInWays } from "@/api/notice";
import { Problem } from "@/api/problem";
import type { Schemas } from "@/api/schema";
import { loadable } from "@/components/loadable";
import { FatalProblem, Loading } from "@/components/states";

export type Role =
  | "duty"
  | "analyst"
  | "investigator"
  | "commander"
  | "approver"
  | "outreach"
  | "auditor"
  | "partner"
  | "administrator";

export const OFFICERS: readonly Role[] = ["duty", "analyst", "investigator", "commander", "approver"];

/** Whoever works for the centre: a partner's people see the portal alone. */
export const STAFF: readonly Role[] = [...OFFICERS, "outreach", "auditor", "administrator"];

export interface Session {
  me: Schemas["me"];
  roles: readonly Role[];
  has: (roles: readonly Role[] | "all") => boolean;
  signOut: () => Promise<void>;
}

const SessionContext = createContext<Session | null>(null);
const SignIn = loadable<{ onDone: () => void; again?: boolean }>(
  () => import("@/pages/sign-in/SignIn"),
  () => <Loading />,
);

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const ways = useSignInWays();
  const [entered, setEntered] = useState(false);
  const asks = entered || ways.data?.has_cookie === true;
  const { data, error, refetch } = useQuery({
    enabled: asks,
    queryKey: ["me"],
    queryFn: () => call("GET /v1/me"),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const [ended, setEnded] = useState(false);
  useEffect(
    () =>
      onSignedOut(() => {
        if (client.getQueryData(["me"])) setEnded(true);
      }),
    [client],
  );
  const signOut = useCallback(async () => {
    await call("DELETE /v1/session").catch(() => undefined);
    client.clear();
    await client.resetQueries({ queryKey: ["me"] });
    window.location.assign("/");
  }, [client]);
  const session = useMemo<Session | null>(() => {
    if (!data) return null;
    const roles = data.roles.split(",") as Role[];
    return {
      me: data,
      roles,
      has: (wanted) => wanted === "all" || wanted.some((role) => roles.includes(role)),
      signOut,
    };
  }, [data, signOut]);

  if (session) {
    return (
      <SessionContext.Provider value={session}>
        {children}
        {ended && <SignInAgain user={session.me.user} onDone={() => setEnded(false)} />}
      </SessionContext.Provider>
    );
  }
  if ((ways.data && !asks) || (error instanceof Problem && error.status === 401)) {
    return (
      <SignIn
        onDone={() => {
          setEntered(true);
          if (asks) void refetch();
        }}
      />
    );
  }
  if (ways.error) return <FatalProblem error={ways.error} retry={() => void ways.refetch()} />;
  return error ? <FatalProblem error={error} retry={() => void refetch()} /> : <Loading />;
}

/** Over the page and everything that is open on it: nothing below can be seen or reached. Somebody else begins anew. */
function SignInAgain({ user, onDone }: { user: number; onDone: () => void }) {
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const enter = async () => {
    const me = await call("GET /v1/me");
    if (me.user !== user) return window.location.reload();
    client.setQueryData(["me"], me);
    onDone();
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" });
  };
  return (
    <dialog ref={dialog} className="sign-in-again" onCancel={(event) => event.preventDefault()}>
      <SignIn again onDone={() => void enter()} />
    </dialog>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session here");
  return session;
}
