import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Both, type Dictionary, fill, type Language, pick, type Values } from "./texts";

interface LanguageValue {
  language: Language;
  setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<LanguageValue>({ language: "zh", setLanguage: () => undefined });
const KEPT = "sluice.language";

/** What was chosen before, else the browser's; Chinese unless it asks for English first. */
function initial(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(initial);
  useEffect(() => {
    localStorage.setItem(KEPT, language);
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage }), [language]);
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): LanguageValue {
  return useContext(LanguageContext);
}

/** `const t = useTexts(T); t("save")` in the language of whoever reads. */
export function useTexts<K extends string>(dictionary: Dictionary<K>): (key: K, values?: Values) => string {
  const { language } = useLanguage();
  return useMemo(() => (key: K, values?: Values) => fill(dictionary[language][key], values), [dictionary, language]);
}

export function usePick(): (both: Both) => string {
  const { language } = useLanguage();
  return useMemo(() => (both: Both) => pick(both, language), [language]);
}
