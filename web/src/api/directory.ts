// What nearly every cell of every list asks for: the workflow tables, the words of codes, who and where. Read once by the
// provider (directoryProvider.tsx) and handed down: an observer of the cache for each cell made scrolling stall.
import { createContext, useContext, useEffect, useMemo } from "react";
import type { Schemas } from "./schema";
import type { Workflows } from "./workflow";

export type User = Schemas["user"];
export type Unit = Schemas["unit"];
export type Dated = Schemas["dated"];

export interface Directory {
  workflows: Workflows | undefined;
  dated: readonly Dated[];
  /** The row of a dated table's code, by name and code. */
  wordOf: (name: string, code: string) => Dated | undefined;
  users: User[] | undefined;
  units: Unit[] | undefined;
  want: (what: "users" | "units") => void;
}

export const NO_DIRECTORY: Directory = {
  workflows: undefined,
  dated: [],
  wordOf: () => undefined,
  users: undefined,
  units: undefined,
  want: () => undefined,
};

export const DirectoryContext = createContext<Directory>(NO_DIRECTORY);

export function useDirectory(): Directory {
  return useContext(DirectoryContext);
}

/** Users and units are read when somebody wants them for the first time. */
function useWanted<K extends "users" | "units">(what: K, enabled: boolean): Directory[K] {
  const directory = useDirectory();
  const { want } = directory;
  useEffect(() => {
    if (enabled) want(what);
  }, [enabled, want, what]);
  return directory[what];
}

export function useUsers(enabled = true): User[] | undefined {
  return useWanted("users", enabled);
}

/** Who works for the centre: nobody of a partner has work given to him. */
export function useOfficers(enabled = true): User[] | undefined {
  const users = useUsers(enabled);
  return useMemo(() => users?.filter((user) => !user.roles.split(",").includes("partner")), [users]);
}

export function useUnits(enabled = true): Unit[] | undefined {
  return useWanted("units", enabled);
}

/** The dated tables that hold: taxonomies, tiers, deadlines. */
export function useAllDated(): readonly Dated[] {
  return useDirectory().dated;
}

/** … one of them. A row whose time is over, or has not come, is left out. */
export function useDated(name: string): Dated[] {
  const now = Date.now();
  return useAllDated().filter(
    (row) =>
      row.name === name &&
      Date.parse(row.valid_from) <= now &&
      (row.valid_to === null || row.valid_to === undefined || Date.parse(row.valid_to) > now),
  );
}
