import { useRef } from "react";

export interface Sending {
  /** false: it is being sent, or was taken. */
  begin: () => boolean;
  /** It was refused, or there is something new to send. */
  again: () => void;
}

/** What is sent once: the second click of a double click, on a form that is leaving, is not a second wish. */
export function useSending(): Sending {
  const sent = useRef(false);
  const hands = useRef<Sending>({
    begin: () => {
      if (sent.current) return false;
      sent.current = true;
      return true;
    },
    again: () => {
      sent.current = false;
    },
  });
  return hands.current;
}
