import type { TextareaHTMLAttributes } from "react";

/** Several lines; it grows with what is in it where the browser can (field-sizing), else it can be pulled. Ant Design's own one
 * measures with a hidden copy whose style attribute the content security policy refuses. */
export function TextArea({ className = "", rows = 2, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea rows={rows} className={`plain-input text-area ${className}`} {...rest} />;
}
