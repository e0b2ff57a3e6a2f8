// Holds the stream of all tabs of a user; closes it when the last of them has gone.
import { type Asked, Stream, type Told } from "./stream";

const tabs = new Set<MessagePort>();
const stream = new Stream((told: Told) => {
  for (const tab of tabs) tab.postMessage(told);
});

function take(tab: MessagePort, asked: Asked) {
  if (asked === "again") stream.again();
  else if (asked === "bye") {
    tabs.delete(tab);
    if (tabs.size === 0) stream.close();
  } else stream.listen(asked.kinds);
}

addEventListener("connect", (event) => {
  const tab = (event as MessageEvent).ports[0];
  if (!tab) return;
  tabs.add(tab);
  tab.onmessage = (message: MessageEvent<Asked>) => take(tab, message.data);
});
