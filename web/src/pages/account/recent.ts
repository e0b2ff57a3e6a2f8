// Accounts looked at in this tab's session; gone with it, because whose accounts somebody looked at is nobody else's business.
const KEPT = "sluice.accounts";
const MOST = 12;

export function recentAccounts(): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function rememberAccount(key: string): void {
  const list = [key, ...recentAccounts().filter((one) => one !== key)].slice(0, MOST);
  sessionStorage.setItem(KEPT, JSON.stringify(list));
}
