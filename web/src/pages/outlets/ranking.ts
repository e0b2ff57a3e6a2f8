// GET /v1/outlets/ranking: outlets compared fairly, small ones too.
import { useQuery } from "@tanstack/react-query";
import { request } from "@/api/client";

export interface Interval {
  low: number;
  high: number;
}

export type Band = string;

export interface OutletRow {
  rank: number;
  outlet: number;
  name: string;
  institution: string;
  district: number | null;
  opened: number;
  problem: number;
  rate: number;
  band: Band;
  shrunken_rate: number;
  credible_95: Interval;
  probability_above: number;
  trend: { z: number; p: number };
}

export interface Ranking {
  from: string;
  to: string;
  as_of: string;
  opened: number;
  problem: number;
  rate: number;
  method: Record<string, unknown> & { prior: { is_fitted: boolean; a?: number; b?: number } };
  items: OutletRow[];
  funnel: { opened: number; limits_95: Interval; limits_998: Interval }[];
}

export interface RankingQuestion {
  [name: string]: string | undefined;
  kind?: string;
  from?: string;
  to?: string;
}

export function useRanking(question: RankingQuestion) {
  return useQuery<Ranking>({
    queryKey: ["outlet-ranking", question],
    queryFn: ({ signal }) => request<Ranking>("GET", "/v1/outlets/ranking", { query: question, signal }),
  });
}

export const percent = (rate: number, places = rate < 0.1 ? 2 : 1) => `${(rate * 100).toFixed(places)} %`;
