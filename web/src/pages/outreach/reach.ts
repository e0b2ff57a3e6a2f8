// How many were reached, without counting anybody twice: as GET /v1/outreach/reach and /v1/campaigns/{id}/reach say it.
export interface Shown {
  is_hidden: boolean;
  text: string;
  lower: number;
  upper: number;
}

export interface Reach {
  from: string;
  to: string;
  persons: Shown;
  groups: { count: number; members: number; posts: number };
  events: { count: number; points: number; parents: number; students: number; residents: number; staff: number };
  alliance: { actions: number; reach: number; materials: number };
  people: { lower: number; upper: number; method: string };
}

interface Interval {
  low: number;
  high: number;
}

/* The numbers of reports are left out where they are too few to be said to who only does outreach. */
interface Area {
  unit: number;
  name_zh: string;
  name_en: string;
  people: number;
  reports_before?: number;
  reports_after?: number;
  per_10000_before?: number;
  per_10000_after?: number;
  per_10000_before_95?: Interval;
  per_10000_after_95?: Interval;
}

export interface Effect {
  before_from: string;
  began: string;
  after_until: string;
  is_hidden: boolean;
  least: number;
  area: Area;
  comparison: Area;
  difference_in_differences?: { per_10000: number; interval_95: Interval };
  ratio_of_ratios?: { ratio: number; exact_interval_95: Interval };
  method: string;
  comparison_rule: string;
  caution: string;
}
