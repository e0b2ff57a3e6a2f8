// 资金穿透. The address is the question (and, behind #, the view): a link to it is a shared view. The answer of the engine is
// shown as a graph, as ribbons, by all methods, and as tables; one selection, one time, one command stack for all of them.
import { useQuery } from "@tanstack/react-query";
import { Collapse } from "antd";
import { useEffect, useMemo } from "react";
import { useLocation, useSearchParams } from "react-router";
import { call } from "@/api/client";
import { PageHead } from "@/components/PageHead";
import { Empty, Failed, Loading } from "@/components/states";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { QuestionForm } from "./QuestionForm";
import { isComplete, type Question, questionOf, searchOf } from "./question";
import { Graph, TraceView } from "./TraceView";
import { TraceStart } from "./words";
import "./trace.css";

const T = texts(
  {
    title: "资金穿透",
    none: "从一笔转账开始",
    noneHint: "填写受害人转账的流水号，或账户、时间和金额；警情、止付和案件里的“穿透”会直接带到这里。",
    again: "条件",
    notFound: "没有查到这笔转账",
    notFoundHint: "请核对流水号；若银行数据尚未接入，可改用账户、时间和金额。",
  },
  {
    title: "Fund tracing",
    none: "Start with a transfer",
    noneHint:
      "Give the id of the victim's transfer, or an account with a time and an amount. Reports, stops and cases lead here directly.",
    again: "Question",
    notFound: "This transfer is not there",
    notFoundHint: "Check its id. If the bank's data has not come yet, start with account, time and amount.",
  },
);

export default function TracePage() {
  const t = useTexts(T);
  const [search, setSearch] = useSearchParams();
  const { hash } = useLocation();
  const question = useMemo(() => questionOf(search), [search]);
  const complete = isComplete(question);
  // Whoever fills in the question waits for no code afterwards.
  useEffect(Graph.preload, []);
  const found = useQuery({
    queryKey: ["trace", question],
    queryFn: ({ signal }) => call("GET /v1/traces", { query: searchOf(question) as never, signal }),
    enabled: complete,
    staleTime: 60_000,
    retry: false,
  });
  const ask = (next: Question) => {
    const made = new URLSearchParams(searchOf(next));
    for (const kept of ["report", "case"]) {
      const value = search.get(kept);
      if (value) made.set(kept, value);
    }
    setSearch(made);
    if (made.toString() === search.toString()) void found.refetch();
  };
  const key = JSON.stringify(searchOf(question));
  const form = <QuestionForm key={key} question={question} onAsk={ask} />;
  const missing = (found.error as { status?: number } | null)?.status === 404;
  if (complete && found.data) {
    return (
      <TraceStart value={found.data.start}>
        <TraceView
          key={`${key}${found.data.as_of}`}
          answer={found.data}
          question={question}
          hash={hash}
          report={Number(search.get("report")) || null}
          of={Number(search.get("case")) || null}
          form={form}
          onAsk={ask}
          isStale={found.isFetching}
        />
      </TraceStart>
    );
  }
  return (
    <>
      <PageHead title={t("title")} />
      {complete && found.isPending ? (
        <>
          <Collapse ghost size="small" items={[{ key: "form", label: t("again"), children: form }]} />
          <Loading lines={12} />
        </>
      ) : (
        <>
          {form}
          {missing && <Empty title={t("notFound")} hint={t("notFoundHint")} />}
          {found.error && !missing && <Failed error={found.error} retry={() => void found.refetch()} />}
          {!complete && <Empty title={t("none")} hint={t("noneHint")} />}
        </>
      )}
    </>
  );
}
