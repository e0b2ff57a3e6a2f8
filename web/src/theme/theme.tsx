import { App as AntApp, theme as antTheme, ConfigProvider, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useLanguage } from "@/i18n/language";
import { pageNonce } from "./nonce";
import { type Palette, palettes, type Theme } from "./tokens";

type Choice = Theme | "system";

interface ThemeValue {
  choice: Choice;
  theme: Theme;
  palette: Palette;
  setChoice: (choice: Choice) => void;
}

const KEPT = "sluice.theme";
const ThemeContext = createContext<ThemeValue>({
  choice: "system",
  theme: "light",
  palette: palettes.light,
  setChoice: () => undefined,
});

const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");

function initial(): Choice {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export const FONT =
  '-apple-system, "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Segoe UI", "Helvetica Neue", Arial, sans-serif';

function tokens(p: Palette, theme: Theme): ThemeConfig {
  return {
    algorithm: theme === "dark" ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 4,
      controlHeight: 30,
      wireframe: false,
      motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
      colorPrimary: p.primary,
      colorInfo: p.primary,
      colorLink: p.primary,
      colorLinkHover: p.primary, // those that are made of it are too pale to read
      colorLinkActive: p.primary,
      colorError: p.danger,
      colorWarning: p.warning,
      colorSuccess: p.success,
      colorText: p.ink,
      colorTextSecondary: p.soft,
      colorTextTertiary: p.faint,
      colorTextDescription: p.faint,
      colorTextPlaceholder: p.faint,
      colorTextDisabled: p.faint,
      colorTextLightSolid: p.primaryInk,
      colorBgLayout: p.ground,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBorder: p.control,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      controlItemBgActive: p.primaryGround,
      controlItemBgActiveHover: p.primaryGround,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Tooltip: { colorTextLightSolid: "#ffffff" },
    },
  };
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const [choice, setChoice] = useState(initial);
  const [dark, setDark] = useState(() => systemIsDark().matches);
  const theme: Theme = choice === "system" ? (dark ? "dark" : "light") : choice;
  useEffect(() => {
    const media = systemIsDark();
    const changed = () => setDark(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  useEffect(() => {
    if (choice === "system") localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, choice);
  }, [choice]);
  const palette = palettes[theme];
  useEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = theme;
    root.style.colorScheme = theme;
    for (const [name, value] of Object.entries(palette)) root.style.setProperty(`--${name}`, value);
    root.style.setProperty("--font", FONT);
  }, [palette, theme]);
  const locale = language === "zh" ? zhCN : enUS;
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
  const value = useMemo(() => ({ choice, theme, palette, setChoice }), [choice, theme, palette]);
  const config = useMemo(() => tokens(palette, theme), [palette, theme]);
  const csp = useMemo(() => ({ nonce: pageNonce() }), []);
  return (
    <ThemeContext.Provider value={value}>
      <ConfigProvider
        theme={config}
        locale={locale}
        csp={csp}
        button={{ autoInsertSpace: false }}
        modal={{ mask: { closable: false } }} // a click beside it, or the second of a double click, loses what was typed
      >
        <AntApp component={false}>{children}</AntApp>
      </ConfigProvider>
    </ThemeContext.Provider>
  );
}

export function useTheme(): ThemeValue {
  return useContext(ThemeContext);
}
