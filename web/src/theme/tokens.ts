// Colours of both themes, once: CSS takes them as variables (--ink …), Ant Design as tokens. Chosen for WCAG 2.2 AA: text and
// its ground at least 4.5 : 1, borders of controls and signs 3 : 1; axe measures it on every page.

export type Theme = "light" | "dark";

export interface Palette {
  ground: string;
  surface: string;
  raised: string;
  line: string;
  control: string;
  ink: string;
  soft: string;
  faint: string;
  primary: string;
  primaryInk: string;
  primaryGround: string;
  danger: string;
  dangerGround: string;
  warning: string;
  warningGround: string;
  success: string;
  successGround: string;
  nav: string;
  navInk: string;
  navSoft: string;
  navActive: string;
}

export const palettes: Record<Theme, Palette> = {
  light: {
    ground: "#f3f5f8",
    surface: "#ffffff",
    raised: "#ffffff",
    line: "#dfe4ea",
    control: "#808c9b",
    ink: "#17212e",
    soft: "#475566",
    faint: "#5d6b7c",
    primary: "#0b57a4",
    primaryInk: "#ffffff",
    primaryGround: "#e6f0fb",
    danger: "#b3231b",
    dangerGround: "#fdeceb",
    warning: "#8a5200",
    warningGround: "#fff4e0",
    success: "#1c6b3c",
    successGround: "#e7f5ec",
    nav: "#10233a",
    navInk: "#ffffff",
    navSoft: "#b4c3d6",
    navActive: "#1d4d86",
  },
  dark: {
    ground: "#0e141c",
    surface: "#161e29",
    raised: "#1c2634",
    line: "#2b3747",
    control: "#74839a",
    ink: "#e8edf3",
    soft: "#b3c0cf",
    faint: "#97a6b8",
    primary: "#7db4f2",
    primaryInk: "#0a1420",
    primaryGround: "#16304f",
    danger: "#ff9a90",
    dangerGround: "#3d1a1a",
    warning: "#f2bd63",
    warningGround: "#38290f",
    success: "#7fd3a0",
    successGround: "#14311f",
    nav: "#0a1018",
    navInk: "#ffffff",
    navSoft: "#a9b9cc",
    navActive: "#1d4d86",
  },
};
