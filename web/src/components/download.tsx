// A file with personal data in it: the purpose is asked for first, and goes with the request into the audit.
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { send } from "@/api/client";
import { save } from "@/app/save";
import { PurposeDialog } from "./reveal";
import { ProblemNote } from "./states";

interface PurposeDownloadProps {
  /** Of the API, with its query. */
  path: string;
  /** What the file is called. */
  name: string;
  label: string;
}

export function PurposeDownload({ path, name, label }: PurposeDownloadProps) {
  const [asking, setAsking] = useState(false);
  const download = useMutation({
    mutationFn: async (purpose: string) =>
      save(await (await send("GET", path, { purpose, accept: "*/*" })).blob(), name),
  });
  return (
    <>
      <Button icon={<DownloadOutlined />} loading={download.isPending} onClick={() => setAsking(true)}>
        {label}
      </Button>
      {download.error && <ProblemNote error={download.error} />}
      {asking && (
        <PurposeDialog
          onClose={(purpose) => {
            setAsking(false);
            if (purpose) download.mutate(purpose);
          }}
        />
      )}
    </>
  );
}
