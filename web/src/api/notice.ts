// What is told before sign-in (serve --notice), and the ways to sign in.
import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import type { Schemas } from "./schema";

export type Notice = Schemas["notice"];

export function useNotice(): Notice | undefined {
  return useQuery({
    queryKey: ["notice"],
    queryFn: () => call("GET /v1/notice"),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  }).data;
}

/** Also whether there is anybody to ask for: without a cookie nobody is signed in, and asking who is would be refused. */
export function useSignInWays() {
  return useQuery({
    queryKey: ["sign-in-ways"],
    queryFn: () => call("GET /v1/session/ways"),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
