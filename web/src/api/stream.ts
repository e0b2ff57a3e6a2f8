// The stream of server-sent events. The browser opens it again by itself and says the last event it has; what was missed comes then,
// and after `reset` everything that was read is old.
export interface LiveEvent {
  kind: string;
  id: number;
  act: string;
  state: string | null;
}

/** What a stream tells: that it is open or not; that what was read before may be old; or an event. */
export type Told = { state: "live" | "lost" } | { reset: true } | { event: LiveEvent };

/** What a tab asks of the worker. */
export type Asked = { kinds: readonly string[] } | "again" | "bye";

const REOPEN_MS = 5000;
/** Several tabs notice within this time that the network is back. */
const TOGETHER_MS = 8000;

export class Stream {
  private source: EventSource | undefined;
  private kinds: readonly string[] = [];
  private state: "live" | "lost" = "lost";
  private openedAt = 0;
  private reopen: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (told: Told) => void) {}

  /** Opens it, if it is not; who asked is told the state. */
  listen(kinds: readonly string[]): void {
    this.kinds = kinds;
    if (this.source) this.tell({ state: this.state });
    else this.open();
  }

  /** The network was away: a stream that seems open may be silent for ever. One that is closed the browser opens, with the last
   * event it has. */
  again(): void {
    if (this.source?.readyState === EventSource.OPEN && Date.now() - this.openedAt > TOGETHER_MS) {
      this.open();
      this.tell({ reset: true });
    } else this.tell({ state: this.state });
  }

  close(): void {
    clearTimeout(this.reopen);
    this.source?.close();
    this.source = undefined;
  }

  private open(): void {
    this.close();
    const source = new EventSource("/v1/events");
    this.source = source;
    this.openedAt = Date.now();
    source.onopen = () => this.is("live");
    source.onerror = () => {
      this.is("lost");
      // The browser gives up after an answer that is no stream (503 while the daemon starts): then it is for us.
      if (source.readyState === EventSource.CLOSED) this.reopen = setTimeout(() => this.open(), REOPEN_MS);
    };
    source.addEventListener("reset", () => this.tell({ reset: true }));
    for (const kind of [...this.kinds, "presence", "record"]) {
      source.addEventListener(kind, (message: MessageEvent<string>) =>
        this.tell({ event: JSON.parse(message.data) as LiveEvent }),
      );
    }
  }

  private is(state: "live" | "lost"): void {
    this.state = state;
    this.tell({ state });
  }
}
