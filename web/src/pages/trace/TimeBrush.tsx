// When the money moved, as a histogram; dragging chooses a part of the time, dragging the part moves it, play lets it grow
// from the first transfer on. Graph and tables follow.
import { CaretRightOutlined, PauseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { money, time } from "@/app/format";
import { useTexts } from "@/i18n/language";
import { texts } from "@/i18n/texts";
import { histogram, type Model, type View } from "./model";

const T = texts(
  {
    label: "时间筛选",
    from: "起始时间",
    to: "结束时间",
    play: "播放",
    pause: "暂停",
    all: "全部时间",
    bin: "{time} 起：{money}",
  },
  {
    label: "Time",
    from: "From",
    to: "Until",
    play: "Play",
    pause: "Pause",
    all: "All of the time",
    bin: "From {time}: {money}",
  },
);

const BINS = 96;
const STEPS = 1000;
const PLAY_MS = 9000;
const HEIGHT = 40;

interface TimeBrushProps {
  model: Model;
  range: View["range"];
  /** While it is dragged or played. */
  onPreview: (range: View["range"]) => void;
  /** When it is let go: one step that can be undone. */
  onRange: (range: View["range"]) => void;
}

type Drag = { from: number; range: readonly [number, number] | null };

export function TimeBrush({ model, range, onPreview, onRange }: TimeBrushProps) {
  const t = useTexts(T);
  const bars = useMemo(() => histogram(model, BINS), [model]);
  const top = Math.max(1, ...bars);
  const span = Math.max(1, model.to - model.from);
  const [from, to] = range ?? [model.from, model.to];
  const share = (ms: number) => Math.max(0, Math.min(1, (ms - model.from) / span));
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag | null>(null);
  const [playing, setPlaying] = useState(false);
  const latest = useRef({ onPreview, onRange });
  latest.current = { onPreview, onRange };

  useEffect(() => {
    if (!playing) return;
    const begin = performance.now();
    let frame = 0;
    const step = (now: number) => {
      const part = Math.min(1, (now - begin) / PLAY_MS);
      latest.current.onPreview([model.from, model.from + span * part]);
      if (part < 1) frame = requestAnimationFrame(step);
      else {
        setPlaying(false);
        latest.current.onRange(null);
      }
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing, model.from, span]);

  const msAt = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    const part = box ? (event.clientX - box.left) / box.width : 0;
    return model.from + Math.max(0, Math.min(1, part)) * span;
  };
  const dragged = (event: PointerEvent): View["range"] => {
    const start = drag.current;
    if (!start) return range;
    const at = msAt(event);
    if (start.range) {
      const wanted = at - start.from;
      const by = Math.max(model.from - start.range[0], Math.min(model.to - start.range[1], wanted));
      return [start.range[0] + by, start.range[1] + by];
    }
    const chosen: [number, number] = at < start.from ? [at, start.from] : [start.from, at];
    return chosen[1] - chosen[0] < span / 200 ? null : chosen;
  };
  const down = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setPlaying(false);
    const at = msAt(event);
    drag.current = { from: at, range: range && at >= range[0] && at <= range[1] ? range : null };
  };
  const slide = (which: 0 | 1) => (event: { target: { value: string } }) => {
    const ms = model.from + (Number(event.target.value) / STEPS) * span;
    const next: [number, number] = which === 0 ? [Math.min(ms, to), to] : [from, Math.max(ms, from)];
    onRange(next[0] <= model.from && next[1] >= model.to ? null : next);
  };
  return (
    <section className="brush" aria-label={t("label")}>
      <Button
        size="small"
        icon={playing ? <PauseOutlined /> : <CaretRightOutlined />}
        aria-label={t(playing ? "pause" : "play")}
        onClick={() => {
          if (playing) onRange([model.from, to]);
          setPlaying(!playing);
        }}
      />
      <div className="brush-time">
        <svg
          ref={svg}
          className="brush-bars"
          viewBox={`0 0 ${BINS} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          onPointerDown={down}
          onPointerMove={(event) => drag.current && onPreview(dragged(event))}
          onPointerUp={(event) => {
            const chosen = dragged(event);
            drag.current = null;
            onRange(chosen);
          }}
        >
          <rect width={BINS} height={HEIGHT} className="brush-ground" />
          {bars.map((fen, bin) => {
            // The square root lets small amounts be seen beside large ones.
            const height = fen === 0 ? 0 : Math.max(2, Math.sqrt(fen / top) * (HEIGHT - 4));
            const begins = model.from + (span * bin) / BINS;
            return (
              <rect key={begins} x={bin + 0.1} y={HEIGHT - height} width={0.8} height={height} className="brush-bar">
                <title>{t("bin", { time: time(begins, "second"), money: money(fen) })}</title>
              </rect>
            );
          })}
          {range && (
            <>
              <rect width={share(from) * BINS} height={HEIGHT} className="brush-out" />
              <rect x={share(to) * BINS} width={(1 - share(to)) * BINS} height={HEIGHT} className="brush-out" />
            </>
          )}
        </svg>
        <div className="brush-slides">
          <input
            type="range"
            aria-label={t("from")}
            aria-valuetext={time(from, "second")}
            min={0}
            max={STEPS}
            value={Math.round(share(from) * STEPS)}
            onChange={slide(0)}
          />
          <input
            type="range"
            aria-label={t("to")}
            aria-valuetext={time(to, "second")}
            min={0}
            max={STEPS}
            value={Math.round(share(to) * STEPS)}
            onChange={slide(1)}
          />
        </div>
      </div>
      <div className="brush-words num">
        <div>{time(from, "second")}</div>
        <div>{time(to, "second")}</div>
      </div>
      <Button
        size="small"
        disabled={!range}
        onClick={() => {
          setPlaying(false);
          onRange(null);
        }}
      >
        {t("all")}
      </Button>
    </section>
  );
}
