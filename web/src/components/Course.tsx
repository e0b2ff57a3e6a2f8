// The course of something that passes through several hands: each step with its moment and its person.
import { Time, UserName } from "./labels";
import "./course.css";

export interface Step {
  label: string;
  at: string | null;
  by?: number | null;
  /** Its moment is set, and has not come. */
  coming?: boolean;
}

export function Course({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="course">
      {steps.map((step) => (
        <li key={step.label} className={step.at ? (step.coming ? "coming" : "done") : undefined}>
          <span className="course-label">{step.label}</span>
          <span className="course-at">{step.at ? <Time value={step.at} second /> : "—"}</span>
          {step.by ? (
            <span className="faint">
              <UserName id={step.by} />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
