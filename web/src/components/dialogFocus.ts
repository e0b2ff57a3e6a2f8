/** A dialog that was opened by a key goes on by keys: the focus goes to its first input, else to its main button. */
export function focusDialog(isOpen: boolean): void {
  if (!isOpen) return;
  const dialog = [...document.querySelectorAll(".ant-modal")].at(-1);
  const first =
    dialog?.querySelector<HTMLElement>(".fields input:not(:disabled), .fields textarea") ??
    dialog?.querySelector<HTMLElement>(".ant-modal-footer .ant-btn-primary, .ant-modal-footer .ant-btn-dangerous");
  first?.focus();
}
