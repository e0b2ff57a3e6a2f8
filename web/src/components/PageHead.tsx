import type { ReactNode } from "react";

/** A page's heading with what can be done on it. Navigation puts the focus on it. */
export function PageHead({ title, note, actions }: { title: ReactNode; note?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {note && <span className="faint">{note}</span>}
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}
