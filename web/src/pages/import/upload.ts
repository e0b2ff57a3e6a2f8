// Sends a file as it is; null: it was stopped. XMLHttpRequest, because fetch does not say how much of a body has gone out.
import { Problem, problemOf } from "@/api/problem";
import type { Row } from "@/api/workflow";

export function uploadFile(
  file: File,
  purpose: string,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Row | null> {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open("POST", `/v1/imports?name=${encodeURIComponent(file.name.slice(0, 100))}`);
    sent.setRequestHeader("Content-Type", "application/octet-stream");
    sent.setRequestHeader("Sluice-CSRF", "1");
    sent.setRequestHeader("Sluice-Purpose", encodeURIComponent(purpose));
    sent.setRequestHeader("Accept", "application/json");
    sent.upload.onprogress = (event) => onShare(event.total > 0 ? event.loaded / event.total : 0);
    sent.onerror = () => reject(new Problem({ status: 0 }));
    sent.onabort = () => resolve(null);
    sent.onload = async () => {
      if (sent.status < 300) return resolve(JSON.parse(sent.responseText) as Row);
      reject(await problemOf(new Response(sent.responseText, { status: sent.status })));
    };
    signal.addEventListener("abort", () => sent.abort());
    sent.send(file);
  });
}
