// Views of a list: its filters and order under a name, for oneself or for everybody of one's unit. The daemon keeps them.
import { DeleteOutlined, SaveOutlined, TeamOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Dropdown, Modal } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { call } from "@/api/client";
import type { Schemas } from "@/api/schema";
import { useSession } from "@/app/session";
import { useLanguage, useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { UserName } from "./labels";
import { ProblemNote } from "./states";
import { TextDialog } from "./TextDialog";

const T = texts(
  {
    views: "视图",
    save: "保存当前视图…",
    title: "保存视图",
    hint: "保存当前的筛选和排序；同名视图会被替换。",
    name: "视图名称",
    needed: "请填写名称",
    share: "与本单位（{unit}）共享",
    ok: "保存",
    mine: "我的视图",
    ours: "本单位共享",
    shared: "已共享",
    manage: "管理视图…",
    manageTitle: "管理视图",
    remove: "删除“{name}”",
    none: "还没有保存的视图",
  },
  {
    views: "Views",
    save: "Save this view…",
    title: "Save the view",
    hint: "Keeps the filters and the order; a view of the same name is replaced.",
    name: "Name of the view",
    needed: "Please give a name",
    share: "Share it with my unit ({unit})",
    ok: "Save",
    mine: "Mine",
    ours: "Shared in my unit",
    shared: "shared",
    manage: "Manage views…",
    manageTitle: "Views",
    remove: "Delete “{name}”",
    none: "No view was saved yet",
  },
);

type View = Schemas["saved_view"];

function useViews(kind: string) {
  return useQuery({
    queryKey: ["views", kind],
    queryFn: () => call("GET /v1/saved-views", { query: { list: kind } }),
    staleTime: 60_000,
  });
}

export function Views({ kind }: { kind: string }) {
  const t = useTexts(T);
  const found = useViews(kind);
  const views = found.data?.items ?? [];
  const [, setSearch] = useSearchParams();
  const [open, setOpen] = useState<"save" | "manage" | null>(null);
  const entries = (mine: boolean) =>
    views
      .filter((view) => view.is_mine === mine)
      .map((view) => ({
        key: String(view.id),
        label: view.name,
        ...(view.is_shared ? { icon: <TeamOutlined aria-label={t("shared")} /> } : {}),
      }));
  const group = (key: "mine" | "ours", mine: boolean) => {
    const children = entries(mine);
    return children.length > 0 ? [{ key, type: "group" as const, label: t(key), children }] : [];
  };
  return (
    <>
      <Dropdown
        trigger={["click"]}
        onOpenChange={(isOpen) => isOpen && void found.refetch()}
        menu={{
          items: [
            ...group("mine", true),
            ...group("ours", false),
            ...(views.length > 0 ? [{ type: "divider" as const }] : []),
            { key: "save", label: t("save"), icon: <SaveOutlined /> },
            ...(views.length > 0 ? [{ key: "manage", label: t("manage") }] : []),
          ],
          onClick: ({ key, domEvent }) => {
            domEvent.preventDefault(); // else Enter goes on to the dialog that it opens, and closes it
            if (key === "save" || key === "manage") return setOpen(key);
            setSearch(views.find((view) => String(view.id) === key)?.query ?? "");
          },
        }}
      >
        <Button size="small" data-views>
          {t("views")}
        </Button>
      </Dropdown>
      {open === "save" && <SaveDialog kind={kind} onClose={() => setOpen(null)} />}
      {open === "manage" && <ManageDialog kind={kind} views={views} onClose={() => setOpen(null)} />}
    </>
  );
}

function SaveDialog({ kind, onClose }: { kind: string; onClose: () => void }) {
  const t = useTexts(T);
  const { language } = useLanguage();
  const { me } = useSession();
  const client = useQueryClient();
  const [search] = useSearchParams();
  const [shared, setShared] = useState(false);
  const saving = useMutation({
    mutationFn: (name: string) =>
      call("POST /v1/saved-views", { body: { list: kind, name, query: search.toString(), is_shared: shared } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["views", kind] });
      onClose();
    },
  });
  const unit = (language === "zh" ? me.unit.name_zh : me.unit.name_en) ?? "";
  return (
    <TextDialog
      title={t("title")}
      label={t("name")}
      hint={t("hint")}
      ok={t("ok")}
      lengthMax={40}
      wrong={(name) => (name === "" ? t("needed") : undefined)}
      busy={saving.isPending}
      error={saving.error}
      onSubmit={(name) => saving.mutate(name)}
      onCancel={onClose}
    >
      <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
        {t("share", { unit })}
      </Checkbox>
    </TextDialog>
  );
}

function ManageDialog({ kind, views, onClose }: { kind: string; views: View[]; onClose: () => void }) {
  const t = useTexts(T);
  const { has } = useSession();
  const client = useQueryClient();
  const removal = useMutation({
    mutationFn: (id: number) => call("DELETE /v1/saved-views/{id}", { path: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["views", kind] }),
  });
  return (
    <Modal open title={t("manageTitle")} footer={null} onCancel={onClose}>
      {views.length === 0 && <p className="faint">{t("none")}</p>}
      <ul className="view-list">
        {views.map((view) => (
          <li key={view.id}>
            <span className="strong">{view.name}</span>
            <span className="faint">{view.is_mine ? view.is_shared && t("shared") : <UserName id={view.owner} />}</span>
            {(view.is_mine || has(["commander"])) && (
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t("remove", { name: view.name })}
                onClick={() => removal.mutate(view.id)}
              />
            )}
          </li>
        ))}
      </ul>
      <ProblemNote error={removal.error} />
    </Modal>
  );
}
