// Search of all records one may see, by any of their words: as one types, with arrows and Enter. An account goes on to its
// profile too.
import { SearchOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input, type InputRef } from "antd";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { call } from "@/api/client";
import { type Row, useWorkflows, type Workflow } from "@/api/workflow";
import { recordNumber } from "@/app/format";
import { recordPath } from "@/app/paths";
import { useSession } from "@/app/session";
import { FieldValue, StateTag, Time, useNameOf } from "@/components/labels";
import { PageHead } from "@/components/PageHead";
import { Empty, Failed, Loading } from "@/components/states";
import { usePick, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { pages } from "../registry";

const T = texts(
  {
    title: "搜索",
    label: "编号、姓名、电话、账号、标题中的词",
    start: "输入两个字以上开始搜索",
    startHint: "可输入编号（W-00000017）、电话、账号、姓名或标题中的词。只显示您有权查看的记录。",
    none: "没有找到“{q}”",
    noneHint: "换一个更短的词，或核对号码。其他辖区的记录不会显示。",
    pages: "页面",
    records: "记录",
    account: "账户画像",
  },
  {
    title: "Search",
    label: "A number, name, phone, account or word of a title",
    start: "Type two characters to search",
    startHint: "A number (W-00000017), phone, account, name or word of a title. Only what you may see is found.",
    none: "Nothing found for “{q}”",
    noneHint: "Try a shorter word, or check the number. Records of other districts are not shown.",
    pages: "Pages",
    records: "Records",
    account: "Account profile",
  },
);

interface Hit {
  key: string;
  to: string;
}

/** What says most of a record in one line. */
const TELLING = [
  "title",
  "name",
  "victim_name",
  "holder",
  "account",
  "victim",
  "subject",
  "key",
  "phone",
  "victim_phone",
  "fraud_type",
  "amount_fen",
];

const TYPED = "typed";

export default function SearchPage() {
  const t = useTexts(T);
  const pick = usePick();
  const navigate = useNavigate();
  const location = useLocation();
  const { has } = useSession();
  const workflows = useWorkflows();
  const [params, setParams] = useSearchParams();
  const [typed, setTyped] = useState(params.get("q") ?? "");
  const now = typed.trim(); // numbers and pages are found at once, records as the search answers
  const words = useDeferredValue(now);
  const [at, setAt] = useState(0);
  const input = useRef<InputRef>(null);
  const search = useQuery({
    queryKey: ["search", words],
    queryFn: ({ signal }) => call("GET /v1/search", { query: { q: words }, signal }),
    enabled: words.length >= 2,
    placeholderData: keepPreviousData,
  });
  // `/` pressed here focuses it again; the address that follows what is typed does not: it would select the text, and the next
  // key would replace it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a key for each time somebody comes here
  useEffect(() => {
    const isTyping = location.state === TYPED && input.current?.input === document.activeElement;
    if (!isTyping) input.current?.focus({ cursor: "all" });
  }, [location.key]);
  // Not once somebody has gone on: that would bring them back.
  const hasLeft = useRef(false);
  useEffect(() => {
    if (!hasLeft.current) setParams(words ? { q: words } : {}, { replace: true, state: TYPED });
  }, [words, setParams]);

  const foundPages = useMemo(
    () =>
      words === ""
        ? []
        : pages.filter(
            (page) =>
              page.menu &&
              has(page.roles) &&
              page.title.some((title) => title.toLowerCase().includes(words.toLowerCase())),
          ),
    [words, has],
  );
  const number = /^([A-Za-z]{1,3})-?0*(\d+)$/.exec(now);
  const byNumber = number
    ? [...(workflows?.byKind.values() ?? [])].find((w) => w.prefix === number[1]?.toUpperCase())
    : undefined;
  const digits = now.replace(/\s/g, "");
  const isAccount = /^\d{12,24}$/.test(digits) && pages.some((page) => page.path === "/accounts/:key");
  const items = words.length >= 2 ? (search.data?.items ?? []) : [];
  const hits: Hit[] = [
    ...(byNumber && number ? [{ key: "number", to: recordPath(byNumber, Number(number[2])) ?? "/" }] : []),
    ...(isAccount ? [{ key: "account", to: `/accounts/account:${digits}` }] : []),
    ...foundPages.map((page) => ({ key: page.path, to: page.path })),
    ...items.flatMap((item) => {
      const workflow = workflows?.byKind.get(item.kind);
      const to = workflow && recordPath(workflow, (item.record as Row).id);
      return to ? [{ key: `${item.kind}-${(item.record as Row).id}`, to }] : [];
    }),
  ];
  const current = hits[Math.min(at, hits.length - 1)];
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter" && current) {
      hasLeft.current = true;
      navigate(current.to);
    } else return;
    event.preventDefault();
  };
  const mark = (key: string) => (current?.key === key ? "hit is-at" : "hit");

  return (
    <div className="search-page">
      <PageHead title={t("title")} />
      <Input
        ref={input}
        size="large"
        prefix={<SearchOutlined aria-hidden="true" />}
        aria-label={t("label")}
        placeholder={t("label")}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        allowClear
      />
      {search.error && words.length >= 2 ? (
        <Failed error={search.error} retry={() => void search.refetch()} />
      ) : words.length < 2 && hits.length === 0 ? (
        <Empty title={t("start")} hint={t("startHint")} />
      ) : search.isPending && words.length >= 2 ? (
        <Loading lines={5} />
      ) : hits.length === 0 ? (
        <Empty title={t("none", { q: words })} hint={t("noneHint")} />
      ) : (
        <ul className="hits">
          {byNumber && number && (
            <li>
              <Link to={hits[0]?.to ?? "/"} className={mark("number")}>
                <span className="num strong">{recordNumber(byNumber.prefix, Number(number[2]))}</span>
              </Link>
            </li>
          )}
          {isAccount && (
            <li>
              <Link to={`/accounts/account:${digits}`} className={mark("account")}>
                <span className="hit-kind">{t("account")}</span>
                <span className="num strong">{digits}</span>
              </Link>
            </li>
          )}
          {foundPages.map((page) => (
            <li key={page.path}>
              <Link to={page.path} className={mark(page.path)}>
                <span className="hit-kind">{t("pages")}</span>
                <span className="strong">{pick(page.title)}</span>
              </Link>
            </li>
          ))}
          {items.map((item) => {
            const workflow = workflows?.byKind.get(item.kind);
            const row = item.record as Row;
            return workflow ? (
              <li key={`${item.kind}-${row.id}`}>
                <RecordHit workflow={workflow} row={row} className={mark(`${item.kind}-${row.id}`)} />
              </li>
            ) : null;
          })}
        </ul>
      )}
    </div>
  );
}

function RecordHit({ workflow, row, className }: { workflow: Workflow; row: Row; className: string }) {
  const nameOf = useNameOf();
  const telling = TELLING.flatMap((name) => {
    const field = workflow.fields.find((one) => one.name === name);
    const isSaid = name === "phone" && row.victim; // a victim is mostly known by the phone
    return field && row[name] && !isSaid ? [field] : [];
  }).slice(0, 4);
  return (
    <Link to={recordPath(workflow, row.id) ?? "/"} className={className}>
      <span className="hit-kind">{nameOf(workflow)}</span>
      <span className="num strong">{recordNumber(workflow.prefix, row.id)}</span>
      <StateTag kind={workflow.kind} state={row.state ?? null} />
      <span className="hit-words">
        {telling.map((field) => (
          <span key={field.name}>
            <FieldValue kind={workflow.kind} field={field} name={field.name} value={row[field.name]} />
          </span>
        ))}
      </span>
      <span className="faint">
        <Time value={row.created_at} />
      </span>
    </Link>
  );
}
